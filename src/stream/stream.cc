#include "stream/stream.h"

#include <utility>

#include "stream/hub.h"

namespace cc::stream {
namespace {

Selection select(Filter filter, bool chunked) {
  Selection selection{.gateway = std::move(filter.gateway), .chunked = chunked};
  if (filter.kinds.empty()) return selection;
  selection.kinds = 0;
  for (const auto kind : filter.kinds) selection.kinds |= 1U << static_cast<unsigned>(kind);
  return selection;
}

}  // namespace

Stream::Stream(Parts parts, StreamOptions options)
    : hub_(std::make_shared<Hub>(std::move(parts), options)) {}

Stream::~Stream() {
  hub_->stop();
}

void Stream::committed(std::span<const journal::Entry> entries, const Epoch& epoch) {
  hub_->committed(entries, epoch);
}

void Stream::wake() {
  hub_->wake();
}

void Stream::serve(boost::asio::ip::tcp::socket socket, bool chunked, Start start, Filter filter,
                   std::function<bool()> allowed, std::function<void()> closed) {
  hub_->serve(std::move(socket),
              {.selection = select(std::move(filter), chunked),
               .allowed = std::move(allowed),
               .closed = std::move(closed)},
              start);
}

void Stream::drain(std::function<void()> drained) {
  hub_->drain(std::move(drained));
}

std::size_t Stream::readers() const {
  return hub_->readers();
}

}  // namespace cc::stream
