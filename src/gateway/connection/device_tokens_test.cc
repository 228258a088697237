#include "gateway/connection/device_tokens.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "files/testing/scratch.h"

namespace cc::gateway {
namespace {

namespace fs = std::filesystem;

class DeviceTokensTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path file() const { return directory_ / "tokens.json"; }
  void write(std::string_view bytes) const { files::testing::put(file(), bytes); }
  void mode(fs::perms perms) const { fs::permissions(file(), perms); }

  const DeviceTokenKey here_{"ws://a:1/", "device"};
  const DeviceTokenKey there_{"ws://b:1/", "device"};
  files::testing::ScratchFolder directory_;
};

TEST_F(DeviceTokensTest, KeepsOneForEachGateway) {
  const DeviceTokens tokens(file());
  EXPECT_TRUE(tokens.find(here_)->empty());
  ASSERT_TRUE(tokens.store(here_, Secret("one")));
  ASSERT_TRUE(tokens.store(there_, Secret("two")));
  EXPECT_TRUE(DeviceTokens(file()).find(here_)->equals("one"));
  EXPECT_TRUE(DeviceTokens(file()).find(there_)->equals("two"));
}

TEST_F(DeviceTokensTest, NobodyElseCanReadIt) {
  ASSERT_TRUE(DeviceTokens(file()).store(here_, Secret("one")));
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(DeviceTokensTest, ForgetsOneAndKeepsTheRest) {
  const DeviceTokens tokens(file());
  ASSERT_TRUE(tokens.store(here_, Secret("one")));
  ASSERT_TRUE(tokens.store(there_, Secret("two")));
  ASSERT_TRUE(tokens.forget(here_));
  EXPECT_TRUE(tokens.find(here_)->empty());
  EXPECT_TRUE(tokens.find(there_)->equals("two"));
}

TEST_F(DeviceTokensTest, RefusesAFileThatOthersCanRead) {
  write("{}");
  mode(fs::perms::owner_all | fs::perms::group_read);
  const auto found = DeviceTokens(file()).find(here_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kRefused);
}

TEST_F(DeviceTokensTest, ADamagedFileIsToldAndThenReplaced) {
  write("{\"ws");
  mode(fs::perms::owner_read | fs::perms::owner_write);
  const DeviceTokens tokens(file());
  EXPECT_EQ(tokens.find(here_).error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(tokens.store(here_, Secret("one")));
  EXPECT_TRUE(tokens.find(here_)->equals("one"));
}

TEST_F(DeviceTokensTest, APipeInItsPlaceDoesNotHangTheLink) {
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_EQ(DeviceTokens(file()).find(here_).error().code, ErrorCode::kRefused);
}

TEST_F(DeviceTokensTest, AFolderThatIsNotThereIsAnError) {
  const DeviceTokens tokens(directory_ / "missing/tokens.json");
  EXPECT_FALSE(tokens.store(here_, Secret("one")));
  EXPECT_TRUE(tokens.find(here_)->empty());
}

}  // namespace
}  // namespace cc::gateway
