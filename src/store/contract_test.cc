#include "store/sqlite/sqlite_store.h"
#include "store/testing/memory_store.h"
#include "store/testing/store_contract.h"

namespace cc::store::testing {
namespace {

class MemoryBackend final : public Backend {
 public:
  std::unique_ptr<Store> open() override { return make_memory_store(); }
  bool keeps() const override { return false; }
  std::unique_ptr<Store> open_backup(const std::filesystem::path& /*file*/) override {
    return nullptr;
  }
};

class SqliteBackend final : public Backend {
 public:
  explicit SqliteBackend(Durability durability) : durability_(durability) {}
  std::unique_ptr<Store> open() override { return open_backup(folder_ / "control-center.db"); }
  bool keeps() const override { return true; }
  std::unique_ptr<Store> open_backup(const std::filesystem::path& file) override {
    auto store = open_sqlite({.file = file, .durability = durability_, .boot_id = "boot"});
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }

 private:
  const Durability durability_;
  ScratchFolder folder_;
};

template <class Made, class... Arguments>
BackendCase backend(std::string name, Arguments... arguments) {
  return {std::move(name), [=] { return std::make_unique<Made>(arguments...); }};
}

INSTANTIATE_TEST_SUITE_P(Backends, StoreContract,
                         ::testing::Values(backend<MemoryBackend>("Memory"),
                                           backend<SqliteBackend>("SqliteFull", Durability::kFull),
                                           backend<SqliteBackend>("SqliteRelaxed",
                                                                  Durability::kRelaxed)),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace cc::store::testing
