#include "chaos/relay/flow.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "media/wire/demultiplex.hpp"
#include "media/wire/stun_message.hpp"

namespace tw::chaos {
namespace {

/// ufrags are letters, digits, '+' and '/' (RFC 8839 section 5.4); anything else from outside stays out of the JSON.
std::string only_ice_chars(std::string_view text) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out),
                       [](unsigned char c) { return std::isalnum(c) || c == '+' || c == '/'; });
  return out;
}

}  // namespace

void Flow::learn_names(ByteView datagram) {
  if (!server_ufrag.empty() || media::kind_of(datagram) != media::DatagramKind::stun) return;
  const auto message = media::StunMessage::parse(datagram);
  if (!message || message->message_class != media::StunClass::request) return;
  const std::size_t colon = message->username.find(':');
  if (colon == std::string_view::npos) return;
  server_ufrag = only_ice_chars(message->username.substr(0, colon));
  client_ufrag = only_ice_chars(message->username.substr(colon + 1));
}

bool Flow::is_meant(const Selector& selector) const {
  if (selector.flow && *selector.flow != number) return false;
  if (!selector.client.empty() && selector.client != client_text()) return false;
  return selector.ufrag.empty() || selector.ufrag == server_ufrag || selector.ufrag == client_ufrag;
}

std::string Flow::client_text() const {
  const std::string ip = client.ip_text();
  return (client.is_v4 ? ip : "[" + ip + "]") + ":" + std::to_string(client.port);
}

std::string to_json(const LinkCounters& c) {
  const auto field = [](const char* name, std::uint64_t value) {
    return "\"" + std::string(name) + "\":" + std::to_string(value);
  };
  return "{" + field("received", c.received) + "," + field("receivedBytes", c.received_bytes) + "," +
         field("delivered", c.delivered) + "," + field("lost", c.lost) + "," + field("blackedOut", c.blacked_out) +
         "," + field("overflowed", c.overflowed) + "," + field("duplicated", c.duplicated) + "," +
         field("reordered", c.reordered) + "}";
}

std::string to_json(const Flow& flow) {
  return "{\"flow\":" + std::to_string(flow.number) + ",\"client\":\"" + flow.client_text() + "\",\"serverUfrag\":\"" +
         flow.server_ufrag + "\",\"clientUfrag\":\"" + flow.client_ufrag + "\",\"up\":" + to_json(flow.up.counters()) +
         ",\"down\":" + to_json(flow.down.counters()) + "}";
}

}  // namespace tw::chaos
