#include "app/data_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/run_file.h"
#include "app/config/testing/config_material.h"

namespace cc::app {
namespace {

using ::testing::HasSubstr;

using files::testing::mode_of;

TEST(DataDir, IsMadePrivate) {
  const ScratchDirectory scratch;
  const auto root = scratch.path() / "state" / "control-center";
  const auto data = DataDir::open(root);
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(mode_of(root), 0700U);
  EXPECT_EQ(mode_of(root / "lock"), 0600U);
  EXPECT_FALSE(DataDir::open_to_others(root));
  EXPECT_EQ(mode_of(*data->make_scratch()), 0700U);
}

TEST(DataDir, IsLockedByOneAndNamesIt) {
  const ScratchDirectory scratch;
  auto first = DataDir::open(scratch.path());
  ASSERT_TRUE(first);
  const auto second = DataDir::open(scratch.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kInUse);
  EXPECT_EQ(second.error().message, "the data directory " + scratch.path().string() +
                                        " is in use by process " + std::to_string(::getpid()));
  EXPECT_EQ(DataDir::holder(scratch.path()), ::getpid());
  first = fail(ErrorCode::kCancelled, "let go");
  EXPECT_EQ(DataDir::holder(scratch.path()), std::nullopt);
  EXPECT_TRUE(DataDir::open(scratch.path()));
}

TEST(DataDir, SaysWhyItCannotBeMade) {
  const ScratchDirectory scratch;
  const auto file = scratch.write("file", "");
  const auto data = DataDir::open(file);
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(data.error().message, HasSubstr("cannot make the data directory " + file.string()));
}

TEST(RunFile, TellsWhereTheServerIsWhileItRuns) {
  const ScratchDirectory scratch;
  EXPECT_EQ(find_server(scratch.path()).error().code, ErrorCode::kNotFound);
  auto data = DataDir::open(scratch.path());
  EXPECT_EQ(find_server(scratch.path()).error().code, ErrorCode::kUnavailable);  // it starts
  {
    const auto file = RunFile::write(scratch.path(), {"::1", 8787, ::getpid(), "1.2.3"});
    ASSERT_TRUE(file);
    EXPECT_EQ(mode_of(scratch.path() / "serve.json"), 0600U);
    const auto server = find_server(scratch.path());
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_EQ(server->url(), "http://[::1]:8787");
    EXPECT_EQ(server->version, "1.2.3");
    EXPECT_EQ(server->pid, ::getpid());
  }
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "serve.json"));
}

TEST(RunFile, OfADeadServerIsNotBelieved) {
  const ScratchDirectory scratch;
  const auto file = RunFile::write(scratch.path(), {"127.0.0.1", 8787, 1, "1.2.3"});
  EXPECT_EQ(find_server(scratch.path()).error().code, ErrorCode::kNotFound);
  const auto data = DataDir::open(scratch.path());  // somebody else, who has not written one yet
  EXPECT_EQ(find_server(scratch.path()).error().code, ErrorCode::kUnavailable);
}

TEST(RunFile, NamesAnAddressThatCanBeReached) {
  EXPECT_EQ(host_to_reach("0.0.0.0"), "127.0.0.1");
  EXPECT_EQ(host_to_reach("::"), "::1");
  EXPECT_EQ(host_to_reach("0:0::0"), "::1");
  EXPECT_EQ(host_to_reach("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(host_to_reach("fe80::1"), "fe80::1");
  EXPECT_EQ(host_to_reach("localhost"), "localhost");
}

}  // namespace
}  // namespace cc::app
