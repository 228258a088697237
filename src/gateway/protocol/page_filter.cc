#include "gateway/protocol/page_filter.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace cc::gateway::protocol {
namespace {

// As gateways write it. A page with another order of members is parsed unfiltered.
constexpr std::string_view kAnswer = R"({"type":"res")";
constexpr std::string_view kSnapshot = R"("snapshotAt":)";

std::uint64_t hash_of(std::string_view bytes) {
  return std::hash<std::string_view>{}(bytes);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Where the digits of the last `snapshotAt` begin; empty where there is none. By its rarest
/// letter, since most rows have it near their end and nothing else there.
std::optional<std::size_t> find_snapshot(std::string_view row) {
  constexpr std::size_t kRarest = kSnapshot.find('A');
  for (std::size_t left = row.size(); left > kRarest;) {
    const void* const found = ::memrchr(row.data() + kRarest, 'A', left - kRarest);
    if (found == nullptr) return std::nullopt;
    left = static_cast<std::size_t>(static_cast<const char*>(found) - row.data());
    if (row.substr(left - kRarest).starts_with(kSnapshot)) {
      return left - kRarest + kSnapshot.size();
    }
  }
  return std::nullopt;
}

}  // namespace

// Within a string a quote has a backslash in front, so these bytes can only end a member's name.
RowPrint print_of_row(std::string_view row) {
  const auto digits = find_snapshot(row);
  if (!digits) return hash_of(row);
  const std::string_view before = row.substr(0, *digits);
  std::string_view after = row.substr(before.size());
  after.remove_prefix(
      static_cast<std::size_t>(std::ranges::find_if_not(after, is_digit) - after.begin()));
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  return hash_of(before) * kOdd + hash_of(after);
}

bool PageFilter::find_rows(FrameText frame) {
  rows_.clear();
  if (!frame.bytes.starts_with(kAnswer) || frame.readable_after < simdjson::SIMDJSON_PADDING) {
    return false;
  }
  const std::size_t size = frame.bytes.size();
  simdjson::ondemand::document document;
  simdjson::ondemand::array rows;
  if (parser_.iterate(frame.bytes.data(), size, size + frame.readable_after).get(document) !=
          simdjson::SUCCESS ||
      document["payload"]["sessions"].get_array().get(rows) != simdjson::SUCCESS) {
    return false;
  }
  for (auto element : rows) {
    simdjson::ondemand::object object;
    std::string_view row;
    if (element.get_object().get(object) != simdjson::SUCCESS ||
        object.raw_json().get(row) != simdjson::SUCCESS) {
      return false;
    }
    rows_.push_back(row);
  }
  return !rows_.empty();
}

FrameText PageFilter::filter(FrameText frame, const std::function<bool(RowPrint)>& is_known) {
  left_in_.clear();
  if (!find_rows(frame)) return frame;
  const char* const begin = rows_.front().data();
  const char* const end = rows_.back().data() + rows_.back().size();
  const char* const frame_end = frame.bytes.data() + frame.bytes.size();
  text_.assign(frame.bytes.data(), begin);
  for (const auto row : rows_) {
    const RowPrint print = print_of_row(row);
    if (is_known(print)) continue;
    if (!left_in_.empty()) text_.push_back(',');
    text_.append(row);
    left_in_.push_back(print);
  }
  if (left_in_.size() == rows_.size()) return frame;
  text_.append(end, frame_end);
  const std::size_t size = text_.size();
  text_.resize(size + simdjson::SIMDJSON_PADDING);
  return {std::string_view(text_).substr(0, size), simdjson::SIMDJSON_PADDING};
}

}  // namespace cc::gateway::protocol
