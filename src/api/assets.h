#pragma once
// The pages that the program serves itself: which file a path means, in which encoding, and how
// long a browser may keep it.

#include <span>
#include <string>
#include <string_view>

#include "api/embedded.h"
#include "api/http/response.h"

namespace cc::api {

/// The content security policy of our pages. They may use only what this server serves. Text
/// becomes markup only through the two named policies (Svelte's templates, the shared worker's
/// address).
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action "
    "'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types "
    "svelte-trusted-html control-center";

/// Looks into a fixed table and never at the disk. Immutable, thread-safe.
class Assets {
 public:
  /// `files` live as long as this. The dashboard (`web/`) is served where it is among them, else
  /// what stands in for it (`page/`). `base_path`, which ends with a slash, is where browsers find
  /// us: in the index it takes the place of the slash that addresses begin with.
  explicit Assets(std::span<const EmbeddedFile> files, std::string_view base_path = "/");

  /// A path that is not a file gets the index, so that links into the dashboard work. Below
  /// `/assets/`, where names change with the content, it is 404, so that a page of an older release
  /// notices.
  [[nodiscard]] Response answer(const Request& request) const;

  /// Whether its name changes with its content, so that anybody may keep it.
  [[nodiscard]] static bool is_hashed(const Request& request);

 private:
  struct Variant {
    const EmbeddedFile* file = nullptr;
    std::string_view encoding;  // empty: as it is
    bool has_others = false;    // the answer depends on what the browser takes
  };
  [[nodiscard]] const EmbeddedFile* find(std::string_view name) const;
  [[nodiscard]] Variant choose(std::string_view name, const Request& request) const;

  std::span<const EmbeddedFile> files_;
  std::string_view folder_;
  std::string moved_index_;  // empty: as it is
  std::string moved_tag_;
};

/// Whether `Accept-Encoding` lets an answer be in `encoding`.
[[nodiscard]] bool accepts_encoding(const Request& request, std::string_view encoding);

}  // namespace cc::api
