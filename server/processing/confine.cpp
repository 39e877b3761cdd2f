#include "processing/confine.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/log.hpp"

namespace tw::processing {
namespace {

constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
/// Everything that the first version of Landlock knows is denied unless it is allowed.
constexpr std::uint64_t kHandled = kRead | kWrite | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                   LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                   LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                   LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
/// Fonts, their configuration and cache, time zones, libraries that are loaded late, and what a process reads of
/// itself.
constexpr const char* kSystem[] = {
    "/usr", "/etc", "/lib", "/lib64", "/var/cache/fontconfig", "/proc/self", "/sys/devices/system/cpu"};

class Descriptor {
 public:
  explicit Descriptor(long number) : number_(static_cast<int>(number)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

/// What is not there needs no rule.
bool allow(int ruleset, const std::filesystem::path& path, std::uint64_t access) {
  const Descriptor folder(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (folder.get() < 0) return errno == ENOENT || errno == EACCES;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = folder.get();
  return ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

}  // namespace

bool confine_files(const std::vector<std::filesystem::path>& readable,
                   const std::vector<std::filesystem::path>& writable) {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = kHandled;
  const Descriptor ruleset(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0));
  bool confined = ruleset.get() >= 0;
  for (const char* path : kSystem) confined = confined && allow(ruleset.get(), path, kRead);
  for (const auto& path : readable) confined = confined && allow(ruleset.get(), path, kRead);
  for (const auto& path : writable) confined = confined && allow(ruleset.get(), path, kRead | kWrite);
  confined = confined && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
             ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
  if (!confined) log::debug("the kernel has no Landlock; a processor sees all files of its user", {{"error", errno}});
  return confined;
}

}  // namespace tw::processing
