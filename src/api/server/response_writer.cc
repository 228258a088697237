#include "api/server/response_writer.h"

#include <array>

#include <boost/asio.hpp>

#include "net/completion.h"

namespace cc::api {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kPieceBytes = 64 * 1024;

/// 204 and 304 have no body at all; nobody knows how long a stream becomes.
bool has_length(const Response& response) {
  return response.status != 204 && response.status != 304 &&
         !std::holds_alternative<OpenBody>(response.body);
}

std::string_view text_of(const Body& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return *text;
  if (const auto* text = std::get_if<StaticBody>(&body)) return *text;
  return {};
}

}  // namespace

asio::awaitable<bool> ResponseWriter::send(const Response& response, bool keep_alive,
                                           bool head_only) {
  const auto* file = std::get_if<FileBody>(&response.body);
  const std::string_view body = text_of(response.body);
  Framing framing{.length = {}, .chunked = false, .keep_alive = keep_alive};
  if (has_length(response)) framing.length = file != nullptr ? file->size : body.size();
  if (head_only) co_return co_await send_head(response, framing);
  const std::string head = response_head(response, framing, clock_.wall());
  if (file != nullptr) co_return co_await write_file(head, *file);
  co_return co_await write(head, body);
}

asio::awaitable<bool> ResponseWriter::send_head(const Response& response, Framing framing) {
  const std::string head = response_head(response, framing, clock_.wall());
  co_return co_await write(head, {});
}

asio::awaitable<bool> ResponseWriter::write(std::string_view head, std::string_view body) {
  std::string_view first = body.substr(0, kPieceBytes);
  body.remove_prefix(first.size());
  while (!head.empty() || !first.empty()) {
    const Waiting waiting(waiter_);
    stream_.expires_after(limits_.write_deadline);
    const std::array<asio::const_buffer, 2> pieces{asio::buffer(head), asio::buffer(first)};
    const auto [error, size] = co_await asio::async_write(stream_, pieces, net::kTuple);
    if (error) co_return false;
    head = {};
    first = body.substr(0, kPieceBytes);
    body.remove_prefix(first.size());
  }
  co_return true;
}

asio::awaitable<bool> ResponseWriter::write_file(std::string_view head, const FileBody& file) {
  if (!co_await write(head, {})) co_return false;
  std::string piece;
  for (std::uintmax_t left = file.size; left > 0; left -= piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min<std::uintmax_t>(left, kPieceBytes)));
    // The length has been promised: a file that is shorter ends the connection.
    if (!file.file->read(piece.data(), static_cast<std::streamsize>(piece.size()))) co_return false;
    if (!co_await write({}, piece)) co_return false;
  }
  co_return true;
}

}  // namespace cc::api
