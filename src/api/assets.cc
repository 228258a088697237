#include "api/assets.h"

#include <algorithm>
#include <array>

#include "api/http/blanks.h"
#include "base/encoding.h"

namespace cc::api {
namespace {

constexpr std::string_view kDashboard = "web";
constexpr std::string_view kStandIn = "page";
constexpr std::string_view kIndex = "/index.html";
constexpr std::string_view kHashed = "/assets/";

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".woff2", "font/woff2"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
}};

/// In the order in which they are preferred.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kEncodings{{
    {"br", ".br"},
    {"gzip", ".gz"},
}};

std::string_view type_of(std::string_view name) {
  const auto found =
      std::ranges::find_if(kTypes, [&](const auto& type) { return name.ends_with(type.first); });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// Takes the piece before the separator off the front of `text`.
std::string_view take_piece(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(piece);
}

/// `q=0`, `q=0.0`, …: what is not wanted at all. Finer preferences do not matter to us.
bool refuses(std::string_view parameter) {
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return false;
  parameter.remove_prefix(2);
  return !parameter.empty() && parameter.find_first_not_of("0.") == std::string_view::npos;
}

/// Whether `If-None-Match` names this tag.
bool is_held(const Request& request, std::string_view tag) {
  for (std::string_view list : request.all("If-None-Match")) {
    while (!list.empty()) {
      auto one = take_piece(list, ',');
      if (one.starts_with("W/")) one.remove_prefix(2);
      if (one == tag || one == "*") return true;
    }
  }
  return false;
}

/// A page whose own addresses begin with `base` instead of a slash.
std::string moved(std::string_view page, std::string_view base) {
  constexpr std::string_view kAddress = "=\"/";
  std::string out;
  for (auto at = page.find(kAddress); at != std::string_view::npos; at = page.find(kAddress)) {
    out.append(page.substr(0, at + 2)).append(base);
    page.remove_prefix(at + kAddress.size());
  }
  return out.append(page);
}

std::string quoted(std::string_view tag) {
  return "\"" + std::string(tag) + "\"";
}

}  // namespace

bool accepts_encoding(const Request& request, std::string_view encoding) {
  bool accepted = false;
  for (std::string_view list : request.all("Accept-Encoding")) {
    while (!list.empty()) {
      std::string_view one = take_piece(list, ',');
      const auto name = take_piece(one, ';');
      if (same_word(name, encoding)) return !refuses(trimmed(one));
      if (name == "*") accepted = !refuses(trimmed(one));
    }
  }
  return accepted;
}

Assets::Assets(std::span<const EmbeddedFile> files, std::string_view base_path)
    : files_(files), folder_(kStandIn) {
  if (find(std::string(kDashboard).append(kIndex)) != nullptr) folder_ = kDashboard;
  const auto* index = find(std::string(folder_).append(kIndex));
  if (base_path == "/" || index == nullptr) return;
  moved_index_ = moved(index->bytes, base_path);
  moved_tag_ = std::string(index->tag).append("-").append(to_base64url(base_path));
}

const EmbeddedFile* Assets::find(std::string_view name) const {
  const auto found = std::ranges::find(files_, name, &EmbeddedFile::name);
  return found == files_.end() ? nullptr : &*found;
}

Assets::Variant Assets::choose(std::string_view name, const Request& request) const {
  Variant variant{.file = find(name)};
  if (variant.file == nullptr) return variant;
  for (const auto& [encoding, suffix] : kEncodings) {
    const auto* encoded = find(std::string(name).append(suffix));
    if (encoded == nullptr) continue;
    variant.has_others = true;
    if (!variant.encoding.empty() || !accepts_encoding(request, encoding)) continue;
    variant.file = encoded;
    variant.encoding = encoding;
  }
  return variant;
}

bool Assets::is_hashed(const Request& request) {
  return request.target.starts_with(kHashed);
}

Response Assets::answer(const Request& request) const {
  const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
  std::string name = std::string(folder_).append(path);
  const bool hashed = is_hashed(request);
  if (find(name) == nullptr) {
    if (hashed) return problem(404, "There is no such file in this release.");
    name = std::string(folder_).append(kIndex);
  }
  const bool is_moved = !moved_index_.empty() && name.ends_with(kIndex);
  const Variant variant = is_moved ? Variant{.file = find(name)} : choose(name, request);
  const std::string tag = quoted(is_moved ? moved_tag_ : variant.file->tag);
  Response response{.status = 200, .headers = {}, .body = variant.file->bytes};
  if (is_moved) response.body = moved_index_;
  if (is_held(request, tag)) response = {.status = 304, .headers = {}, .body = std::string()};
  response.with("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache")
      .with("ETag", tag)
      // Of a 304 too: its headers take the place of those that the browser holds.
      .with("Content-Security-Policy", std::string(kPagePolicy));
  if (variant.has_others) response.with("Vary", "Accept-Encoding");
  if (response.status == 304) return response;
  if (!variant.encoding.empty()) response.with("Content-Encoding", std::string(variant.encoding));
  return std::move(response.with("Content-Type", std::string(type_of(name))));
}

}  // namespace cc::api
