#include "api/socket/client_message.hpp"

#include <limits>

#include <boost/json.hpp>

#include "api/json/fields.hpp"
#include "api/limits.hpp"

namespace tw::api {
namespace json = boost::json;
namespace {

constexpr std::int64_t kMostRoundTripMs = 600'000;
constexpr std::int64_t kMostBitrateBps = 1'000'000'000;

Result<ClientMessage> hello(Fields& fields) {
  HelloMessage message;
  message.token = fields.text("token", {1, 1024});
  const auto resume = fields.optional_whole("resumeFrom", 0, std::numeric_limits<std::int64_t>::max());
  if (resume) message.resume_from = static_cast<std::uint64_t>(*resume);
  message.page = fields.optional_text("page", {0, 64}).value_or(std::string());
  message.take_over = fields.optional_flag("takeOver").value_or(false);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return message;
}

Result<ClientMessage> quality(Fields& fields) {
  QualityMessage message;
  message.quality.round_trip_ms = fields.optional_whole("roundTripMs", 0, kMostRoundTripMs).value_or(0);
  message.quality.loss_percent = fields.optional_number("lossPercent", {0, 100}).value_or(0);
  message.quality.bitrate_bps = fields.optional_whole("bitrateBps", 0, kMostBitrateBps).value_or(0);
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return message;
}

}  // namespace

Result<ClientMessage> parse_client_message(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error || !value.is_object())
    return fail(ErrorKind::invalid, "json.malformed", "A message must be one JSON object.");
  Fields fields(value.get_object());
  const auto* type = value.get_object().if_contains("type");
  const auto* version = value.get_object().if_contains("v");
  if (version == nullptr || !version->is_int64() || version->get_int64() != 1) {
    return fail(ErrorKind::invalid, "field.invalid", "Messages of version 1 carry v: 1.", {{"field", "v"}});
  }
  const std::string_view name = type != nullptr && type->is_string()
                                    ? std::string_view(type->get_string().data(), type->get_string().size())
                                    : std::string_view();
  if (name == "hello") return hello(fields);
  if (name == "quality") return quality(fields);
  if (name == "ping") {
    PingMessage message{fields.optional_text("id", {0, 64}).value_or(std::string())};
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
    return message;
  }
  if (name == "page") {
    PageMessage message;
    message.visible = fields.flag("visible");
    message.camera = fields.word("camera", {"live", "lost", "off"});
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
    return message;
  }
  if (name == "device") {
    DeviceMessage message;
    message.device = fields.word("device", {"camera", "microphone", "speaker"});
    message.state = fields.word("state", {"lost", "interrupted", "resumed", "replaced"});
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
    return message;
  }
  if (name == "music") {
    MusicMessage message{fields.optional_text("mediaId", {1, 64}).value_or(std::string())};
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
    return message;
  }
  if (name == "watch_calls") {
    WatchCallsMessage message{fields.flag("on")};
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
    return message;
  }
  return fail(ErrorKind::invalid, "message.unknown_type",
              "A page sends hello, ping, quality, page, device, music and watch_calls.");
}

}  // namespace tw::api
