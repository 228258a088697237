#pragma once
// Answers that wait until their clients take them, in bytes: a client that asks for much and takes
// little fills its own share, not the memory of all.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace cc::api {

/// Used on the server's thread alone. A client is a lane of the workers.
class Unsent : public std::enable_shared_from_this<Unsent> {
 public:
  struct Limits {
    std::size_t per_client = 64U << 20U;
    std::size_t all = 256U << 20U;
    std::size_t small = 64U << 10U;  // which is never too much
  };

  /// An answer's part of what waits, as long as it lives.
  class Share {
   public:
    Share(std::shared_ptr<Unsent> of, std::string client, std::size_t bytes)
        : of_(std::move(of)), client_(std::move(client)), bytes_(bytes) {}
    ~Share() {
      if (of_) of_->give_back(client_, bytes_);
    }
    Share(Share&& other) noexcept = default;
    Share& operator=(Share&&) = delete;
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    std::shared_ptr<Unsent> of_;
    std::string client_;
    std::size_t bytes_;
  };

  explicit Unsent(Limits limits) : limits_(limits) {}

  /// Empty where the answer is too much. A small one never is, nor the first of a client.
  [[nodiscard]] std::optional<Share> take(const std::string& client, std::size_t bytes);

 private:
  void give_back(const std::string& client, std::size_t bytes);

  const Limits limits_;
  std::size_t all_ = 0;
  std::map<std::string, std::size_t> by_client_;  // none is 0
};

}  // namespace cc::api
