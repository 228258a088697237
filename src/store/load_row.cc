#include "store/load_row.h"

#include <string>
#include <utility>

namespace cc::store {
namespace {

using fleet::KindOf;
using fleet::Tag;

std::unexpected<Error> damaged(std::string_view kind, std::string_view gateway, std::string_view id,
                               std::string_view why) {
  std::string message = "the stored ";
  message.append(kind).append(" ").append(id).append(" of gateway ").append(gateway);
  message.append(" cannot be read: ").append(why);
  return fail(ErrorCode::kCorrupt, std::move(message));
}

template <class Row>
Result<StoredRow> read(std::string_view gateway, std::string_view id, std::string_view json) {
  constexpr auto kNoun = KindOf<Row>::noun;
  auto row = fleet::decode<Row>(json);
  if (!row) return damaged(kNoun, gateway, id, row.error().message);
  if (gateway_of(**row) != gateway || (*row)->identity() != id) {
    return damaged(kNoun, gateway, id, "it is another row");
  }
  return fleet::HeldPointer<Row>(*std::move(row));
}

}  // namespace

Result<StoredRow> read_row(fleet::Kind kind, std::string_view gateway, std::string_view id,
                           std::string_view json) {
  Result<StoredRow> row = damaged("row", gateway, id, "its kind is not known");
  fleet::each_kind([&]<class Row>(Tag<Row>) {
    if (kind == KindOf<Row>::kind) row = read<Row>(gateway, id, json);
  });
  return row;
}

void put_row(fleet::Fleet& fleet, StoredRow row) {
  fleet::each_kind([&]<class Row>(Tag<Row>) {
    if (auto* held = std::get_if<fleet::HeldPointer<Row>>(&row)) fleet.put(std::move(*held));
  });
}

}  // namespace cc::store
