#include <cerrno>
#include <ostream>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/commands.h"
#include "app/cli/local_data.h"
#include "app/wiring/build_store.h"
#include "files/descriptor.h"

namespace cc::app {
namespace {

namespace fs = std::filesystem;

/// A temporary copy beside its target, removed in the end. `finish` gives it its name.
class PartialFile {
 public:
  explicit PartialFile(const fs::path& place)
      : place_(place), partial_(place.string() + ".partial") {}
  ~PartialFile() { ::unlink(partial_.c_str()); }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  [[nodiscard]] const fs::path& path() const { return partial_; }

  // link, not rename: a file that appeared in the meantime is not overwritten.
  Result<void> finish() {
    if (auto synced = files::sync_file(partial_); !synced) return synced;
    if (::link(partial_.c_str(), place_.c_str()) != 0)
      return files::system_failure("write", place_);
    return files::sync_folder_of(place_);
  }

 private:
  fs::path place_;
  fs::path partial_;
};

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
  void waiting() {
    if (is_due()) say("the server makes the copy, and sends it when it is whole");
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

Result<void> download(ApiClient& client, const fs::path& file, Progress& progress) {
  const files::Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!out.is_open()) return files::system_failure("write", file);
  int why = 0;
  // The copy is made before the first byte comes, and a large one takes its time.
  const auto answer = client.stream({.method = "POST",
                                     .target = "/api/v1/backup",
                                     .silence = std::chrono::minutes(30),
                                     .waiting = [&] { progress.waiting(); }},
                                    [&](std::string_view bytes) {
                                      progress.received(bytes.size());
                                      if (!files::write_all(out, bytes)) why = errno;
                                      return why == 0;
                                    });
  if (why != 0) {
    errno = why;
    return files::system_failure("write", file);
  }
  if (!answer) return std::unexpected(answer.error());
  if (!answer->ok()) return fail(ErrorCode::kRefused, answer->problem());
  return {};
}

Result<void> copy_directly(const Config& config, const fs::path& file, Progress& progress) {
  if (std::error_code error; !fs::exists(config.database, error)) {
    return fail(ErrorCode::kNotFound,
                fmt::format("there is no database at {}", config.database.string()));
  }
  auto store = build_store(config);
  if (!store) return std::unexpected(store.error());
  auto copied =
      (*store)->back_up(file, {.progress = [&](std::uint64_t bytes, std::uint64_t expected) {
                          progress.copied(bytes, expected);
                        }});
  auto closed = (*store)->close_cleanly();
  return copied ? closed : copied;
}

Result<void> make_copy(const Config& config, const fs::path& file, Progress& progress) {
  auto opened = open_local_data(config);
  if (!opened) return std::unexpected(opened.error());
  if (auto* client = std::get_if<ApiClient>(&*opened)) return download(*client, file, progress);
  return copy_directly(config, file, progress);
}

Result<void> back_up_to(const Config& config, const fs::path& file, Progress progress) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(file, error))) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is there already; name a new file", file.string()));
  }
  PartialFile partial(file);
  ::unlink(partial.path().c_str());
  if (auto made = make_copy(config, partial.path(), progress); !made) return made;
  return partial.finish();
}

}  // namespace

ExitCode back_up(const Config& config, const fs::path& file, const Console& console) {
  const auto done = back_up_to(config, fs::absolute(file), Progress(console));
  if (!done) return console.end(kExitProblem, done.error().message);
  console.err << fmt::format("wrote {}\n", file.string());
  return kExitClean;
}

}  // namespace cc::app
