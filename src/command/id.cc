#include "command/id.h"

#include <algorithm>
#include <array>
#include <new>

#include <openssl/evp.h>

#include "base/encoding.h"
#include "base/random.h"

namespace cc::command {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kTimeDigits = 9;  // until the year 5188

}  // namespace

std::string draw_id(TimeMs now) {
  std::string id(kIdLength, '0');
  auto rest = static_cast<std::uint64_t>(std::max<TimeMs>(now, 0));
  for (std::size_t i = kTimeDigits; i > 0; --i, rest /= kDigits.size()) {
    id[i - 1] = kDigits[rest % kDigits.size()];
  }
  const auto random = random_bytes<kIdLength - kTimeDigits>();
  for (std::size_t i = 0; i < random.size(); ++i) {
    id[kTimeDigits + i] = kDigits[random[i] % kDigits.size()];
  }
  return id;
}

bool is_id(std::string_view text) {
  return text.size() == kIdLength && std::ranges::all_of(text, [](char c) {
           return kDigits.find(c) != std::string_view::npos;
         });
}

std::string sha256(std::string_view text) {
  std::array<unsigned char, 32> out{};
  if (EVP_Digest(text.data(), text.size(), out.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();  // the only way that it fails
  }
  return to_hex(out);
}

}  // namespace cc::command
