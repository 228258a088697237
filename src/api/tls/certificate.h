#pragma once
// The server's certificate and private key, read from two PEM files.

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "files/private_file.h"

// OpenSSL's own name for it, so that its headers stay out of ours.
struct ssl_ctx_st;

namespace cc::api {

struct PemFile {
  std::string setting;  // that names it, for errors
  std::filesystem::path path;
  files::Exposure exposure = files::Exposure::kNone;  // of a key
};

struct TlsFiles {
  PemFile certificate;  // the server's own first, then those that signed it
  PemFile key;          // without a passphrase, mode 0600
};

/// Immutable: a connection ends with the certificate it began with.
class Certificate {
 public:
  /// The errors name the setting and the file. kUnavailable: it cannot be read. kRefused: others
  /// can read the key. kInvalid: it is not what it should be, or the key is another certificate's.
  [[nodiscard]] static Result<std::shared_ptr<const Certificate>> load(const TlsFiles& files);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  /// What handshakes are made from. Usable from any thread.
  [[nodiscard]] ssl_ctx_st* context() const { return context_; }
  [[nodiscard]] TimeMs expires_at() const { return expires_at_; }

 private:
  Certificate() = default;

  ssl_ctx_st* context_ = nullptr;
  TimeMs expires_at_ = 0;
};

/// SHA-256 of the first certificate in a PEM file, as 64 hex digits: what a client of this machine
/// knows the server by. kUnavailable, kInvalid.
[[nodiscard]] Result<std::string> certificate_fingerprint(const PemFile& file);

}  // namespace cc::api
