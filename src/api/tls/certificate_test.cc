#include "api/tls/certificate.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "api/tls/certificate_watch.h"
#include "base/testing/self_signed.h"

namespace cc::api {
namespace {

using cc::testing::put_file;
using cc::testing::SelfSigned;
using ::testing::HasSubstr;

class CertificateFiles : public ::testing::Test {
 protected:
  CertificateFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "cc-tls-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    files_ = {.certificate = {"--tls-cert-file", folder_ / "cert.pem"},
              .key = {"--tls-key-file", folder_ / "key.pem"}};
    put(SelfSigned());
  }
  ~CertificateFiles() override { std::filesystem::remove_all(folder_); }

  void put(const SelfSigned& pair) const {
    put_file(files_.certificate.path, pair.certificate());
    put_file(files_.key.path, pair.key());
  }
  [[nodiscard]] Error why_not() const {
    const auto loaded = Certificate::load(files_);
    return loaded ? Error{} : loaded.error();
  }

  std::filesystem::path folder_;
  TlsFiles files_;
};

TEST_F(CertificateFiles, APairThatBelongsTogetherIsTaken) {
  const auto loaded = Certificate::load(files_);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_GT((*loaded)->expires_at(), 0);
  EXPECT_EQ(certificate_fingerprint(files_.certificate)->size(), 64U);
}

TEST_F(CertificateFiles, AKeyThatOthersCanReadIsRefused) {
  for (const unsigned mode : {0640U, 0604U, 0660U}) {
    std::filesystem::permissions(files_.key.path, static_cast<std::filesystem::perms>(mode));
    EXPECT_EQ(why_not().code, ErrorCode::kRefused) << mode;
    EXPECT_THAT(why_not().message, HasSubstr("--tls-key-file: "));
  }
}

TEST_F(CertificateFiles, TheKeyOfAnotherCertificateIsRefused) {
  put_file(files_.key.path, SelfSigned().key());
  EXPECT_EQ(why_not().code, ErrorCode::kInvalid);
  EXPECT_THAT(why_not().message, HasSubstr("is not the key of"));
}

TEST_F(CertificateFiles, RubbishAndNothingAreNamedByTheirSetting) {
  put_file(files_.key.path, "rubbish");
  EXPECT_THAT(why_not().message, HasSubstr("--tls-key-file: "));
  std::filesystem::remove(files_.key.path);
  EXPECT_THAT(why_not().message, HasSubstr("--tls-key-file: "));
  put_file(files_.certificate.path, "rubbish");
  EXPECT_THAT(why_not().message, HasSubstr("--tls-cert-file: "));
  std::filesystem::remove(files_.certificate.path);
  EXPECT_EQ(why_not().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(certificate_fingerprint(files_.certificate));
}

class Renewal : public CertificateFiles {
 protected:
  std::ostringstream text_;
  telemetry::Log log_{text_, telemetry::LogLevel::kInfo, telemetry::LogFormat::kText};
  CertificateWatch watch_{files_, Certificate::load(files_).value(), log_};
};

TEST_F(Renewal, ANewPairCountsAtTheNextLook) {
  const auto first = watch_.current();
  watch_.look();
  EXPECT_EQ(watch_.current(), first) << "nothing has changed";
  put(SelfSigned());
  EXPECT_EQ(watch_.current(), first);
  watch_.look();
  EXPECT_NE(watch_.current(), first);
}

/// Two files cannot be replaced in one step, and between them they do not fit.
TEST_F(Renewal, HalfANewPairLeavesTheOldOne) {
  const auto first = watch_.current();
  const SelfSigned fresh;
  put_file(files_.certificate.path, fresh.certificate());
  watch_.look();
  EXPECT_EQ(watch_.current(), first);
  EXPECT_THAT(text_.str(), HasSubstr("the old one stays"));
  const auto said = text_.str().size();
  watch_.look();
  EXPECT_EQ(text_.str().size(), said) << "told once";
  put_file(files_.key.path, fresh.key());
  watch_.look();
  EXPECT_NE(watch_.current(), first);
}

TEST_F(Renewal, AnybodyCanAskForAnotherReading) {
  const auto first = watch_.current();
  watch_.read_again();
  EXPECT_NE(watch_.current(), first);
}

}  // namespace
}  // namespace cc::api
