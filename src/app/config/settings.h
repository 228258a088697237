#pragma once
// The table of settings. Flags, variables, file keys, `--help` and error lines all come from it; a
// new setting is one new row.

#include <span>
#include <string>
#include <string_view>

#include "app/config/config.h"
#include "base/result.h"

namespace cc::app {

/// A configuration in the making.
struct ConfigBuilder {
  Config config;
  GatewayConfig first;  // what the gateway variables say: the gateway `default`
};

/// A value, and the key it was written under: `--listen`, `CONTROL_CENTER_LISTEN`,
/// `control-center.toml:3: listen`.
struct Written {
  std::string key;
  std::string value;
};

/// Who may see a value.
enum class Secrecy {
  kPublic,
  kMayHoldAPassword,  // never repeated in an error
  kSecret,            // nor given on a command line, which others can list, without a warning
};

/// What it means that a setting is given anywhere.
enum class Implies {
  kNothing,
  kDefaultGateway,  // there is a gateway `default` beside the `[[gateway]]` tables
};

struct Setting {
  std::string_view variable;
  /// The default as it would be written. Empty: none, or one that `help` tells.
  std::string_view fallback;
  std::string_view form;  // the accepted form, for error lines
  std::string_view help;
  Result<void> (*read)(ConfigBuilder& builder, const Written& written);
  Secrecy secrecy = Secrecy::kPublic;
  Implies implies = Implies::kNothing;
};

[[nodiscard]] std::span<const Setting> settings();
/// Null where there is none.
[[nodiscard]] const Setting* find_setting(std::string_view variable);

/// `CONTROL_CENTER_DATA_DIR` → `data_dir`: the key in the file.
[[nodiscard]] std::string key_of(const Setting& setting);
/// `CONTROL_CENTER_DATA_DIR` → `--data-dir`
[[nodiscard]] std::string flag_of(const Setting& setting);
/// The heading of the group that begins with this setting; empty within a group.
[[nodiscard]] std::string_view heading_before(const Setting& setting);
/// The settings, one paragraph each, for `--help`.
[[nodiscard]] std::string settings_help();

/// One key of a `[[gateway]]` table.
struct GatewayKey {
  std::string_view name;
  std::string_view form;
  Result<void> (*read)(GatewayConfig& gateway, const Written& written);
  Secrecy secrecy = Secrecy::kPublic;
};

[[nodiscard]] std::span<const GatewayKey> gateway_keys();
[[nodiscard]] const GatewayKey* find_gateway_key(std::string_view name);

}  // namespace cc::app
