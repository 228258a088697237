#include "api/resources/journal/page_start.h"

namespace cc::api {
namespace {

using From = PageStart::From;
using Kind = journal::StartPoint::Kind;

constexpr std::string_view kFromTheOldest = "0";

PageStart parse_before(std::string_view text) {
  if (text.empty()) return {.from = From::kBefore, .cursor = {}};
  auto cursor = Cursor::parse(text);
  const auto kind = cursor ? Kind::kAfter : Kind::kMalformed;
  return {.from = From::kBefore, .cursor = {.kind = kind, .after = std::move(cursor)}};
}

std::expected<PageStart, ParameterFault> parse_since(std::string_view text) {
  const auto time = parse_whole(text);
  if (time && *time >= 0) return PageStart{.from = From::kSince, .cursor = {}, .since = *time};
  return std::unexpected(
      ParameterFault{"at", "The parameter 'at' is a moment in milliseconds since the epoch."});
}

/// A page before a cursor can be served as long as that cursor itself could be served.
std::expected<Seq, journal::Reset> resolve_before(const journal::StartPoint& before,
                                                  const journal::Position& position) {
  const auto reset = [&](std::string reason) {
    return std::unexpected(journal::Reset{std::move(reason), {position.epoch, position.head}});
  };
  if (before.kind == Kind::kNow) return position.head + 1;
  if (before.kind == Kind::kMalformed) return reset("malformed");
  const Cursor& cursor = *before.after;
  if (cursor.epoch != position.epoch || cursor.seq > position.head + 1) return reset("epoch");
  if (cursor.seq < position.oldest) return reset("retention");
  return cursor.seq;
}

}  // namespace

std::expected<PageStart, ParameterFault> PageStart::parse(const Parameters& query) {
  const auto after = find_parameter(query, "after");
  const auto before = find_parameter(query, "before");
  const auto at = find_parameter(query, "at");
  if ((after ? 1 : 0) + (before ? 1 : 0) + (at ? 1 : 0) > 1) {
    return std::unexpected(ParameterFault{before ? "before" : "at",
                                          "A page begins by one of 'after', 'before' and 'at'."});
  }
  if (before) return parse_before(*before);
  if (at) return parse_since(*at);
  const auto asked = find_value(query, "after").value_or(kFromTheOldest);
  return PageStart{.from = From::kAfter, .cursor = journal::start_from(std::nullopt, asked)};
}

std::expected<Seq, journal::Reset> PageStart::resolve(const journal::Position& position) const {
  if (from == From::kBefore) return resolve_before(cursor, position);
  const auto after = journal::resolve(cursor, position);
  if (!after) return std::unexpected(after.error());
  return *after + 1;
}

}  // namespace cc::api
