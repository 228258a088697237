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

struct Setting {
  std::string_view variable;
  std::string_view
      fallback;           // the default as it would be written; empty: none, or one that help tells
  std::string_view form;  // the accepted form, for error lines
  std::string_view help;
  Result<void> (*read)(ConfigBuilder& builder, const Written& written);
  /// Never repeated in an error, and worth a warning on a command line that others can list.
  bool secret = false;
  /// Given anywhere, it means that there is a gateway `default` beside the `[[gateway]]` tables.
  bool names_gateway = false;
};

[[nodiscard]] std::span<const Setting> settings();
/// Null where there is none.
[[nodiscard]] const Setting* find_setting(std::string_view variable);

/// `CONTROL_CENTER_DATA_DIR` → `data_dir`: the key in the file.
[[nodiscard]] std::string key_of(const Setting& setting);
/// `CONTROL_CENTER_DATA_DIR` → `--data-dir`
[[nodiscard]] std::string flag_of(const Setting& setting);
/// The settings, one paragraph each, for `--help`.
[[nodiscard]] std::string settings_help();

/// One key of a `[[gateway]]` table.
struct GatewayKey {
  std::string_view name;
  std::string_view form;
  Result<void> (*read)(GatewayConfig& gateway, const Written& written);
  bool secret = false;
};

[[nodiscard]] std::span<const GatewayKey> gateway_keys();
[[nodiscard]] const GatewayKey* find_gateway_key(std::string_view name);

}  // namespace cc::app
