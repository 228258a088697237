#include "app/cli/command_line.h"
#include "app/cli/commands.h"
#include "app/version.h"
#include "base/json_writer.h"

namespace cc::app {
namespace {

void write_commands(JsonWriter& out) {
  out.key("commands").begin_array();
  for (const auto& command : command_words()) {
    out.begin_object().field("name", command.name).field("help", command.help);
    out.key("options").begin_array();
    for (const auto& option : command.options) {
      out.begin_object()
          .field("name", option.name)
          .field("value", option.value)
          .field("help", option.help)
          .end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
}

void write_settings(JsonWriter& out) {
  out.key("settings").begin_array();
  for (const auto& setting : settings()) {
    out.begin_object()
        .field("variable", setting.variable)
        .field("flag", flag_of(setting))
        .field("key", key_of(setting))
        .field("default", setting.fallback)
        .field("form", setting.form)
        .field("help", setting.help)
        .field("heading", heading_before(setting))
        .field("secret", setting.secrecy == Secrecy::kSecret)
        .end_object();
  }
  out.end_array();
}

void write_gateway_keys(JsonWriter& out) {
  out.key("gatewayKeys").begin_array();
  for (const auto& key : gateway_keys()) {
    out.begin_object().field("name", key.name).field("form", key.form).end_object();
  }
  out.end_array();
}

}  // namespace

std::string describe() {
  std::string text;
  JsonWriter out(text);
  out.begin_object().field("version", kProgramVersion);
  write_commands(out);
  write_settings(out);
  write_gateway_keys(out);
  out.end_object();
  return text;
}

}  // namespace cc::app
