#include <charconv>
#include <cstdint>

#include "api/limits.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "api/routes/traffic_limiter.hpp"

/// What the customer's page measures its network with before the call: questions, and bytes either way. Nothing is
/// kept.
namespace tw::api {
namespace {

/// About a second at 2 Mb/s, which is more than a call takes. A body of more is refused with 413 before it comes here.
constexpr std::uint64_t kMostBytes = kMaxBodyBytes;
/// A page asks about 30 times a check, which takes 300 KiB, and somebody on a weak network checks again and again.
constexpr TrafficLimiter::Limits kLimits{150, std::uint64_t{4} * 1024 * 1024, std::chrono::minutes(1),
                                         "network_check.limited",
                                         "The network was checked often enough; wait a moment."};
constexpr const char* kBytes = "application/octet-stream";

/// Bytes that nothing on the way makes smaller (xorshift64 of Marsaglia: no secret, only noise).
const Bytes& noise() {
  static const Bytes bytes = [] {
    Bytes made(kMostBytes);
    std::uint64_t state = 0x9E3779B97F4A7C15U;
    for (auto& byte : made) {
      state ^= state << 13U;
      state ^= state >> 7U;
      state ^= state << 17U;
      byte = static_cast<std::uint8_t>(state >> 32U);
    }
    return made;
  }();
  return bytes;
}

Result<std::uint64_t> wanted_bytes(const Request& request) {
  const std::string text = request.query_value("bytes").value_or(std::string());
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size() || bytes > kMostBytes) {
    return bad_parameter("bytes", "must be a whole number from 0 to " + std::to_string(kMostBytes));
  }
  return bytes;
}

Result<Response> send_bytes(TrafficLimiter& limiter, const Request& request) {
  const auto bytes = wanted_bytes(request);
  if (!bytes) return tl::unexpected(bytes.error());
  if (auto may = limiter.take(request.caller->session, *bytes); !may) return tl::unexpected(may.error());
  Response response;
  response.headers.add("Content-Type", kBytes);
  response.headers.add("Cache-Control", "no-store");
  response.fixed_body = ByteView(noise()).first(*bytes);
  return response;
}

Result<Response> take_bytes(TrafficLimiter& limiter, const Request& request) {
  if (request.content_type() != kBytes) {
    return fail(ErrorKind::unsupported, "body.wrong_type",
                "Send the body as Content-Type: " + std::string(kBytes) + ".");
  }
  const std::uint64_t bytes = request.body.size();
  if (auto may = limiter.take(request.caller->session, bytes); !may) return tl::unexpected(may.error());
  return json_response(200, {{"bytes", bytes}});
}

}  // namespace

void add_network_check_routes(Router& router, const Services& services) {
  auto limiter = std::make_shared<TrafficLimiter>(services.clock, kLimits);
  router.add(Method::get, "/customer/network-check", Access::customer,
             [limiter](const Request& request) { return send_bytes(*limiter, request); });
  router.add(Method::post, "/customer/network-check", Access::customer,
             [limiter](const Request& request) { return take_bytes(*limiter, request); });
}

}  // namespace tw::api
