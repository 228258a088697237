#pragma once
// Parameters are closed objects: a member that is not known, is missing or has the wrong type is
// refused in the words of the real gateway.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway_sim/world/model.h"

namespace cc::sim {

enum class Kind { kString, kInteger, kBool, kStrings, kObject, kAny };

enum class Need { kOptional, kRequired, kRequiredOnV3, kOnlyV4 };

struct Member {
  std::string_view name;
  Kind kind = Kind::kAny;
  Need need = Need::kOptional;
};

/// "at /limit: must be integer", or nothing if all is well. `where` is the path of the object, ""
/// for the root.
[[nodiscard]] std::optional<std::string> find_fault(const boost::json::object& object,
                                                    std::span<const Member> members,
                                                    std::string_view where, Protocol protocol);

/// What a member says, or the default where it is absent or null.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name,
                                  std::string fallback = {});
[[nodiscard]] std::optional<std::string> maybe_text(const boost::json::object& object,
                                                    std::string_view name);
[[nodiscard]] std::optional<std::int64_t> maybe_integer(const boost::json::object& object,
                                                        std::string_view name);
[[nodiscard]] bool truth_of(const boost::json::object& object, std::string_view name,
                            bool fallback = false);
[[nodiscard]] std::vector<std::string> texts_of(const boost::json::object& object,
                                                std::string_view name);

}  // namespace cc::sim
