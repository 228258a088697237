#pragma once
// Holds the current certificate and reads it again when its files change, so that a renewal needs
// no restart.

#include <memory>
#include <string>

#include "api/tls/certificate.h"
#include "base/guarded.h"
#include "telemetry/log.h"

namespace cc::api {

/// Thread-safe.
class CertificateWatch {
 public:
  CertificateWatch(TlsFiles files, std::shared_ptr<const Certificate> first, telemetry::Log& log);

  [[nodiscard]] std::shared_ptr<const Certificate> current() const;

  /// Reads the files again if they changed. If they cannot be used, the log says so once and the
  /// old certificate stays: somebody may be replacing the two files one after the other.
  void look();
  /// Reads the files again, changed or not.
  void read_again();

 private:
  [[nodiscard]] std::string signature() const;
  void read() REQUIRES(mutex_);

  const TlsFiles files_;
  telemetry::Log& log_;
  mutable Mutex mutex_;
  std::shared_ptr<const Certificate> current_ GUARDED_BY(mutex_);
  std::string seen_ GUARDED_BY(mutex_);  // the files' signature at the last look
};

}  // namespace cc::api
