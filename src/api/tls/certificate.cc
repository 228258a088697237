#include "api/tls/certificate.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/encoding.h"
#include "files/private_file.h"

namespace cc::api {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr const char* kCiphersOf12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view kProtocol = "\x08http/1.1";
constexpr std::size_t kMaxPemBytes = 1U << 20U;

std::unexpected<Error> wrong(const PemFile& file, const std::string& what) {
  return fail(ErrorCode::kInvalid, file.setting + ": " + file.path.string() + " " + what);
}

Bio reader_of(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

/// Never asks for a passphrase: nobody is at the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*context*/) {
  return 0;
}

X509Ptr next_certificate(BIO* pem) {
  return {PEM_read_bio_X509(pem, nullptr, &no_passphrase, nullptr), &X509_free};
}

/// The only protocol spoken; a client that offers others alone is turned away.
int choose_protocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void* /*unused*/) {
  const std::span all(offered, offered_size);
  for (std::size_t at = 0; at < all.size(); at += all[at] + 1U) {
    const auto name = all.subspan(at);
    if (name.size() < kProtocol.size()) break;
    if (std::memcmp(name.data(), kProtocol.data(), kProtocol.size()) != 0) continue;
    *out = name.data() + 1;
    *out_size = static_cast<unsigned char>(kProtocol.size() - 1);
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// No resumption: each connection has keys of its own, and a new certificate counts at once.
void set_rules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphersOf12);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context, &choose_protocol, nullptr);
}

Result<std::string> read_public(const PemFile& file) {
  auto pem = files::read_private(file.path, {.max_bytes = kMaxPemBytes,
                                             .links = files::Links::kFollow,
                                             .exposure = files::Exposure::kAny});
  if (!pem) return fail(pem.error().code, file.setting + ": " + pem.error().message);
  if (!*pem) {
    return fail(ErrorCode::kUnavailable, file.setting + ": cannot read " + file.path.string() +
                                             ": " + std::generic_category().message(ENOENT));
  }
  return std::move(**pem);
}

Result<Key> read_key(const PemFile& file) {
  auto pem =
      files::read_private(file.path, {.links = files::Links::kFollow, .exposure = file.exposure});
  if (!pem) return fail(pem.error().code, file.setting + ": " + pem.error().message);
  if (!*pem) return wrong(file, "is not there");
  const auto bio = reader_of(**pem);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr), &EVP_PKEY_free);
  OPENSSL_cleanse((*pem)->data(), (*pem)->size());
  if (!key) return wrong(file, "holds no private key in PEM, or one with a passphrase");
  return key;
}

/// The certificate itself, then its chain.
Result<TimeMs> use_chain(SSL_CTX* context, const PemFile& file) {
  const auto pem = read_public(file);
  if (!pem) return std::unexpected(pem.error());
  const auto bio = reader_of(*pem);
  const auto own = next_certificate(bio.get());
  if (!own) return wrong(file, "holds no certificate in PEM");
  if (SSL_CTX_use_certificate(context, own.get()) != 1) return wrong(file, "cannot be used");
  while (const auto more = next_certificate(bio.get())) {
    if (SSL_CTX_add1_chain_cert(context, more.get()) != 1) return wrong(file, "cannot be used");
  }
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(own.get()), &end) != 1) return wrong(file, "has no end");
  return static_cast<TimeMs>(::timegm(&end)) * 1000;
}

}  // namespace

Result<std::shared_ptr<const Certificate>> Certificate::load(const TlsFiles& files) {
  ERR_clear_error();
  std::shared_ptr<Certificate> made(new Certificate());
  made->context_ = SSL_CTX_new(TLS_server_method());
  if (made->context_ == nullptr) return fail(ErrorCode::kUnavailable, "TLS cannot be set up");
  set_rules(made->context_);
  const auto end = use_chain(made->context_, files.certificate);
  if (!end) return std::unexpected(end.error());
  made->expires_at_ = *end;
  const auto key = read_key(files.key);
  if (!key) return std::unexpected(key.error());
  if (SSL_CTX_use_PrivateKey(made->context_, key->get()) != 1 ||
      SSL_CTX_check_private_key(made->context_) != 1) {
    return wrong(files.key, "is not the key of " + files.certificate.path.string());
  }
  return made;
}

Certificate::~Certificate() {
  SSL_CTX_free(context_);
}

Result<std::string> certificate_fingerprint(const PemFile& file) {
  ERR_clear_error();
  const auto pem = read_public(file);
  if (!pem) return std::unexpected(pem.error());
  const auto bio = reader_of(*pem);
  const auto own = next_certificate(bio.get());
  if (!own) return wrong(file, "holds no certificate in PEM");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(own.get(), EVP_sha256(), digest.data(), &size) != 1) {
    return wrong(file, "cannot be used");
  }
  return to_hex(std::span(digest).first(size));
}

}  // namespace cc::api
