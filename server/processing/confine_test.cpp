#include "processing/confine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>

#include "crypto/scratch_folder_test_support.hpp"

namespace tw::processing {
namespace {

bool kernel_has_landlock() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

bool opens(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  return descriptor >= 0;
}

TEST(ConfineDeathTest, OnlyTheFoldersOfTheJobAreReached) {
  if (!kernel_has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
  const ScratchFolder scratch;
  const auto own = scratch.path() / "own";
  const auto mirror = scratch.path() / "mirror";
  const auto other = scratch.path() / "other";
  for (const auto& folder : {own, mirror, other}) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "file") << "something";
  }
  EXPECT_EXIT(
      {
        const bool right =
            confine_files({mirror}, {own}) && opens(own / "file", O_RDWR) && opens(own / "new", O_RDWR | O_CREAT) &&
            ::rename((own / "new").c_str(), (own / "moved").c_str()) == 0 && opens(mirror / "file", O_RDONLY) &&
            !opens(mirror / "file", O_RDWR) && !opens(mirror / "new", O_RDWR | O_CREAT) &&
            !opens(other / "file", O_RDONLY) && !opens(other / "new", O_RDWR | O_CREAT) &&
            opens("/usr/share", O_RDONLY) && !opens("/usr/share/new", O_RDWR | O_CREAT) && !opens("/root", O_RDONLY);
        ::_exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace tw::processing
