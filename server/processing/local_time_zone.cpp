#include "processing/local_time_zone.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace tw::processing {
namespace {

constexpr std::size_t kLongestName = 64;  // the longest IANA name has 30 characters

bool is_known(const std::string& name) {
  const bool plain = !name.empty() && name.size() <= kLongestName && name.front() != '/' &&
                     name.find("..") == std::string::npos && std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                              c == '_' || c == '-' || c == '+';
                     });
  std::error_code ignored;
  return plain && std::filesystem::is_regular_file(std::filesystem::path("/usr/share/zoneinfo") / name, ignored);
}

}  // namespace

LocalTimeZone::LocalTimeZone(const std::string& iana_name) {
  ::setenv("TZ", is_known(iana_name) ? (":" + iana_name).c_str() : "UTC0", 1);
  ::tzset();
}

std::chrono::seconds LocalTimeZone::offset_at(WallTime at) const {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return std::chrono::seconds{0};
  return std::chrono::seconds{local.tm_gmtoff};
}

}  // namespace tw::processing
