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
};
struct PingMessage {
  std::string id;  ///< empty: none
};
struct QualityMessage {
  service::QualityView quality;
};
using ClientMessage = std::variant<HelloMessage, PingMessage, QualityMessage>;

/// What a page sent (ClientMessage of the contract). `json.malformed`, `message.unknown_type`, `field.invalid`.
[[nodiscard]] Result<ClientMessage> parse_client_message(std::string_view text);

}  // namespace tw::api
