#include "files/exposure.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "files/testing/scratch.h"

namespace cc::files {
namespace {

namespace fs = std::filesystem;

class ExposureTest : public ::testing::Test {
 protected:
  ExposureTest() {
    fs::create_directory(folder_);
    testing::put(folder_ / "secret", "s3cret", fs::perms{0444});
    fs::permissions(scratch_.path(), fs::perms{0755});
  }

  bool reachable(fs::perms folder_mode) {
    fs::permissions(folder_, folder_mode);
    const Descriptor opened(::open((folder_ / "secret").c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status{};
    EXPECT_EQ(::fstat(opened.get(), &status), 0);
    return others_can_reach(opened, status);
  }

  testing::ScratchFolder scratch_;
  const fs::path folder_ = scratch_ / "mounted";
};

TEST_F(ExposureTest, AFolderThatIsClosedToOthersKeepsThemOut) {
  EXPECT_TRUE(reachable(fs::perms{0755}));
  EXPECT_TRUE(reachable(fs::perms{0750}));
  EXPECT_FALSE(reachable(fs::perms{0700}));
  fs::permissions(scratch_.path(), fs::perms{0700});
  EXPECT_FALSE(reachable(fs::perms{0755}));
}

TEST_F(ExposureTest, AFileOfOursOnAWritableDiskCanBeChanged) {
  const Descriptor opened(::open((folder_ / "secret").c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  ASSERT_EQ(::fstat(opened.get(), &status), 0);
  EXPECT_TRUE(mode_lets_others_in(status));
  EXPECT_TRUE(can_be_changed(opened, status));
  struct stat mounted{};
  const Descriptor kernel(::open("/proc/sys/kernel/ostype", O_RDONLY | O_CLOEXEC));
  mounted.st_uid = ::geteuid() + 1;
  EXPECT_EQ(can_be_changed(kernel, mounted), ::geteuid() == 0 && can_be_changed(kernel, status));
}

TEST_F(ExposureTest, ASecretOfRootForAGroupOfOursIsMeantForUs) {
  struct stat status{};
  status.st_mode = S_IFREG | 0440;
  status.st_uid = 0;
  status.st_gid = ::getegid();
  EXPECT_FALSE(others_can_reach(Descriptor(), status));
  status.st_mode = S_IFREG | 0444;
  EXPECT_TRUE(others_can_reach(Descriptor(), status));
}

}  // namespace
}  // namespace cc::files
