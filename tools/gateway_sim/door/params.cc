#include "gateway_sim/door/params.h"

#include <boost/json.hpp>

namespace cc::sim {
namespace {

using boost::json::object;
using boost::json::value;

bool is_strings(const value& content) {
  if (!content.is_array()) return false;
  for (const value& item : content.get_array()) {
    if (!item.is_string()) return false;
  }
  return true;
}

bool has_kind(const value& content, Kind kind) {
  switch (kind) {
    case Kind::kString: return content.is_string();
    case Kind::kInteger: return content.is_int64() || content.is_uint64();
    case Kind::kBool: return content.is_bool();
    case Kind::kStrings: return is_strings(content);
    case Kind::kObject: return content.is_object();
    case Kind::kAny: return true;
  }
  return false;
}

std::string_view kind_word(Kind kind) {
  switch (kind) {
    case Kind::kString: return "string";
    case Kind::kInteger: return "integer";
    case Kind::kBool: return "boolean";
    case Kind::kStrings: return "array";
    case Kind::kObject: return "object";
    case Kind::kAny: break;
  }
  return "any";
}

std::string place(std::string_view where) {
  return "at " + (where.empty() ? "root" : std::string(where)) + ": ";
}

bool is_required(const Member& member, Protocol protocol) {
  return member.need == Need::kRequired ||
         (member.need == Need::kRequiredOnV3 && protocol == Protocol::kV3);
}

const Member* known(std::span<const Member> members, std::string_view name, Protocol protocol) {
  for (const Member& member : members) {
    if (member.name != name) continue;
    return member.need == Need::kOnlyV4 && protocol == Protocol::kV3 ? nullptr : &member;
  }
  return nullptr;
}

const value* get(const object& from, std::string_view name) {
  const value* found = from.if_contains(boost::json::string_view(name.data(), name.size()));
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::optional<std::string> find_missing(const object& content, std::span<const Member> members,
                                        std::string_view where, Protocol protocol) {
  for (const Member& member : members) {
    if (!is_required(member, protocol) || get(content, member.name) != nullptr) continue;
    return place(where) + "must have required property '" + std::string(member.name) + "'";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_fault(const object& content, std::span<const Member> members,
                                      std::string_view where, Protocol protocol) {
  if (auto fault = find_missing(content, members, where, protocol)) return fault;
  for (const auto& entry : content) {
    const std::string name(entry.key());
    const Member* member = known(members, name, protocol);
    if (member == nullptr) return place(where) + "unexpected property '" + name + "'";
    if (entry.value().is_null() || has_kind(entry.value(), member->kind)) continue;
    return place(std::string(where) + '/' + name) + "must be " +
           std::string(kind_word(member->kind));
  }
  return std::nullopt;
}

std::string text_of(const object& content, std::string_view name, std::string fallback) {
  return maybe_text(content, name).value_or(std::move(fallback));
}

std::optional<std::string> maybe_text(const object& content, std::string_view name) {
  const value* found = get(content, name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string(found->get_string());
}

std::optional<std::int64_t> maybe_integer(const object& content, std::string_view name) {
  const value* found = get(content, name);
  if (found == nullptr) return std::nullopt;
  if (found->is_int64()) return found->get_int64();
  if (found->is_double()) return static_cast<std::int64_t>(found->get_double());
  return std::nullopt;
}

bool truth_of(const object& content, std::string_view name, bool fallback) {
  const value* found = get(content, name);
  return found != nullptr && found->is_bool() ? found->get_bool() : fallback;
}

std::vector<std::string> texts_of(const object& content, std::string_view name) {
  std::vector<std::string> out;
  const value* found = get(content, name);
  if (found == nullptr || !found->is_array()) return out;
  for (const value& item : found->get_array()) {
    if (item.is_string()) out.emplace_back(item.get_string());
  }
  return out;
}

}  // namespace cc::sim
