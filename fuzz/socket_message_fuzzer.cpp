// What a page sends over the WebSocket.
#include "api/socket/client_message.hpp"
#include "base/encoding.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = tw::api::parse_client_message(tw::as_text({data, size}));
  if (!message) {
    tw::fuzz::require(!message.error().code.empty() && !message.error().message.empty());
    return 0;
  }
  if (const auto* hello = std::get_if<tw::api::HelloMessage>(&*message)) {
    tw::fuzz::require(!hello->token.empty());
  } else if (const auto* quality = std::get_if<tw::api::QualityMessage>(&*message)) {
    tw::fuzz::require(quality->quality.loss_percent >= 0 && quality->quality.loss_percent <= 100);
    tw::fuzz::require(quality->quality.round_trip_ms >= 0 && quality->quality.bitrate_bps >= 0);
  }
  return 0;
}
