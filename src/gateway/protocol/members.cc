#include "gateway/protocol/members.h"

#include <cmath>

#include "fleet/mentions.h"

namespace cc::gateway::protocol {
namespace {

using simdjson::dom::element;

constexpr std::size_t kMaxSkipped = 1'000;
constexpr double kMaxCount = 9'007'199'254'740'992.0;  // 2^53
constexpr double kMaxTime = 253'402'300'799'999.0;     // the last of the year 9999
constexpr double kMaxAmount = 1e12;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::optional<double> number_up_to(const element& value, double limit) {
  double number = 0;
  if (value.get(number) != simdjson::SUCCESS) return std::nullopt;
  if (!std::isfinite(number) || number < 0 || number > limit) return std::nullopt;
  return number;
}

std::optional<std::int64_t> rounded_up_to(const element& value, double limit) {
  const auto number = number_up_to(value, limit);
  if (!number) return std::nullopt;
  return std::llround(*number);
}

std::optional<std::string_view> as_text(const element& value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

}  // namespace

void skip(Skipped& skipped, std::string_view why) {
  if (skipped.size() < kMaxSkipped) skipped.push_back(why);
}

bool can_be_identity(std::string_view text) {
  return is_identity(text) && text.find(kReplacement) == std::string_view::npos;
}

std::optional<std::string> as_identity(std::string_view text) {
  if (!can_be_identity(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string_view> agent_of_key(std::string_view session_key) {
  const auto agent = fleet::agent_in_key(session_key);
  return agent && can_be_identity(*agent) ? agent : std::nullopt;
}

bool is_shared_key(std::string_view session_key) {
  return session_key == "global" || session_key == "unknown";
}

std::string session_identity(std::string_view session_key, std::string_view agent) {
  std::string identity(session_key);
  if (agent.empty() || !is_shared_key(session_key)) return identity;
  return "agent:" + std::string(agent) + ":" + identity;
}

bool is_of_shared_key(std::string_view identity) {
  const auto agent = agent_of_key(identity);
  constexpr std::string_view kPrefix = "agent:";
  return agent && is_shared_key(identity.substr(kPrefix.size() + agent->size() + 1));
}

MemberIndex::MemberIndex(simdjson::dom::object object) {
  places_.fill(kFree);
  for (const auto field : object) {
    if (count_ == kMost) {
      ++count_;
      return;
    }
    std::size_t slot = slot_of(field.key);
    while (places_[slot] != kFree && members_[places_[slot]].name != field.key) {
      slot = (slot + 1) % kSlots;
    }
    if (places_[slot] != kFree) continue;
    members_[count_] = {field.key, field.value};
    places_[slot] = static_cast<std::uint8_t>(count_++);
  }
}

std::optional<Members> Members::of(element value, Skipped& skipped) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return std::nullopt;
  return Members(object, skipped);
}

Members Members::by(const MemberIndex& index) const {
  Members indexed = *this;
  if (index.covers()) indexed.index_ = &index;
  return indexed;
}

std::optional<element> Members::at(std::string_view name) const {
  if (index_ != nullptr) {
    const element* found = index_->find(name);
    return found != nullptr ? std::optional(*found) : std::nullopt;
  }
  element value;
  if (object_.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::optional<element> Members::find(std::string_view name) const {
  const auto value = at(name);
  return value && !value->is_null() ? value : std::nullopt;
}

bool Members::is_null(std::string_view name) const {
  const auto value = at(name);
  return value && value->is_null();
}

std::optional<Members> Members::object(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::nullopt;
  auto members = of(*value, *skipped_);
  if (!members) skip(*skipped_, "type");
  return members;
}

std::optional<simdjson::dom::array> Members::array(std::string_view name) const {
  const auto value = find(name);
  if (!value) return std::nullopt;
  simdjson::dom::array array;
  if (value->get(array) == simdjson::SUCCESS) return array;
  skip(*skipped_, "type");
  return std::nullopt;
}

template <class T, class Read>
fleet::Field<T> Members::read(std::string_view name, std::string_view why, Read read_value) const {
  const auto value = at(name);
  if (!value) return {};
  if (value->is_null()) return Field<T>(std::in_place);
  std::optional<T> content = read_value(*value);
  if (content) return Field<T>(std::in_place, std::move(content));
  skip(*skipped_, why);
  return {};
}

fleet::Field<std::string> Members::text(std::string_view name, std::size_t limit) const {
  auto field = read<std::string>(name, "type", [limit](const element& value) {
    const auto raw = as_text(value);
    return raw ? std::optional(clean_text(*raw, limit)) : std::nullopt;
  });
  if (field && *field && (*field)->empty()) field->reset();
  return field;
}

fleet::Field<std::string> Members::identity(std::string_view name) const {
  return read<std::string>(name, "key", [](const element& value) {
    const auto raw = as_text(value);
    return raw ? as_identity(*raw) : std::nullopt;
  });
}

template <class Read>
fleet::Field<std::string_view> Members::first_of(std::initializer_list<std::string_view> names,
                                                 std::string_view why, Read read_text) const {
  Field<std::string_view> first;
  for (const auto name : names) {
    auto field = read<std::string_view>(name, why, read_text);
    if (field && *field && (*field)->empty()) field->reset();
    if (field && *field) return field;
    if (!first) first = field;
  }
  return first;
}

fleet::Field<std::string_view> Members::text(std::initializer_list<std::string_view> names,
                                             fleet::TextArena& texts, std::size_t limit) const {
  return first_of(names, "type", [&](const element& value) -> std::optional<std::string_view> {
    const auto raw = as_text(value);
    if (!raw) return std::nullopt;
    if (raw->size() <= limit && is_plain_ascii(*raw)) return texts.keep(*raw);
    return texts.keep(clean_text(*raw, limit));
  });
}

fleet::Field<std::string_view> Members::identity(std::initializer_list<std::string_view> names,
                                                 fleet::TextArena& texts) const {
  return first_of(names, "key", [&](const element& value) -> std::optional<std::string_view> {
    const auto raw = as_text(value);
    return raw && can_be_identity(*raw) ? std::optional(texts.keep(*raw)) : std::nullopt;
  });
}

fleet::Field<std::int64_t> Members::count(std::string_view name) const {
  return read<std::int64_t>(name, "number",
                            [](const element& value) { return rounded_up_to(value, kMaxCount); });
}

fleet::Field<TimeMs> Members::time(std::string_view name) const {
  auto said = read<TimeMs>(name, "number",
                           [](const element& value) { return rounded_up_to(value, kMaxTime); });
  if (value_of(said) == 0) said.emplace();
  return said;
}

fleet::Field<double> Members::amount(std::string_view name) const {
  return read<double>(name, "number",
                      [](const element& value) { return number_up_to(value, kMaxAmount); });
}

fleet::Field<bool> Members::flag(std::string_view name) const {
  return read<bool>(name, "type", [](const element& value) {
    bool truth = false;
    return value.get(truth) == simdjson::SUCCESS ? std::optional(truth) : std::nullopt;
  });
}

std::string Members::word(std::string_view name) const {
  return value_of(text(name, kWordBytes)).value_or("");
}

std::string Members::identity_or_empty(std::string_view name) const {
  return value_of(identity(name)).value_or("");
}

bool Members::is_true(std::string_view name) const {
  return value_of(flag(name)).value_or(false);
}

}  // namespace cc::gateway::protocol
