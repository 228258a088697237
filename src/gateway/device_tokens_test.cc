#include "gateway/device_tokens.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cc::gateway {
namespace {

namespace fs = std::filesystem;

class DeviceTokensTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "device-tokens-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] fs::path file() const { return directory_ / "tokens.json"; }
  void write(std::string_view bytes) const { std::ofstream(file()) << bytes; }
  void mode(fs::perms perms) const { fs::permissions(file(), perms); }

  const DeviceTokenKey here_{"ws://a:1/", "device"};
  const DeviceTokenKey there_{"ws://b:1/", "device"};
  fs::path directory_;
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

TEST_F(DeviceTokensTest, AFolderThatIsNotThereIsAnError) {
  const DeviceTokens tokens(directory_ / "missing" / "tokens.json");
  EXPECT_FALSE(tokens.store(here_, Secret("one")));
  EXPECT_TRUE(tokens.find(here_)->empty());
}

}  // namespace
}  // namespace cc::gateway
