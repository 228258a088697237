#include "gateway/protocol/device_identity.h"

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/random.h"

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

class File {
 public:
  File(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool sync() { return ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

std::unexpected<Error> io_failure(const std::filesystem::path& file, std::string_view doing) {
  return fail(ErrorCode::kUnavailable, "cannot " + std::string(doing) + " " + file.string() + ": " +
                                           std::generic_category().message(errno));
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) {
    if (errno == ENOENT) return fail(ErrorCode::kNotFound, path.string() + " is not there");
    return io_failure(path, "open");
  }
  struct stat state{};
  if (::fstat(file.descriptor(), &state) != 0) return io_failure(path, "look at");
  if ((state.st_mode & 077U) != 0) {
    return fail(ErrorCode::kRefused, path.string() +
                                         " can be read by others; it holds the private key of this "
                                         "installation: chmod 600 it");
  }
  std::string bytes(kMaxFileBytes, '\0');
  const auto count = ::read(file.descriptor(), bytes.data(), bytes.size());
  if (count < 0) return io_failure(path, "read");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

bool sync_folder(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  File opened(folder, O_RDONLY | O_DIRECTORY);
  return opened.is_open() && opened.sync();
}

/// kInUse where `path` appeared meanwhile: a link, unlike a rename, never replaces.
Result<void> write_new_file(const std::filesystem::path& path, std::string_view bytes) {
  const auto draft = path.string() + ".new-" + to_hex(random_bytes<8>());
  {
    File file(draft, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!file.is_open()) return io_failure(draft, "create");
    if (!file.write(bytes) || !file.sync()) {
      auto failure = io_failure(draft, "write");
      ::unlink(draft.c_str());
      return failure;
    }
  }
  const int linked = ::link(draft.c_str(), path.c_str());
  const int reason = errno;
  ::unlink(draft.c_str());
  errno = reason;
  if (linked != 0 && reason == EEXIST) return fail(ErrorCode::kInUse, path.string() + " is there");
  if (linked != 0 || !sync_folder(path)) return io_failure(path, "create");
  return {};
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
  auto pem = read_file(file);
  if (!pem && pem.error().code == ErrorCode::kNotFound) {
    auto fresh = generate();
    const auto written = write_new_file(file, fresh.key_->pem());
    if (written) return fresh;
    if (written.error().code != ErrorCode::kInUse) return std::unexpected(written.error());
    pem = read_file(file);
  }
  if (!pem) return std::unexpected(pem.error());
  auto key = Key::from_pem(*pem);
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
