#include "api/tls/tls_gate.h"

#include <algorithm>
#include <map>
#include <utility>

#include <boost/asio.hpp>

#include "api/tls/tunnel.h"

namespace cc::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class TlsGate::Impl : public std::enable_shared_from_this<TlsGate::Impl> {
 public:
  Impl(asio::any_io_executor executor, std::shared_ptr<CertificateWatch> certificate, Limits limits)
      : executor_(std::move(executor)),
        certificate_(std::move(certificate)),
        limits_(limits),
        look_timer_(executor_) {}

  void look_later() {
    look_timer_.expires_after(limits_.look_every);
    look_timer_.async_wait([weak = weak_from_this()](const error_code& error) {
      const auto self = weak.lock();
      if (!self || error) return;
      self->certificate_->look();
      self->look_later();
    });
  }

  void take(tcp::socket outer, asio::any_io_executor server, Done done,
            std::shared_ptr<void> place) {
    if (draining_) return;
    const auto key = ++last_;
    const auto tunnel = std::make_shared<Tunnel>(
        std::move(outer), Tunnel::Parts{.certificate = *certificate_,
                                        .limits = limits_,
                                        .scratch = scratch_,
                                        .server = std::move(server),
                                        .done = std::move(done),
                                        .place = std::move(place),
                                        .gone = [weak = weak_from_this(), key] {
                                          if (const auto self = weak.lock()) self->remove(key);
                                        }});
    tunnels_.emplace(key, tunnel);
    tunnel->run();
  }

  void make_room() {
    const auto oldest =
        std::ranges::find_if(tunnels_, [](const auto& item) { return item.second->is_spare(); });
    if (oldest != tunnels_.end()) oldest->second->abort();
  }

  void drain(std::function<void()> drained) {
    draining_ = true;
    look_timer_.cancel();
    drained_ = std::move(drained);
    const auto open = tunnels_;
    for (const auto& [key, tunnel] : open) {
      if (!tunnel->established()) tunnel->abort();
    }
    finish_drain();
  }

  [[nodiscard]] const asio::any_io_executor& executor() const { return executor_; }

 private:
  void remove(std::uint64_t key) {
    tunnels_.erase(key);
    finish_drain();
  }

  void finish_drain() {
    if (draining_ && tunnels_.empty() && drained_) std::exchange(drained_, {})();
  }

  asio::any_io_executor executor_;
  std::shared_ptr<CertificateWatch> certificate_;
  const Limits limits_;
  asio::steady_timer look_timer_;
  Scratch scratch_{};
  std::map<std::uint64_t, std::shared_ptr<Tunnel>> tunnels_;
  std::uint64_t last_ = 0;
  bool draining_ = false;
  std::function<void()> drained_;
};

TlsGate::TlsGate(asio::any_io_executor executor, std::shared_ptr<CertificateWatch> certificate,
                 Limits limits)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(certificate), limits)) {
  impl_->look_later();
}

TlsGate::~TlsGate() = default;

asio::any_io_executor TlsGate::executor() const {
  return impl_->executor();
}

void TlsGate::take(tcp::socket outer, asio::any_io_executor server, Done done,
                   std::shared_ptr<void> place) {
  asio::post(impl_->executor(), [impl = impl_, outer = std::move(outer), server = std::move(server),
                                 done = std::move(done), place = std::move(place)]() mutable {
    impl->take(std::move(outer), std::move(server), std::move(done), std::move(place));
  });
}

void TlsGate::make_room() {
  asio::post(impl_->executor(), [impl = impl_] { impl->make_room(); });
}

void TlsGate::drain(std::function<void()> drained) {
  asio::post(impl_->executor(), [impl = impl_, drained = std::move(drained)]() mutable {
    impl->drain(std::move(drained));
  });
}

}  // namespace cc::api
