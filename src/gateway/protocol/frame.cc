#include "gateway/protocol/frame.h"

#include "base/json_writer.h"
#include "gateway/protocol/document.h"
#include "gateway/protocol/members.h"

namespace cc::gateway::protocol {
namespace {

using simdjson::dom::element;

constexpr std::size_t kMessageBytes = 512;
constexpr std::int64_t kLongestRetryMs = 24LL * 60 * 60 * 1000;

std::string missing_scope_of(std::string_view message) {
  constexpr std::string_view kStart = "missing scope: ";
  if (!message.starts_with(kStart)) return {};
  return clean_text(message.substr(kStart.size()), Members::kWordBytes);
}

std::optional<Millis> retry_after_of(const Members& error) {
  const auto ms = value_of(error.count("retryAfterMs"));
  if (!ms) return std::nullopt;
  return Millis(std::min(*ms, kLongestRetryMs));
}

void read_details(const Members& details, WireError& out) {
  out.detail_code = details.word("code");
  out.detail_reason = details.word("reason");
  out.request_id = details.identity_or_empty("requestId");
  out.device_id = details.identity_or_empty("deviceId");
  out.recommended_next_step = details.word("recommendedNextStep");
  out.expected_protocol = value_of(details.count("expectedProtocol"));
  out.can_retry_with_device_token = details.is_true("canRetryWithDeviceToken");
  out.pause_reconnect = value_of(details.flag("pauseReconnect"));
  if (const auto scope = details.word("missingScope"); !scope.empty()) out.missing_scope = scope;
  if (!out.retry_after) out.retry_after = retry_after_of(details);
}

WireError read_error(const std::optional<Members>& error) {
  WireError out;
  if (!error) return out;
  out.code = error->word("code");
  out.message = value_of(error->text("message", kMessageBytes)).value_or("");
  out.retryable = error->is_true("retryable");
  out.retry_after = retry_after_of(*error);
  out.missing_scope = missing_scope_of(out.message);
  if (const auto details = error->object("details")) read_details(*details, out);
  return out;
}

Result<std::string_view> required_text(const Members& frame, std::string_view name) {
  std::string_view text;
  const auto value = frame.find(name);
  if (!value || value->get(text) != simdjson::SUCCESS || text.empty()) {
    return fail(ErrorCode::kInvalid, "a frame without `" + std::string(name) + "`");
  }
  return text;
}

}  // namespace

class FrameParser::Impl {
 public:
  Impl() {
    if (null_parser_.parse("null", 4).get(null_) != simdjson::SUCCESS) null_ = element();
  }

  Result<Frame> parse(std::string_view bytes, std::size_t readable_after) {
    const auto root = document_.parse(bytes, readable_after);
    if (!root) return std::unexpected(root.error());
    return frame_of(*root);
  }

 private:
  Result<Frame> frame_of(const element& root) {
    Skipped skipped;
    const auto frame = Members::of(root, skipped);
    if (!frame) return fail(ErrorCode::kInvalid, "a frame that is not an object");
    const auto type = required_text(*frame, "type");
    if (!type) return std::unexpected(type.error());
    if (*type == "res") return response(*frame);
    if (*type == "event") return event(*frame);
    return OtherFrame{};
  }

  Result<Frame> response(const Members& frame) {
    const auto id = required_text(frame, "id");
    if (!id) return std::unexpected(id.error());
    const auto ok = value_of(frame.flag("ok"));
    if (!ok) return fail(ErrorCode::kInvalid, "a response that says neither yes nor no");
    ResponseFrame out{*id, *ok, frame.find("payload").value_or(null_), {}};
    if (!out.ok) out.error = read_error(frame.object("error"));
    return out;
  }

  Result<Frame> event(const Members& frame) {
    const auto name = required_text(frame, "event");
    if (!name) return std::unexpected(name.error());
    EventFrame out{*name, value_of(frame.count("seq")), std::nullopt,
                   frame.find("payload").value_or(null_)};
    if (const auto versions = frame.object("stateVersion")) {
      out.presence_version = value_of(versions->count("presence"));
    }
    return out;
  }

  Document document_;
  simdjson::dom::parser null_parser_;
  element null_;
};

FrameParser::FrameParser() : impl_(std::make_unique<Impl>()) {}
FrameParser::~FrameParser() = default;
FrameParser::FrameParser(FrameParser&&) noexcept = default;

Result<Frame> FrameParser::parse(std::string_view bytes, std::size_t readable_after) {
  return impl_->parse(bytes, readable_after);
}

std::string request_frame(std::string_view id, std::string_view method,
                          std::string_view params_json) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("type", "req").field("id", id).field("method", method);
  json.key("params").raw(params_json).end_object();
  return out;
}

}  // namespace cc::gateway::protocol
