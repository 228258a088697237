#include "app/config/sources.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.h"
#include "files/private_file.h"

namespace cc::app {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20U;

std::unexpected<Error> invalid_file(std::string line) {
  return fail(ErrorCode::kInvalid, std::move(line));
}

const Setting* find_key(std::string_view key) {
  for (const auto& setting : settings()) {
    if (key_of(setting) == key) return &setting;
  }
  return nullptr;
}

Result<std::string> read_text(std::string_view key, const std::filesystem::path& file) {
  const auto text = files::read_private(file, {.max_bytes = kMaxFileBytes,
                                               .links = files::Links::kFollow,
                                               .exposure = files::Exposure::kAny});
  if (!text) {
    return fail(text.error().code, fmt::format("{}: {}", key, clean_text(text.error().message)));
  }
  if (*text) return **text;
  return fail(ErrorCode::kUnavailable,
              fmt::format("{}: cannot read {}: {}", key, clean_text(file.string()),
                          std::generic_category().message(ENOENT)));
}

/// Reads one file; keys are named with the line they stand on.
class FileReader {
 public:
  explicit FileReader(std::string file) : file_(std::move(file)) {}

  Result<FileContent> read(const std::string& text) {
    try {
      return read_root(toml::parse(text));
    } catch (const toml::parse_error& error) {
      return invalid_file(fmt::format("{}:{}: not TOML: {}", file_, error.source().begin.line,
                                      clean_text(error.description())));
    }
  }

 private:
  Result<FileContent> read_root(const toml::table& root) {
    for (const auto& [key, node] : root) {
      auto done = key.str() == "gateway" ? read_gateways(node) : read_setting(key, node);
      if (!done) return std::unexpected(done.error());
    }
    return std::move(content_);
  }

  Result<void> read_setting(const toml::key& key, const toml::node& node) {
    const auto* setting = find_key(key.str());
    if (setting == nullptr) {
      return invalid_file(
          fmt::format("{}: unknown key; control-center --help lists the settings", named(key)));
    }
    auto written = read_value(key, node, setting->form);
    if (!written) return std::unexpected(written.error());
    content_.holds_secret |= setting->secrecy != Secrecy::kPublic;
    content_.values.emplace(setting->variable, std::move(*written));
    return {};
  }

  Result<void> read_gateways(const toml::node& node) {
    const auto* tables = node.as_array();
    if (tables == nullptr || !tables->is_homogeneous(toml::node_type::table)) {
      return invalid_file(fmt::format("{}: gateway: is written as [[gateway]] tables", at(node)));
    }
    for (const auto& table : *tables) {
      if (auto done = read_gateway(*table.as_table()); !done) return done;
    }
    return {};
  }

  Result<void> read_gateway(const toml::table& table) {
    GatewayTable gateway{fmt::format("{}: gateway", at(table)), {}};
    for (const auto& [key, node] : table) {
      const auto* known = find_gateway_key(key.str());
      if (known == nullptr) {
        return invalid_file(
            fmt::format("{}: unknown key of [[gateway]]; it has {}", named(key), known_keys()));
      }
      auto written = read_value(key, node, known->form);
      if (!written) return std::unexpected(written.error());
      content_.holds_secret |= known->secrecy != Secrecy::kPublic;
      gateway.values.emplace(known->name, std::move(*written));
    }
    content_.gateways.push_back(std::move(gateway));
    return {};
  }

  static std::string known_keys() {
    std::string out;
    for (const auto& key : gateway_keys()) {
      if (!out.empty()) out += ", ";
      out += key.name;
    }
    return out;
  }

  Result<Written> read_value(const toml::key& key, const toml::node& node, std::string_view form) {
    if (const auto* text = node.as_string()) return Written{named(key), text->get()};
    if (const auto* number = node.as_integer()) {
      return Written{named(key), std::to_string(number->get())};
    }
    if (const auto* list = node.as_array(); list != nullptr && find_key(key.str()) != nullptr) {
      if (auto joined = join(*list)) return Written{named(key), std::move(*joined)};
    }
    return invalid_file(fmt::format("{}: is not a string; use {}", named(key), form));
  }

  static std::optional<std::string> join(const toml::array& list) {
    std::string out;
    for (const auto& item : list) {
      const auto* text = item.as_string();
      if (text == nullptr) return std::nullopt;
      if (!out.empty()) out += ',';
      out += text->get();
    }
    return out;
  }

  [[nodiscard]] std::string at(const toml::node& node) const {
    return fmt::format("{}:{}", file_, node.source().begin.line);
  }
  [[nodiscard]] std::string named(const toml::key& key) const {
    return fmt::format("{}:{}: {}", file_, key.source().begin.line, clean_text(key.str()));
  }

  std::string file_;
  FileContent content_;
};

}  // namespace

Environment read_environment(const char* const* environ) {
  Environment environment;
  for (; environ != nullptr && *environ != nullptr; ++environ) {
    const std::string_view entry(*environ);
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

Result<Values> read_variables(const Environment& environment) {
  Values values;
  for (const auto& [name, value] : environment) {
    if (const auto* setting = find_setting(name)) {
      values.emplace(setting->variable, Written{name, value});
    } else if (name.starts_with("CONTROL_CENTER_")) {
      return invalid_file(fmt::format(
          "{}: unknown variable; control-center --help lists the settings", clean_text(name)));
    }
  }
  return values;
}

Result<FileContent> read_file(std::string_view key, const std::filesystem::path& file) {
  const auto text = read_text(key, file);
  if (!text) return std::unexpected(text.error());
  return FileReader(clean_text(file.string())).read(*text);
}

}  // namespace cc::app
