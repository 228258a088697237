#include "gateway/protocol/refusal_table.h"

#include <array>

namespace cc::gateway::protocol {
namespace {

using Kind = Verdict::Kind;

constexpr Millis kSlow{60'000};       // while a person is expected to act
constexpr Millis kVerySlow{600'000};  // while an upgrade is
constexpr Millis kSoon{1'000};
constexpr Millis kUsualStart{500};

/// What a refusal is recognised by, and what it asks for.
template <class Key>
struct Row {
  Key key;
  Refusal refusal;
};

constexpr std::string_view kSetToken = "set {token_setting} to the gateway's token";
constexpr std::string_view kSetPassword = "set {password_setting} to the gateway's password";
constexpr std::string_view kReport =
    "update Control Center; if it is the newest release, report this as a bug";
constexpr std::string_view kNewIdentity =
    "stop Control Center, restore its device key in the data directory or remove it, start it, and "
    "pair it again";

// Keys ending in '*' stand for all that begin so; the first row that fits counts.
constexpr std::array kByDetailCode{
    Row<std::string_view>{"AUTH_TOKEN_MISSING",
                          {Kind::kBlocked, kSlow,
                           "The gateway at {url} wants a token, and none was shown.", kSetToken}},
    Row<std::string_view>{
        "AUTH_TOKEN_MISMATCH",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} does not accept the token: it is not the one in its "
         "configuration.",
         kSetToken}},
    Row<std::string_view>{"AUTH_TOKEN_NOT_CONFIGURED",
                          {Kind::kBlocked, kSlow,
                           "The gateway at {url} checks tokens, but has none in its configuration.",
                           "set gateway.auth.token in the gateway's configuration, and "
                           "{token_setting} to the same"}},
    Row<std::string_view>{
        "AUTH_PASSWORD_MISSING",
        {Kind::kBlocked, kSlow, "The gateway at {url} wants a password, and none was shown.",
         kSetPassword}},
    Row<std::string_view>{"AUTH_PASSWORD_MISMATCH",
                          {Kind::kBlocked, kSlow,
                           "The gateway at {url} does not accept the password.", kSetPassword}},
    Row<std::string_view>{
        "AUTH_PASSWORD_NOT_CONFIGURED",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} checks passwords, but has none in its configuration.",
         "set gateway.auth.password in the gateway's configuration, and "
         "{password_setting} to the same"}},
    Row<std::string_view>{
        "AUTH_DEVICE_TOKEN_MISMATCH",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} no longer knows the device token that it gave to this "
         "installation: the pairing was removed or replaced.",
         "set {token_setting}, or pair again: approve the "
         "request that `openclaw devices list` shows"}},
    Row<std::string_view>{
        "AUTH_SCOPE_MISMATCH",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} gave this installation a device token that does not "
         "cover operator.read.",
         "openclaw devices list, and approve this installation for operator.read"}},
    Row<std::string_view>{
        "AUTH_RATE_LIMITED",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} saw too many failed sign-ins and takes none for a while.",
         "check {token_setting} and wait; the next try comes by itself"}},
    Row<std::string_view>{
        "AUTH_REQUIRED",
        {Kind::kBlocked, kSlow, "The gateway at {url} wants a token or a password.", kSetToken}},
    Row<std::string_view>{"AUTH_UNAUTHORIZED",
                          {Kind::kBlocked, kSlow,
                           "The gateway at {url} does not accept what it was shown.", kSetToken}},
    Row<std::string_view>{
        "AUTH_*",
        {Kind::kBlocked, kSlow, "The gateway at {url} does not let this installation in ({code}).",
         kSetToken}},
    Row<std::string_view>{
        "DEVICE_IDENTITY_REQUIRED",
        {Kind::kBlocked, kSlow, "The gateway at {url} wants a token, or a device that it knows.",
         kSetToken}},
    Row<std::string_view>{
        "DEVICE_AUTH_NONCE_*",
        {Kind::kBackoff, Millis{0},
         "The gateway at {url} says that the handshake answered another challenge.", ""}},
    Row<std::string_view>{"DEVICE_AUTH_SIGNATURE_EXPIRED",
                          {Kind::kBackoff, Millis{0},
                           "The gateway at {url} says that the handshake took too long.", ""}},
    Row<std::string_view>{
        "DEVICE_AUTH_*",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} does not accept the identity of this installation "
         "({code}): its device key is damaged, or the two disagree on how to sign.",
         kNewIdentity}},
    Row<std::string_view>{
        "CONTROL_UI_ORIGIN_NOT_ALLOWED",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} takes this program for a web page of another origin: "
         "something on the way adds an Origin header.",
         "remove the Origin header from the proxy before the gateway"}},
    Row<std::string_view>{
        "MISSING_SCOPE",
        {Kind::kBlocked, kSlow,
         "The gateway at {url} does not let this installation read: {scope} is missing.",
         "openclaw devices list, and approve this installation for {scope}"}},
};

constexpr std::array kByCode{
    Row<std::string_view>{
        "NOT_PAIRED",
        {Kind::kBlocked, kSlow, "The gateway at {url} does not know this installation.",
         "openclaw devices list, then openclaw devices approve with the request's id"}},
    Row<std::string_view>{
        "FORBIDDEN",
        {Kind::kBlocked, kSlow, "The gateway at {url} does not let this installation read.",
         "openclaw devices list, and approve this installation for operator.read"}},
    Row<std::string_view>{
        "INVALID_REQUEST",
        {Kind::kBlocked, kVerySlow,
         "The gateway at {url} does not understand how this release says hello.", kReport}},
    Row<std::string_view>{
        "UNAVAILABLE",
        {Kind::kBackoff, Millis{0}, "The gateway at {url} cannot take connections now.", ""}},
};

constexpr std::array kByCloseCode{
    Row<int>{1000, {Kind::kBackoff, Millis{0}, "The gateway at {url} closed the connection.", ""}},
    Row<int>{1001, {Kind::kBackoff, Millis{0}, "The gateway at {url} went away.", ""}},
    Row<int>{1005,
             {Kind::kBackoff, Millis{0}, "The connection to the gateway at {url} was lost.", ""}},
    Row<int>{1006,
             {Kind::kBackoff, Millis{0}, "The connection to the gateway at {url} was lost.", ""}},
    Row<int>{
        1008,
        {Kind::kBlocked, kSlow,
         "The gateway at {url} closed the connection for a rule of its own, without saying which.",
         "look at the gateway's log"}},
    Row<int>{
        1009,
        {Kind::kBackoff, Millis{0},
         "The connection to the gateway at {url} ended with a message that is too large.", ""}},
    Row<int>{1011,
             {Kind::kBackoff, Millis{0}, "The gateway at {url} had an error of its own.", ""}},
    Row<int>{1012,
             {Kind::kRetryAfter, kSoon, "The gateway at {url} is stopping or starting anew.", ""}},
    Row<int>{1013, {Kind::kRetryAfter, kUsualStart, "The gateway at {url} is starting.", ""}},
    Row<int>{4000,
             {Kind::kBackoff, Millis{0}, "The gateway at {url} was silent for too long.", ""}},
    Row<int>{4001,
             {Kind::kBackoff, Millis{0},
              "The gateway at {url} changed who may connect, or removed this installation.", ""}},
};

struct StatusRange {
  int first;
  int last;
};
constexpr std::array kByHttpStatus{
    Row<StatusRange>{{401, 401},
                     {Kind::kBlocked, kSlow,
                      "Something before the gateway at {url} wants a login (HTTP {status}).",
                      "connect to the gateway directly, or let its proxy pass this program"}},
    Row<StatusRange>{
        {403, 403},
        {Kind::kBlocked, kSlow,
         "The gateway at {url} does not trust the proxy before it (HTTP {status}).",
         "add the proxy's address to gateway.trustedProxies, or connect to the gateway "
         "directly"}},
    Row<StatusRange>{{429, 429},
                     {Kind::kBlocked, kSlow,
                      "The gateway at {url} gets too many connections (HTTP {status}).", ""}},
    Row<StatusRange>{
        {500, 599},
        {Kind::kBackoff, Millis{0},
         "The gateway at {url}, or the proxy before it, is not ready (HTTP {status}).", ""}},
    Row<StatusRange>{{100, 999},
                     {Kind::kBackoff, Millis{0},
                      "What answers at {url} is not a gateway's WebSocket (HTTP {status}).",
                      "check {url_setting}"}},
};

constexpr Refusal kProtocolMismatch{
    Kind::kBlocked, kVerySlow,
    "The gateway at {url} speaks protocol {expected}, this program {offered}.",
    "upgrade the gateway or Control Center, or widen CONTROL_CENTER_GATEWAY_PROTOCOLS"};

constexpr Refusal kStaleHandshake{
    Kind::kBlocked, kSlow,
    "The gateway at {url} refuses one handshake after the other as late or answering another "
    "challenge ({code}).",
    "compare the clocks of this machine and of the gateway's, and look for a proxy between them "
    "that keeps connections; if neither is it, report this as a bug"};

constexpr Refusal pairing(std::string_view detail) {
  return {Kind::kBlocked, kSlow, detail, ""};
}
// The last row fits any reason.
constexpr std::array kByPairingReason{
    Row<std::string_view>{
        "scope-upgrade",
        pairing("The gateway at {url} knows this installation, but has not approved it for "
                "operator.read.")},
    Row<std::string_view>{
        "role-upgrade",
        pairing("The gateway at {url} knows this installation, but has not approved it as "
                "operator.")},
    Row<std::string_view>{
        "metadata-upgrade",
        pairing("The gateway at {url} knows this installation, but on another platform.")},
    Row<std::string_view>{"*",
                          pairing("The gateway at {url} has not approved this installation yet.")},
};

bool fits(std::string_view key, std::string_view code) {
  if (!key.ends_with('*')) return key == code;
  key.remove_suffix(1);
  return code.starts_with(key);
}
bool fits(int key, int code) {
  return key == code;
}
bool fits(StatusRange key, int status) {
  return status >= key.first && status <= key.last;
}

template <class Table, class Value>
const Refusal* find(const Table& table, Value value) {
  for (const auto& row : table) {
    if (fits(row.key, value)) return &row.refusal;
  }
  return nullptr;
}

}  // namespace

const Refusal& protocol_mismatch() {
  return kProtocolMismatch;
}
const Refusal& stale_handshake() {
  return kStaleHandshake;
}
const Refusal* refusal_by_detail_code(std::string_view code) {
  return find(kByDetailCode, code);
}
const Refusal* refusal_by_code(std::string_view code) {
  return find(kByCode, code);
}
const Refusal* refusal_by_close_code(int code) {
  return find(kByCloseCode, code);
}
const Refusal* refusal_by_http_status(int status) {
  return find(kByHttpStatus, status);
}

const Refusal& refusal_by_pairing_reason(std::string_view reason) {
  return *find(kByPairingReason, reason);
}

}  // namespace cc::gateway::protocol
