#include "api/tls/certificate_watch.h"

#include <utility>

#include <sys/stat.h>

namespace cc::api {
namespace {

/// Changes whenever the file is written or replaced. Follows links, because renewals switch links.
std::string signature_of(const std::filesystem::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return "none";
  std::string text;
  for (const auto number :
       {static_cast<std::int64_t>(info.st_ino), static_cast<std::int64_t>(info.st_size),
        static_cast<std::int64_t>(info.st_mtim.tv_sec),
        static_cast<std::int64_t>(info.st_mtim.tv_nsec),
        static_cast<std::int64_t>(info.st_ctim.tv_sec),
        static_cast<std::int64_t>(info.st_ctim.tv_nsec)}) {
    text += std::to_string(number) + ' ';
  }
  return text;
}

}  // namespace

CertificateWatch::CertificateWatch(TlsFiles files, std::shared_ptr<const Certificate> first,
                                   telemetry::Log& log)
    : files_(std::move(files)), log_(log), current_(std::move(first)), seen_(signature()) {}

std::shared_ptr<const Certificate> CertificateWatch::current() const {
  const MutexLock lock(mutex_);
  return current_;
}

std::string CertificateWatch::signature() const {
  return signature_of(files_.certificate.path) + "/ " + signature_of(files_.key.path);
}

void CertificateWatch::look() {
  const MutexLock lock(mutex_);
  if (signature() != seen_) read();
}

void CertificateWatch::read_again() {
  const MutexLock lock(mutex_);
  read();
}

// The signature is taken first: what changes while it is read is seen by the next look.
void CertificateWatch::read() {
  seen_ = signature();
  auto fresh = Certificate::load(files_);
  if (!fresh) {
    return log_.error("the new TLS certificate cannot be used; the old one stays",
                      {{"why", fresh.error().message}});
  }
  current_ = std::move(*fresh);
  log_.info("the TLS certificate was read again",
            {{"certificate", files_.certificate.path.string()}});
}

}  // namespace cc::api
