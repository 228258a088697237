#include "gateway/protocol/device_identity.h"

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "base/encoding.h"
#include "files/private_file.h"

namespace cc::gateway::protocol {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMaxFileBytes = 16 * 1024;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Pkey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

Result<std::optional<std::string>> read_pem(const std::filesystem::path& file) {
  return files::read_private(file, {.max_bytes = kMaxFileBytes});
}

}  // namespace

struct DeviceIdentity::Key {
  Pkey pkey;
  std::string id;
  std::string public_key;

  /// Empty where `pkey` is not an Ed25519 key.
  static std::shared_ptr<const Key> of(Pkey pkey) {
    if (!pkey || EVP_PKEY_get_base_id(pkey.get()) != EVP_PKEY_ED25519) return nullptr;
    std::array<unsigned char, kKeyBytes> raw{};
    std::size_t length = raw.size();
    if (EVP_PKEY_get_raw_public_key(pkey.get(), raw.data(), &length) != 1) return nullptr;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(raw.data(), raw.size(), digest.data());
    return std::make_shared<const Key>(Key{std::move(pkey), to_hex(digest), to_base64url(raw)});
  }

  static std::shared_ptr<const Key> from_pem(const std::string& pem) {
    const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    // An answer to "which passphrase?", so that OpenSSL never asks the terminal.
    char none[] = "";
    return bio ? of(Pkey(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, none))) : nullptr;
  }

  [[nodiscard]] std::string pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    char* bytes = nullptr;
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), pkey.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) != 1) {
      throw std::runtime_error("OpenSSL cannot write an Ed25519 key");
    }
    const long length = BIO_get_mem_data(bio.get(), &bytes);
    return {bytes, static_cast<std::size_t>(length)};
  }
};

DeviceIdentity DeviceIdentity::generate() {
  auto key = Key::of(Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
  if (!key) throw std::runtime_error("OpenSSL cannot make an Ed25519 key");
  return DeviceIdentity(std::move(key));
}

Result<DeviceIdentity> DeviceIdentity::load_or_create(const std::filesystem::path& file) {
  auto pem = read_pem(file);
  if (pem && !*pem) {
    auto fresh = generate();
    const auto written = files::create_private(file, fresh.key_->pem());
    if (written) return fresh;
    if (written.error().code != ErrorCode::kInUse) return std::unexpected(written.error());
    pem = read_pem(file);
  }
  if (!pem) return std::unexpected(pem.error());
  auto key = *pem ? Key::from_pem(**pem) : nullptr;
  if (!key) {
    return fail(ErrorCode::kCorrupt,
                file.string() +
                    " is not an Ed25519 private key; restore it, or remove it and pair "
                    "this installation with its gateways again");
  }
  return DeviceIdentity(std::move(key));
}

const std::string& DeviceIdentity::id() const {
  return key_->id;
}
const std::string& DeviceIdentity::public_key() const {
  return key_->public_key;
}

std::string DeviceIdentity::sign(std::string_view payload) const {
  const DigestContext context(EVP_MD_CTX_new());
  std::array<unsigned char, kSignatureBytes> signature{};
  std::size_t length = signature.size();
  const auto* bytes = reinterpret_cast<const unsigned char*>(payload.data());
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->pkey.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, bytes, payload.size()) != 1) {
    throw std::runtime_error("OpenSSL cannot sign");
  }
  return to_base64url(signature);
}

}  // namespace cc::gateway::protocol
