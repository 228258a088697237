#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/subject/bare_commit.h"

namespace cc::bench {

/// Commits events of one size as ours does: each as an entry of the journal, with a row that it
/// changes.
class GroupCommit {
 public:
  GroupCommit(const std::filesystem::path& file, std::size_t event_bytes)
      : event_bytes_(event_bytes), database_(std::make_shared<BareCommit>(file)) {}

  /// One transaction for whole events.
  void operator()(std::string_view group) {
    entries_.clear();
    ids_.clear();
    ids_.reserve(group.size() / event_bytes_);
    for (; !group.empty(); group.remove_prefix(event_bytes_)) {
      ids_.push_back("agent:main:limit:" + std::to_string(++number_ % kRows));
      const auto body = group.substr(0, event_bytes_);
      // What is not the row is the frame of the entry: about a tenth.
      entries_.push_back({.body = body, .id = ids_.back(), .row = body.substr(event_bytes_ / 10)});
    }
    database_->commit(entries_);
  }

 private:
  static constexpr std::uint64_t kRows = 200;

  std::size_t event_bytes_;
  std::shared_ptr<BareCommit> database_;
  std::uint64_t number_ = 0;
  std::vector<std::string> ids_;
  std::vector<BareCommit::Entry> entries_;
};

}  // namespace cc::bench
