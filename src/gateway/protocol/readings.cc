#include "gateway/protocol/readings.h"

#include <algorithm>
#include <vector>

#include "base/json_writer.h"
#include "base/number.h"
#include "gateway/protocol/json_object.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {
namespace {

using fleet::Reading;
using simdjson::dom::element;

constexpr std::int64_t kMostCharacters = 100'000;  // of one message
constexpr std::size_t kMostTextBytes = 400'000;
constexpr std::size_t kMostArgumentBytes = 32UL * 1024;
constexpr int kMostOfVersionThree = 1000;
constexpr std::size_t kMostItems = 2000;

/// Where a page of protocol 3 goes on is the number of a message, of protocol 4 how many are newer.
std::optional<std::int64_t> place_in(std::string_view before) {
  const auto place = number_in<std::int64_t>(before);
  return place && *place >= 0 ? place : std::nullopt;
}

Result<Ask> ask_for_messages(const Reading& what, int protocol) {
  const auto place = what.before.empty() ? std::optional<std::int64_t>(0) : place_in(what.before);
  if (!place) return fail(ErrorCode::kInvalid, "'before' must be what an earlier page gave.");
  const bool is_v3 = protocol < 4;
  const int limit = is_v3 && !what.before.empty() ? kMostOfVersionThree : what.limit;
  return Ask{"chat.history", object_with([&](JsonWriter& out) {
               out.field("sessionKey", what.id).field("limit", limit);
               out.field("maxChars", kMostCharacters);
               if (!is_v3) out.field("offset", *place);
             })};
}

/// As it was said: line ends and blanks are part of it.
std::string said(const Members& from, std::string_view name) {
  const auto value = from.find(name);
  std::string_view text;
  if (!value || value->get(text) != simdjson::SUCCESS) return {};
  return std::string(cut_text(text, kMostTextBytes));
}

/// One message, part by part.
class MessageWriter {
 public:
  MessageWriter(JsonWriter& out, const Members& message) : out_(out), message_(message) {}

  void write() {
    const auto meta = message_.object("__openclaw");
    out_.begin_object()
        .field("id", meta ? meta->identity_or_empty("id") : std::string())
        .field("role", message_.word("role"))
        .field("at", value_of(message_.time("timestamp")));
    out_.key("parts").begin_array();
    write_content();
    if (meta) write_media(*meta);
    out_.end_array();
    write_figures();
    const bool failed = message_.word("stopReason") == "error" || message_.is_true("isError");
    const auto why = value_of(message_.text("errorMessage"));
    out_.field("error", failed || why ? std::optional(why.value_or("It failed.")) : std::nullopt);
    out_.end_object();
  }

 private:
  [[nodiscard]] bool is_result() const { return message_.word("role") == "toolResult"; }

  void write_content() {
    const auto content = message_.find("content");
    if (!content) return;
    std::string_view text;
    simdjson::dom::array parts;
    if (content->get(text) == simdjson::SUCCESS)
      return write_text("text", said(message_, "content"));
    if (content->get(parts) != simdjson::SUCCESS) return;
    std::size_t count = 0;
    for (const auto value : parts) {
      const auto part = Members::of(value, message_.skipped());
      if (part && ++count <= kMostItems) write_part(*part);
    }
  }

  void write_text(std::string_view type, const std::string& text) {
    out_.begin_object().field("type", is_result() ? std::string_view("toolResult") : type);
    if (is_result()) {
      out_.field("id", message_.identity_or_empty("toolCallId"))
          .field("name", message_.word("toolName"))
          .field("failed", message_.is_true("isError"));
    }
    out_.field("text", text).end_object();
  }

  void write_part(const Members& part) {
    const auto type = part.word("type");
    if (type == "text") return write_text("text", said(part, "text"));
    if (type == "thinking") {
      const auto thought = said(part, "thinking");
      return write_text("thinking", thought.empty() ? said(part, "text") : thought);
    }
    if (type == "toolCall") return write_call(part);
    if (type == "image" || type == "file") {
      return write_file(part, type, part.word("mimeType"), value_of(part.text("fileName")));
    }
    out_.begin_object().field("type", "other").field("name", type).end_object();
  }

  void write_call(const Members& part) {
    out_.begin_object()
        .field("type", "toolCall")
        .field("id", part.identity_or_empty("id"))
        .field("name", part.word("name"));
    const auto arguments = part.find("arguments");
    const std::string json = arguments ? simdjson::minify(*arguments) : "null";
    out_.key("arguments").raw(json.size() <= kMostArgumentBytes ? json : "null");
    out_.field("cut", json.size() > kMostArgumentBytes).end_object();
  }

  /// What it is, never what is in it.
  void write_file(const Members& file, std::string_view type, const std::string& mime,
                  const std::optional<std::string>& name) {
    const auto bytes = value_of(or_else(file.count("bytes"), file.count("sizeBytes")));
    out_.begin_object()
        .field("type", type)
        .field("mimeType", mime)
        .field("name", name)
        .field("bytes", bytes)
        .end_object();
  }

  void write_media(const Members& meta) {
    const auto media = meta.array("media");
    if (!media) return;
    for (const auto value : *media) {
      const auto file = Members::of(value, meta.skipped());
      if (!file) continue;
      const auto mime = file->word("contentType");
      write_file(*file, mime.starts_with("image/") ? "image" : "file", mime,
                 value_of(file->text("fileName")));
    }
  }

  void write_figures() {
    out_.field("model", value_of(message_.text("model")));
    const auto usage = message_.object("usage");
    const auto cost = usage ? usage->object("cost") : std::nullopt;
    out_.key("usage");
    if (usage) {
      out_.begin_object()
          .field("input", value_of(usage->count("input")))
          .field("output", value_of(usage->count("output")))
          .field("total", value_of(usage->count("totalTokens")))
          .end_object();
    } else {
      out_.null();
    }
    out_.field("costUsd", cost ? value_of(cost->amount("total")) : std::nullopt);
  }

  JsonWriter& out_;
  const Members& message_;
};

std::int64_t number_of(const Members& message) {
  const auto meta = message.object("__openclaw");
  return meta ? value_of(meta->count("seq")).value_or(0) : 0;
}

/// The messages of a page, oldest first, and where an older page begins.
struct Page {
  std::vector<Members> messages;
  std::optional<std::int64_t> before;
};

Page page_of_v3(std::vector<Members> all, const Reading& what) {
  const auto before = place_in(what.before);
  if (!what.before.empty() && before) {
    std::erase_if(all, [&](const Members& message) { return number_of(message) >= *before; });
  }
  const auto limit = static_cast<std::size_t>(what.limit);
  Page page;
  const std::size_t first = all.size() - std::min(all.size(), limit);
  page.messages.assign(all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
  const std::int64_t oldest = page.messages.empty() ? 0 : number_of(page.messages.front());
  // Further back than its limit a gateway of protocol 3 does not go.
  if (oldest > 1 && page.messages.size() == limit) page.before = oldest;
  return page;
}

std::string shown_messages(const Members& payload, const Reading& what, int protocol) {
  std::vector<Members> all;
  if (const auto messages = payload.array("messages")) {
    for (const auto value : *messages) {
      const auto message = Members::of(value, payload.skipped());
      if (message && all.size() < kMostItems) all.push_back(*message);
    }
  }
  Page page = protocol < 4 ? page_of_v3(std::move(all), what)
                           : Page{.messages = std::move(all),
                                  .before = value_of(payload.count("nextOffset"))};
  std::string json;
  JsonWriter out(json);
  out.key("items").begin_array();
  for (const auto& message : page.messages) MessageWriter(out, message).write();
  out.end_array();
  out.field("before", page.before ? std::optional(std::to_string(*page.before)) : std::nullopt);
  return json;
}

void write_texts(JsonWriter& out, const Members& from, std::string_view name) {
  out.key(name).begin_array();
  if (const auto words = from.array(name)) {
    for (const auto value : *words) {
      std::string_view word;
      if (value.get(word) == simdjson::SUCCESS) out.value(clean_text(word, 128));
    }
  }
  out.end_array();
}

void write_device(JsonWriter& out, const Members& device, std::string_view state) {
  out.begin_object()
      .field("state", state)
      .field("requestId", value_of(device.identity("requestId")))
      .field("deviceId", value_of(device.identity("deviceId")))
      .field("name", value_of(or_else(device.text("displayName"), device.text("clientId"))))
      .field("platform", value_of(device.text("platform")))
      .field("mode", value_of(device.text("clientMode")))
      .field("role", value_of(device.text("role")));
  write_texts(out, device, "scopes");
  out.field("address", value_of(device.text("remoteIp")))
      .field("at", value_of(or_else(device.time("ts"), device.time("approvedAtMs"))))
      .end_object();
}

void write_model(JsonWriter& out, const Members& model) {
  out.begin_object()
      .field("id", value_of(model.text("id")))
      .field("name", value_of(model.text("name")))
      .field("provider", value_of(model.text("provider")))
      .field("contextTokens", value_of(model.count("contextWindow")))
      .field("reasoning", model.is_true("reasoning"))
      .field("available", value_of(model.flag("available")));
  write_texts(out, model, "tags");
  out.end_object();
}

void write_run(JsonWriter& out, const Members& run) {
  out.begin_object()
      .field("at", value_of(or_else(run.time("runAtMs"), run.time("ts"))))
      .field("status", value_of(run.text("status", Members::kWordBytes)))
      .field("error", value_of(run.text("error")))
      .field("summary", value_of(run.text("summary")))
      .field("durationMs", value_of(run.count("durationMs")))
      .field("model", value_of(run.text("model")))
      .field("sessionKey", value_of(run.identity("sessionKey")))
      .field("runId", value_of(run.identity("runId")))
      .end_object();
}

/// The rows of one array.
template <class Write>
std::size_t write_each(JsonWriter& out, const Members& payload, std::string_view name,
                       Write write) {
  const auto rows = payload.array(name);
  if (!rows) return 0;
  std::size_t count = 0;
  for (const auto value : *rows) {
    const auto row = Members::of(value, payload.skipped());
    if (!row || count == kMostItems) continue;
    ++count;
    write(out, *row);
  }
  return count;
}

std::string shown_rows(const Members& payload, Reading::Of of) {
  std::string json;
  JsonWriter out(json);
  out.key("items").begin_array();
  std::size_t count = 0;
  if (of == Reading::Of::kDevices) {
    for (const auto* state : {"pending", "paired"}) {
      count += write_each(out, payload, state, [&](JsonWriter& to, const Members& device) {
        write_device(to, device, state);
      });
    }
  } else if (of == Reading::Of::kModels) {
    count = write_each(out, payload, "models", write_model);
  } else {
    count = write_each(out, payload, "entries", write_run);
  }
  out.end_array().field("total", static_cast<std::uint64_t>(count)).key("next").null();
  return json;
}

}  // namespace

Result<Ask> ask_for(const Reading& what, int protocol) {
  switch (what.of) {
    case Reading::Of::kMessages: return ask_for_messages(what, protocol);
    case Reading::Of::kDevices: return Ask{"device.pair.list", "{}"};
    case Reading::Of::kModels: return Ask{"models.list", "{}"};
    case Reading::Of::kCronRuns: break;
  }
  return Ask{"cron.runs", object_with([&](JsonWriter& out) {
               out.field("id", what.id).field("limit", std::min(what.limit, 200));
             })};
}

Result<std::string> shown(const Reading& what, element payload, int protocol) {
  Skipped skipped;
  const auto members = Members::of(payload, skipped);
  if (!members) return fail(ErrorCode::kInvalid, "the answer is no object");
  if (what.of == Reading::Of::kMessages) return shown_messages(*members, what, protocol);
  return shown_rows(*members, what.of);
}

}  // namespace cc::gateway::protocol
