#pragma once
// Where a page of the journal begins: after a cursor, before one, or at a moment.

#include <expected>

#include "api/http/parameters.h"
#include "base/clock.h"
#include "journal/start_point.h"
#include "store/store.h"

namespace cc::api {

/// The parsed request, not yet compared with the journal.
struct PageStart {
  enum class From { kAfter, kBefore, kSince };
  From from = From::kAfter;
  journal::StartPoint cursor;  // kAfter; kBefore, where kNow is before everything that is to come
  TimeMs since = 0;            // kSince

  /// From `after`, `before` and `at`, of which at most one may be given; none is from the oldest.
  [[nodiscard]] static std::expected<PageStart, ParameterFault> parse(const Parameters& query);

  /// The number at which a scan begins, or why it cannot. Not for kSince, which the journal itself
  /// has to be asked for.
  [[nodiscard]] std::expected<Seq, journal::Reset> resolve(const journal::Position& position) const;
};

}  // namespace cc::api
