#include "gateway/protocol/device_identity.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "gateway/testing/ed25519_check.h"

namespace cc::gateway::protocol {
namespace {

namespace fs = std::filesystem;

class DeviceIdentityFile : public testing::Test {
 protected:
  DeviceIdentityFile() : folder_(fs::path(testing::TempDir()) / "device_identity") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~DeviceIdentityFile() override { fs::remove_all(folder_); }

  void write(std::string_view content, fs::perms perms = fs::perms::owner_read) {
    std::ofstream(file()) << content;
    fs::permissions(file(), perms);
  }
  [[nodiscard]] fs::path file() const { return folder_ / "device-key.pem"; }

  fs::path folder_;
};

TEST(DeviceIdentity, IdIsTheHashOfThePublicKey) {
  const auto identity = DeviceIdentity::generate();
  EXPECT_EQ(identity.id(), sha256_hex(from_base64url(identity.public_key())));
  EXPECT_EQ(identity.id().size(), 64U);
  EXPECT_EQ(identity.public_key().size(), 43U);
}

TEST(DeviceIdentity, SignsSoThatOthersCanVerify) {
  const auto identity = DeviceIdentity::generate();
  const auto signature = identity.sign("what was said");
  EXPECT_EQ(signature.size(), 86U);
  EXPECT_TRUE(verifies(identity.public_key(), signature, "what was said"));
  EXPECT_FALSE(verifies(identity.public_key(), signature, "what was not said"));
  EXPECT_FALSE(verifies(DeviceIdentity::generate().public_key(), signature, "what was said"));
}

TEST_F(DeviceIdentityFile, IsMadeOnceAndKept) {
  const auto made = DeviceIdentity::load_or_create(file());
  const auto loaded = DeviceIdentity::load_or_create(file());
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(made->id(), loaded->id());
  EXPECT_TRUE(verifies(made->public_key(), loaded->sign("x"), "x"));
}

TEST_F(DeviceIdentityFile, IsForItsOwnerAlone) {
  ASSERT_TRUE(DeviceIdentity::load_or_create(file()));
  const auto perms = fs::status(file()).permissions();
  EXPECT_EQ(perms & fs::perms::mask, fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(DeviceIdentityFile, NoDraftIsLeftBehind) {
  ASSERT_TRUE(DeviceIdentity::load_or_create(file()));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(DeviceIdentityFile, OneThatOthersCanReadIsRefused) {
  ASSERT_TRUE(DeviceIdentity::load_or_create(file()));
  fs::permissions(file(), fs::perms::group_read, fs::perm_options::add);
  const auto loaded = DeviceIdentity::load_or_create(file());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kRefused);
  EXPECT_THAT(loaded.error().message, testing::HasSubstr("chmod 600"));
}

TEST_F(DeviceIdentityFile, APipeInItsPlaceDoesNotHangTheStart) {
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_EQ(DeviceIdentity::load_or_create(file()).error().code, ErrorCode::kRefused);
}

TEST_F(DeviceIdentityFile, OneThatIsNoKeyIsCorruptAndStays) {
  for (const std::string_view content :
       {"", "not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    fs::remove(file());
    write(content);
    const auto loaded = DeviceIdentity::load_or_create(file());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::kCorrupt);
    std::stringstream kept;
    kept << std::ifstream(file()).rdbuf();
    EXPECT_EQ(kept.str(), content);
  }
}

TEST_F(DeviceIdentityFile, AKeyOfAnotherKindIsCorrupt) {
  write(x25519_pem());
  const auto loaded = DeviceIdentity::load_or_create(file());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kCorrupt);
}

TEST_F(DeviceIdentityFile, AFolderThatIsNotThereIsUnavailable) {
  const auto loaded = DeviceIdentity::load_or_create(folder_ / "nowhere" / "key.pem");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace cc::gateway::protocol
