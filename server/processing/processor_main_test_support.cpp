// The room's test program is also the processor that its tests start: `processing_test processor [behaviour]`.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "processing/ffmpeg_handles.hpp"
#include "processing/message.hpp"
#include "processing/processor_child.hpp"
#include "processing/sandbox.hpp"

namespace tw::processing {
namespace {

/// A processor that is ready and then never answers.
[[noreturn]] void hang() {
  MessageSocket socket(kProcessorSocket);
  static_cast<void>(socket.send({}));
  for (;;) ::pause();
}

/// One that dies on its job.
[[noreturn]] void die() {
  MessageSocket socket(kProcessorSocket);
  static_cast<void>(socket.send({}));
  static_cast<void>(socket.receive());
  std::abort();
}

/// One that was taken over: after locking itself in, it tries what is forbidden. Survives only where the sandbox fails.
[[noreturn]] void break_out(std::string_view how) {
  if (!enter_sandbox()) ::_exit(3);
  if (how == "socket") static_cast<void>(::socket(AF_INET, SOCK_STREAM, 0));
  if (how == "exec") {
    char* const arguments[] = {nullptr};
    ::execve("/bin/true", arguments, arguments);
  }
  if (how == "fork") static_cast<void>(::vfork());
  ::_exit(0);
}

}  // namespace
}  // namespace tw::processing

/// fontconfig keeps its fonts until the process ends.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that LeakSanitizer asks for
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that LeakSanitizer asks for
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

int main(int argc, char** argv) {
  const std::string_view role = argc > 1 ? argv[1] : "";
  const std::string_view behaviour = argc > 2 ? argv[2] : "";
  if (role == "processor") {
    if (behaviour == "hang") tw::processing::hang();
    if (behaviour == "die") tw::processing::die();
    if (behaviour == "break-out") tw::processing::break_out(argc > 3 ? argv[3] : "");
    ::_exit(tw::processing::run_processor());
  }
  av_log_set_level(AV_LOG_QUIET);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
