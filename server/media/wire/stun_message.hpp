#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/encoding.hpp"
#include "media/wire/socket_address.hpp"

namespace tw::media {

enum class StunClass : std::uint8_t { request, indication, success, error };

using StunTransactionId = std::array<std::uint8_t, 12>;

constexpr std::size_t kStunHeaderBytes = 20;
/// Longest STUN message that is read or written: an ICE check is far below it (RFC 8489 section 6.1 advises the MTU).
constexpr std::size_t kMaxStunBytes = 548;

/// A STUN Binding message (RFC 8489) with the attributes that ICE uses (RFC 8445 section 7.1). Views point into the
/// datagram it was parsed from.
struct StunMessage {
  StunClass message_class = StunClass::request;
  StunTransactionId transaction{};
  std::string_view username;
  std::optional<std::uint32_t> priority;
  std::optional<std::uint64_t> ice_controlling;
  std::optional<std::uint64_t> ice_controlled;
  bool use_candidate = false;
  std::optional<SocketAddress> mapped_address;  ///< XOR-MAPPED-ADDRESS
  std::optional<std::uint16_t> error_code;
  std::uint16_t unknown_required = 0;  ///< type of the first comprehension-required attribute that is not known
  bool has_integrity = false;
  bool has_fingerprint = false;

  /// nullopt unless the datagram is one whole, well-formed Binding message with, where present, a right FINGERPRINT
  /// as its last attribute (RFC 8489 section 14.7).
  [[nodiscard]] static std::optional<StunMessage> parse(ByteView datagram);
  /// Checks MESSAGE-INTEGRITY with short-term credentials (RFC 8489 section 14.5). False when there is none.
  [[nodiscard]] bool verify_integrity(ByteView datagram, std::string_view password) const;

 private:
  std::size_t integrity_offset_ = 0;
};

/// Writes one STUN Binding message of at most kMaxStunBytes. `finish` adds MESSAGE-INTEGRITY and FINGERPRINT.
class StunBuilder {
 public:
  StunBuilder(StunClass message_class, const StunTransactionId& transaction);
  void username(std::string_view value);
  void priority(std::uint32_t value);
  void ice_controlling(std::uint64_t tie_breaker);
  void ice_controlled(std::uint64_t tie_breaker);
  void use_candidate();
  void xor_mapped_address(const SocketAddress& address);
  /// RFC 8489 section 14.8; `reason` in ASCII.
  void error_code(std::uint16_t code, std::string_view reason);
  void unknown_attribute(std::uint16_t type);
  /// The finished datagram, which lives in this builder. An empty password leaves MESSAGE-INTEGRITY out.
  [[nodiscard]] ByteView finish(std::string_view password) &;

 private:
  void attribute(std::uint16_t type, ByteView value);
  void set_length(std::size_t bytes_after_header);
  std::array<std::uint8_t, kMaxStunBytes> bytes_{};
  std::size_t size_ = kStunHeaderBytes;
};

}  // namespace tw::media
