#pragma once
// Which certificate counts now: read again when its files change, so that a renewal needs no
// restart.

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

  /// Reads the files again where they are not those of the last look. Ones that cannot be used are
  /// told in the log once, and the certificate stays what it was: whoever replaces two files may be
  /// between the first and the second.
  void look();
  /// The same, changed or not.
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
