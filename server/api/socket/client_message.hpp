#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "service/views.hpp"

namespace tw::api {

struct HelloMessage {
  std::string token;
  std::optional<std::uint64_t> resume_from;
  std::string page;        ///< which page of the person it is; empty: takes over without a question
  bool take_over = false;  ///< the person has said so
};
struct PingMessage {
  std::string id;  ///< empty: none
};
struct QualityMessage {
  service::QualityView quality;
};
/// Whether the page is in front, and what its camera does: live, lost or off.
struct PageMessage {
  bool visible = true;
  std::string camera;
};
/// One of the customer's devices was taken away or came back.
struct DeviceMessage {
  std::string device;  ///< camera, microphone, speaker
  std::string state;   ///< lost, interrupted, resumed, replaced
};
/// What the waiting customer's page plays.
struct MusicMessage {
  std::string media;  ///< empty: nothing
};
/// Show the calls of the tenant, or no longer.
struct WatchCallsMessage {
  bool on = false;
};
using ClientMessage = std::variant<HelloMessage, PingMessage, QualityMessage, PageMessage, DeviceMessage, MusicMessage,
                                   WatchCallsMessage>;

/// What a page sent (ClientMessage of the contract). `json.malformed`, `message.unknown_type`, `field.invalid`.
[[nodiscard]] Result<ClientMessage> parse_client_message(std::string_view text);

}  // namespace tw::api
