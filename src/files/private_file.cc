#include "files/private_file.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/random.h"
#include "files/descriptor.h"
#include "files/exposure.h"

namespace cc::files {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(const fs::path& file, std::string_view why) {
  return fail(ErrorCode::kRefused, file.string() + std::string(why));
}

std::string how_to_close(const fs::path& file, bool changeable) {
  if (changeable) return fmt::format("run: chmod 600 '{}'", file.string());
  return "this user cannot change that: close a folder above it to others (chmod 700), or, where "
         "no others are on this system, as in a container, set "
         "CONTROL_CENTER_SECRET_FILES=mounted";
}

bool accepts(Exposure exposure, const Descriptor& opened, const struct stat& status) {
  if (!mode_lets_others_in(status)) return true;
  if (can_be_changed(opened, status)) return false;
  return exposure == Exposure::kUnchangeable || !others_can_reach(opened, status);
}

Result<void> check(const Descriptor& opened, const fs::path& file, Exposure exposure) {
  struct stat status{};
  if (::fstat(opened.get(), &status) != 0) return system_failure("examine", file);
  if (!S_ISREG(status.st_mode)) return refused(file, " is not a plain file");
  if (exposure == Exposure::kAny || accepts(exposure, opened, status)) return {};
  return refused(file, fmt::format(" holds secrets and is open to other users (mode {:04o}); {}",
                                   status.st_mode & 07777U,
                                   how_to_close(file, can_be_changed(opened, status))));
}

Result<std::string> read_all(const Descriptor& in, const fs::path& file, std::size_t max_bytes) {
  std::string content;
  std::array<char, 16384> part{};
  for (;;) {
    const auto got = ::read(in.get(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("read", file);
    if (got == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(got));
    if (content.size() > max_bytes) {
      return fail(ErrorCode::kTooLarge, file.string() + " is too large");
    }
  }
}

// Without O_NONBLOCK a pipe in the file's place would hold us up for ever.
int flags_of(Links links) {
  return O_RDONLY | O_CLOEXEC | O_NONBLOCK | (links == Links::kRefuse ? O_NOFOLLOW : 0);
}

fs::path beside(const fs::path& file, std::string_view suffix) {
  return fs::path(file) += suffix;
}

/// What went wrong, without the draft. Called with the `errno` of the failure.
std::unexpected<Error> give_up(const fs::path& draft, std::string_view what, const fs::path& file) {
  auto failure = system_failure(what, file);
  ::unlink(draft.c_str());
  return failure;
}

/// `draft` must not be there.
Result<void> write_draft(const fs::path& draft, std::string_view content) {
  const Descriptor out(
      ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out.is_open()) return system_failure("create", draft);
  if (!write_all(out, content) || ::fsync(out.get()) != 0) return give_up(draft, "write", draft);
  return {};
}

}  // namespace

Result<std::optional<std::string>> read_private(const fs::path& file, const ReadOptions& options) {
  const Descriptor in(::open(file.c_str(), flags_of(options.links)));
  if (!in.is_open() && errno == ENOENT) return std::nullopt;
  if (!in.is_open() && errno == ELOOP) return refused(file, " is a link, which is not followed");
  if (!in.is_open()) return system_failure("read", file);
  if (auto checked = check(in, file, options.exposure); !checked)
    return std::unexpected(checked.error());
  return read_all(in, file, options.max_bytes);
}

Result<void> replace_private(const fs::path& file, std::string_view content) {
  const auto draft = beside(file, ".new");
  ::unlink(draft.c_str());
  if (auto written = write_draft(draft, content); !written) return written;
  if (::rename(draft.c_str(), file.c_str()) != 0) return give_up(draft, "replace", file);
  return sync_folder_of(file);
}

Result<void> create_private(const fs::path& file, std::string_view content) {
  const auto draft = beside(file, ".new-" + to_hex(random_bytes<8>()));
  if (auto written = write_draft(draft, content); !written) return written;
  // A link and not a rename: it never replaces.
  if (::link(draft.c_str(), file.c_str()) != 0) {
    const bool taken = errno == EEXIST;
    auto failure = give_up(draft, "create", file);
    return taken ? fail(ErrorCode::kInUse, file.string() + " is there already") : failure;
  }
  ::unlink(draft.c_str());
  return sync_folder_of(file);
}

}  // namespace cc::files
