#include <cerrno>
#include <ostream>
#include <system_error>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/local_data.h"
#include "app/wiring/build_store.h"
#include "base/text.h"
#include "files/new_file.h"

namespace cc::app {
namespace {

namespace fs = std::filesystem;

/// A line a second after the beginning and every few seconds from then on, so that a short copy
/// says nothing.
class Progress {
 public:
  explicit Progress(const Console& console) : console_(console) {}

  void copied(std::uint64_t bytes, std::uint64_t expected) {
    if (is_due())
      say(fmt::format("copied {} MB of about {} MB", bytes / kMegabyte, expected / kMegabyte));
  }
  void received(std::size_t bytes) {
    received_ += bytes;
    if (is_due()) say(fmt::format("received {} MB", received_ / kMegabyte));
  }
  bool waiting() {
    if (is_due()) say("the server makes the copy, and sends it when it is whole");
    return true;
  }

 private:
  static constexpr std::uint64_t kMegabyte = 1'000'000;
  static constexpr std::chrono::seconds kFirst{1};
  static constexpr std::chrono::seconds kEvery{5};

  bool is_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return false;
    next_ = now + kEvery;
    return true;
  }
  void say(const std::string& line) { console_.err << line << std::endl; }

  const Console& console_;
  std::uint64_t received_ = 0;
  std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + kFirst;
};

Result<void> download(ApiClient& client, const fs::path& target, Progress& progress) {
  auto file = files::NewFile::beside(target);
  if (!file) return std::unexpected(file.error());
  int why = 0;
  // The copy is made before the first byte comes, and a large one takes its time.
  const auto answer = client.stream({.method = "POST",
                                     .target = "/api/v1/backup",
                                     .silence = std::chrono::minutes(30),
                                     .waiting = [&] { return progress.waiting(); }},
                                    [&](std::string_view bytes) {
                                      progress.received(bytes.size());
                                      if (!files::write_all(file->descriptor(), bytes)) why = errno;
                                      return why == 0;
                                    });
  if (why != 0) {
    errno = why;
    return files::system_failure("write", target);
  }
  if (!answer) return std::unexpected(answer.error());
  if (!answer->ok()) return fail(ErrorCode::kRefused, answer->problem());
  return file->finish();
}

Result<void> copy_directly(const Config& config, const fs::path& target, Progress& progress) {
  if (std::error_code error; !fs::exists(config.database, error)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("there is no database at {}", config.database.string()));
  }
  auto store = build_store(config);
  if (!store) return std::unexpected(store.error());
  auto copied =
      (*store)->back_up(target, {.progress = [&](std::uint64_t bytes, std::uint64_t expected) {
                          progress.copied(bytes, expected);
                        }});
  auto closed = (*store)->close_cleanly();
  return copied ? closed : copied;
}

Result<void> make_copy(const Config& config, const fs::path& target, Progress progress) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(target, error))) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is there already; name a new file", target.string()));
  }
  auto opened = open_local_data(config);
  if (!opened) return std::unexpected(opened.error());
  if (auto* client = std::get_if<ApiClient>(&*opened)) return download(*client, target, progress);
  return copy_directly(config, target, progress);
}

}  // namespace

ExitCode back_up(const Config& config, const fs::path& file, const Console& console) {
  if (!file.has_filename()) {
    return console.end(kExitUsage, fmt::format("backup: \"{}\" names no file; use the path of the "
                                               "file to be made, such as control-center-backup.db",
                                               clean_text(file.string())));
  }
  const auto done = make_copy(config, fs::absolute(file), Progress(console));
  if (!done) return console.end(kExitProblem, done.error().message);
  console.err << fmt::format("wrote {}\n", file.string());
  return kExitClean;
}

}  // namespace cc::app
