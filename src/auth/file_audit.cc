#include "auth/file_audit.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/guess_limits.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "files/private_file.h"

namespace cc::auth {
namespace {

namespace json = boost::json;

constexpr std::array kEvents{
    AuditEvent::kSignIn,      AuditEvent::kSignOut, AuditEvent::kRequest, AuditEvent::kTokenCreate,
    AuditEvent::kTokenRevoke, AuditEvent::kBackup,  AuditEvent::kCommand, AuditEvent::kCommandEnd};
constexpr std::array kResults{AuditResult::kOk, AuditResult::kRefused, AuditResult::kWaiting,
                              AuditResult::kFailed};

template <class Word, std::size_t N>
std::optional<Word> word_of(const std::array<Word, N>& words, std::string_view said) {
  const auto found = std::ranges::find_if(words, [&](Word word) { return text(word) == said; });
  if (found == words.end()) return std::nullopt;
  return *found;
}

std::string text_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

/// Adds the entries of `content` to `found`, the last line first, until there are enough.
void add_entries(std::string_view content, std::optional<std::uint64_t> before, std::size_t limit,
                 std::vector<AuditEntry>& found) {
  while (!content.empty() && found.size() < limit) {
    content.remove_suffix(content.ends_with('\n') ? 1 : 0);
    const auto start = content.rfind('\n') + 1;  // npos + 1 is 0
    auto entry = audit_entry_from_json(content.substr(start));
    if (entry && (!before || entry->id < *before)) found.push_back(*std::move(entry));
    content = content.substr(0, start);
  }
}

}  // namespace

std::string_view text(AuditEvent event) {
  switch (event) {
    case AuditEvent::kSignIn: return "sign-in";
    case AuditEvent::kSignOut: return "sign-out";
    case AuditEvent::kRequest: return "request";
    case AuditEvent::kTokenCreate: return "token-create";
    case AuditEvent::kTokenRevoke: return "token-revoke";
    case AuditEvent::kBackup: return "backup";
    case AuditEvent::kCommand: return "command";
    case AuditEvent::kCommandEnd: return "command-end";
  }
  return "";
}

std::string_view text(AuditResult result) {
  switch (result) {
    case AuditResult::kOk: return "ok";
    case AuditResult::kRefused: return "refused";
    case AuditResult::kWaiting: return "waiting";
    case AuditResult::kFailed: return "failed";
  }
  return "";
}

std::string to_json(const AuditEntry& entry) {
  std::string out;
  JsonWriter(out)
      .begin_object()
      .field("id", entry.id)
      .field("at", entry.at)
      .field("event", text(entry.event))
      .field("result", text(entry.result))
      .field("who", unless_empty(entry.who))
      .field("address", unless_empty(entry.address))
      .field("subject", unless_empty(entry.subject))
      .field("times", entry.times)
      .end_object();
  return out;
}

std::optional<AuditEntry> audit_entry_from_json(std::string_view line) {
  boost::system::error_code error;
  const auto value = json::parse(json::string_view(line.data(), line.size()), error);
  if (error || !value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  const auto event = word_of(kEvents, text_of(object, "event"));
  const auto result = word_of(kResults, text_of(object, "result"));
  const auto id = number_of(object, "id");
  if (!event || !result || id < 1) return std::nullopt;
  return AuditEntry{.id = static_cast<std::uint64_t>(id),
                    .at = number_of(object, "at"),
                    .event = *event,
                    .result = *result,
                    .who = text_of(object, "who"),
                    .address = text_of(object, "address"),
                    .subject = text_of(object, "subject"),
                    .times = static_cast<std::uint64_t>(number_of(object, "times"))};
}

FileAudit::~FileAudit() {
  const MutexLock lock(mutex_);
  // Nobody is left who could be told.
  if (file_.is_open()) std::ignore = append_all(refusals_.take_all());
}

std::filesystem::path FileAudit::older() const {
  return std::filesystem::path(options_.file) += ".1";
}

Result<void> FileAudit::begin() {
  const MutexLock lock(mutex_);
  for (const auto& file : {options_.file, older()}) {
    const auto content = files::read_private(file, {.max_bytes = 2 * options_.max_bytes});
    if (!content) return std::unexpected(content.error());
    std::vector<AuditEntry> newest;
    if (*content) add_entries(**content, std::nullopt, 1, newest);
    if (!newest.empty()) last_ = std::max(last_, newest.front().id);
  }
  return open_file();
}

Result<void> FileAudit::open_file() {
  file_ = files::Descriptor(
      ::open(options_.file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat info{};
  if (!file_.is_open() || ::fstat(file_.get(), &info) != 0)
    return files::system_failure("write", options_.file);
  size_ = static_cast<std::uint64_t>(info.st_size);
  // A line that was cut by a crash must not swallow the next one.
  char last = '\n';
  const bool cut =
      size_ > 0 && ::pread(file_.get(), &last, 1, info.st_size - 1) == 1 && last != '\n';
  if (cut && ::write(file_.get(), "\n", 1) == 1) ++size_;
  return {};
}

Result<void> FileAudit::record(AuditEntry entry) {
  const MutexLock lock(mutex_);
  entry.at = clock_.wall();
  if (auto told = append_all(refusals_.take_due(Millis(entry.at))); !told) return told;
  if (!is_to_be_written(entry)) return {};
  const bool safely = entry.result == AuditResult::kOk || entry.result == AuditResult::kFailed;
  return append(std::move(entry), safely);
}

/// What succeeded is written each time, and each refusal of a command: who tells one is signed in.
bool FileAudit::is_to_be_written(const AuditEntry& entry) {
  if (entry.event == AuditEvent::kCommand || entry.event == AuditEvent::kCommandEnd) return true;
  if (entry.result != AuditResult::kRefused && entry.result != AuditResult::kWaiting) return true;
  return refusals_.passes({entry.event, entry.result, household(entry.address)},
                          {entry.event, entry.result, ""}, Millis(entry.at));
}

Result<void> FileAudit::append_all(const std::vector<Fold<Refusal>::Counted>& counted) {
  Result<void> done;
  for (const auto& [refusal, times, last] : counted) {
    const auto& [event, result, address] = refusal;
    const AuditEntry entry{.at = last.count(),
                           .event = event,
                           .result = result,
                           .who = {},
                           .address = address,
                           .subject = {},
                           .times = times};
    if (auto told = append(entry, false); !told) done = told;
  }
  return done;
}

// One write for a line, so that two of them never mix.
Result<void> FileAudit::append(AuditEntry entry, bool safely) {
  if (!file_.is_open()) {
    if (auto opened = open_file(); !opened) return opened;
  }
  if (size_ >= options_.max_bytes) {
    if (auto turned = turn_over(); !turned) return turned;
  }
  entry.id = last_ + 1;
  for (auto* said : {&entry.who, &entry.address, &entry.subject}) *said = clean_text(*said, 256);
  const auto line = to_json(entry) + "\n";
  const auto written = ::write(file_.get(), line.data(), line.size());
  if (written > 0) size_ += static_cast<std::uint64_t>(written);
  if (written != static_cast<ssize_t>(line.size())) {
    const auto why = written < 0
                         ? files::system_failure("write", options_.file)
                         : fail(ErrorCode::kUnavailable, options_.file.string() + " is full");
    if (written > 0 && ::write(file_.get(), "\n", 1) == 1) ++size_;
    return why;
  }
  last_ = entry.id;
  if (safely && ::fdatasync(file_.get()) != 0) return files::system_failure("write", options_.file);
  return {};
}

Result<void> FileAudit::turn_over() {
  if (::rename(options_.file.c_str(), older().c_str()) != 0)
    return files::system_failure("write", options_.file);
  file_ = files::Descriptor();
  return open_file();
}

Result<std::vector<AuditEntry>> FileAudit::read(std::optional<std::uint64_t> before,
                                                std::size_t limit) {
  const MutexLock lock(mutex_);
  if (auto told = append_all(refusals_.take_all()); !told) return std::unexpected(told.error());
  std::vector<AuditEntry> found;
  for (const auto& file : {options_.file, older()}) {
    if (found.size() >= limit) break;
    const auto content = files::read_private(file, {.max_bytes = 2 * options_.max_bytes});
    if (!content) return std::unexpected(content.error());
    if (*content) add_entries(**content, before, limit, found);
  }
  return found;
}

Result<std::unique_ptr<Audit>> Audit::open(Options options, const Clock& clock) {
  auto audit = std::make_unique<FileAudit>(std::move(options), clock);
  if (auto begun = audit->begin(); !begun) return std::unexpected(begun.error());
  return audit;
}

}  // namespace cc::auth
