#include "load/process_probe.hpp"

#include <unistd.h>

#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace tw::bench {

std::optional<ProcessUse> use_of(int pid) {
  clockid_t clock = 0;
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return std::nullopt;
  ProcessUse use;
  use.cpu = std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};

  const std::string folder = "/proc/" + std::to_string(pid);
  std::uint64_t total_pages = 0;
  std::uint64_t resident_pages = 0;
  std::ifstream(folder + "/statm") >> total_pages >> resident_pages;
  use.resident_bytes = resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

  std::ifstream stat(folder + "/stat");
  std::string line;
  std::getline(stat, line);
  const std::size_t name_end = line.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  constexpr int kFieldsBeforeTimes = 11;  // proc(5): state is field 3, utime is field 14
  std::string skipped;
  for (int i = 0; i < kFieldsBeforeTimes; ++i) fields >> skipped;
  long user = 0;
  long system = 0;
  fields >> user >> system;
  const long ticks = ::sysconf(_SC_CLK_TCK);
  use.user = std::chrono::milliseconds{user * 1000 / ticks};
  use.system = std::chrono::milliseconds{system * 1000 / ticks};
  return use;
}

}  // namespace tw::bench
