#include "gateway/connection/device_tokens.h"

#include <map>
#include <utility>

#include <simdjson.h>

#include "base/json_writer.h"
#include "files/lock.h"
#include "files/private_file.h"

namespace cc::gateway {

namespace {

using Tokens = std::map<std::string, std::string>;
constexpr std::size_t kMostBytes = 1 << 20;

/// Held until it goes out of scope.
Result<files::FileLock> lock(const std::filesystem::path& file) {
  return files::FileLock::wait_for(std::filesystem::path(file) += ".lock");
}

Result<Tokens> parse(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json).get(object) != simdjson::SUCCESS) {
    return fail(ErrorCode::kCorrupt, "The file of device tokens is damaged.");
  }
  Tokens tokens;
  for (const auto [key, value] : object) {
    std::string_view token;
    if (value.get(token) == simdjson::SUCCESS) tokens.emplace(key, token);
  }
  return tokens;
}

Result<Tokens> load(const std::filesystem::path& file) {
  const auto json = files::read_private(file, {.max_bytes = kMostBytes});
  if (!json) return std::unexpected(json.error());
  return *json ? parse(**json) : Tokens{};
}

std::string encode(const Tokens& tokens) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_object();
  for (const auto& [key, token] : tokens) writer.field(key, token);
  writer.end_object();
  json.push_back('\n');
  return json;
}

}  // namespace

Result<Secret> DeviceTokens::find(const DeviceTokenKey& key) const {
  auto tokens = load(file_);
  if (!tokens) return std::unexpected(tokens.error());
  const auto found = tokens->find(key.text());
  return found == tokens->end() ? Secret() : Secret(std::move(found->second));
}

Result<void> DeviceTokens::store(const DeviceTokenKey& key, const Secret& token) const {
  auto held = lock(file_);
  if (!held) return std::unexpected(held.error());
  Tokens tokens = load(file_).value_or(Tokens{});
  std::string& kept = tokens[key.text()];
  if (kept == token.reveal()) return {};
  kept = token.reveal();
  return files::replace_private(file_, encode(tokens));
}

Result<void> DeviceTokens::forget(const DeviceTokenKey& key) const {
  auto held = lock(file_);
  if (!held) return std::unexpected(held.error());
  Tokens tokens = load(file_).value_or(Tokens{});
  if (tokens.erase(key.text()) == 0) return {};
  return files::replace_private(file_, encode(tokens));
}

}  // namespace cc::gateway
