#include "service/place_provider.hpp"

#include <array>
#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>

#include "base/encoding.hpp"
#include "evidence/watermark_text.hpp"

namespace tw::service {
namespace {

namespace json = boost::json;

constexpr std::string_view kLatitude = "{latitude}";
constexpr std::string_view kLongitude = "{longitude}";
constexpr std::string_view kKey = "{key}";
constexpr std::size_t kMostDepth = 16;

/// Six digits, a tenth of a metre, is what geocoders take.
std::string degrees(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 6);
  return {buffer.data(), result.ptr};
}

void fill(std::string& url, std::string_view placeholder, std::string_view value) {
  for (std::size_t at = url.find(placeholder); at != std::string::npos; at = url.find(placeholder, at + value.size())) {
    url.replace(at, placeholder.size(), value);
  }
}

tl::unexpected<Error> wrong(const char* field, const char* message) {
  return fail(ErrorKind::unprocessable, "tenant.place_provider", message, {{"field", field}});
}

/// RFC 6901: empty or tokens that each begin with '/', in which '~' is followed by 0 or 1.
bool is_pointer(std::string_view text) {
  if (text.empty() || text.front() != '/') return false;
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

}  // namespace

Result<void> check_rules(const PlaceProviderRules& rules, std::string_view key) {
  if (rules.url.size() > PlaceProviderRules::kMostUrlBytes)
    return wrong("url", "The address is longer than 1024 bytes.");
  // Where a value may stand, so that none of it can become a host.
  const std::size_t scheme = rules.url.find("://");
  const std::size_t host_end = scheme == std::string::npos ? scheme : rules.url.find_first_of("/?#{", scheme + 3);
  if (host_end == std::string::npos || rules.url[host_end] == '{') {
    return wrong("url", "Placeholders stand behind the host.");
  }
  std::string rest = rules.url;
  for (const std::string_view needed : {kLatitude, kLongitude}) {
    if (rest.find(needed) == std::string::npos) return wrong("url", "The address needs {latitude} and {longitude}.");
    fill(rest, needed, "0");
  }
  if ((rest.find(kKey) == std::string::npos) != key.empty()) {
    return wrong("key", "A key and its placeholder {key} belong together.");
  }
  fill(rest, kKey, "k");
  if (rest.find_first_of("{}") != std::string::npos) return wrong("url", "The address has an unknown placeholder.");
  if (key.size() > PlaceProviderRules::kMostKeyBytes) return wrong("key", "The key is longer than 256 bytes.");
  if (rules.address_pointer.size() > PlaceProviderRules::kMostPointerBytes || !is_pointer(rules.address_pointer)) {
    return wrong("addressPointer", "It is a JSON Pointer such as /result/address.");
  }
  return {};
}

std::string provider_url(const PlaceProviderRules& rules, std::string_view key, const place::Position& position) {
  const place::Position told = rules.shifted ? place::wgs84_to_gcj02(position) : position;
  std::string url = rules.url;
  fill(url, kLatitude, degrees(told.latitude));
  fill(url, kLongitude, degrees(told.longitude));
  // A key may hold anything; in the address it is only a value (RFC 3986 section 2.1).
  fill(url, kKey, boost::urls::encode(std::string_view(key), boost::urls::unreserved_chars));
  return url;
}

Result<std::string> address_in(std::string_view body, const std::string& pointer) {
  const auto none = [] { return fail(ErrorKind::unavailable, "place.no_address", "The answer has no address."); };
  boost::system::error_code bad;
  json::parse_options options;
  options.max_depth = kMostDepth;
  const json::value answer = json::parse(body, bad, {}, options);
  if (bad) return none();
  const json::value* found = answer.find_pointer(pointer, bad);
  if (bad || found == nullptr || !found->is_string()) return none();
  std::string address = evidence::clean_line(std::string_view(found->as_string()), kMostAddressCharacters);
  if (address.empty()) return none();
  return address;
}

}  // namespace tw::service
