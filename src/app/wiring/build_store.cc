#include "app/wiring/build_store.h"

#include "app/process.h"
#include "store/sqlite/sqlite_store.h"

namespace cc::app {

Result<std::unique_ptr<store::Store>> build_store(const Config& config) {
  return store::open_sqlite(
      {.file = config.database, .durability = config.durability, .boot_id = boot_id()});
}

Result<std::unique_ptr<fleet::PublishedFleet>> build_fleet(store::Store& store) {
  auto fleet = store.load();
  if (!fleet) return std::unexpected(fleet.error());
  const auto position = store.position();
  return std::make_unique<fleet::PublishedFleet>(std::move(*fleet),
                                                 Cursor{position.epoch, position.head});
}

}  // namespace cc::app
