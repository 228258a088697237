#include "auth/credential.h"

#include <gtest/gtest.h>

namespace cc::auth {
namespace {

constexpr std::string_view kSalt = "5a17";

/// Whether the fingerprint is one that a guess costs nothing to compare with.
bool quick(const std::string& token) {
  return fingerprint(Secret(token), kSalt) == digest(std::string(kSalt) + token);
}

TEST(CredentialTest, OnlyATokenThatWasDrawnIsKeptByAQuickFingerprint) {
  EXPECT_TRUE(quick(draw_credential(kAdminPrefix).reveal()));
  for (const std::string& chosen :
       {std::string("correct horse battery staple"), std::string(43, 'A'),
        "cca_" + std::string(42, 'A'), "cca_" + std::string(44, 'A'),
        "cca_" + std::string(42, 'A') + ' '}) {
    EXPECT_FALSE(quick(chosen)) << chosen;
  }
}

TEST(CredentialTest, AFingerprintIsOfItsTokenAndItsSalt) {
  for (const std::string& token :
       {draw_credential(kAdminPrefix).reveal(), std::string("sixteen and more")}) {
    const auto print = fingerprint(Secret(token), kSalt);
    EXPECT_EQ(print, fingerprint(Secret(token), kSalt));
    EXPECT_NE(print, fingerprint(Secret(token), "7a57"));
    EXPECT_NE(print, fingerprint(Secret(token + '.'), kSalt));
    EXPECT_EQ(print.size(), 64U);
  }
}

}  // namespace
}  // namespace cc::auth
