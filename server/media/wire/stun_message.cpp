#include "media/wire/stun_message.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cassert>

#include "base/byte_order.hpp"
#include "media/wire/hmac_sha1.hpp"

namespace tw::media {
namespace {

constexpr std::uint32_t kMagicCookie = 0x2112A442;
constexpr std::uint32_t kFingerprintXor = 0x5354554E;
constexpr std::size_t kSha1Bytes = 20;
constexpr std::size_t kAttributeHeaderBytes = 4;
constexpr std::uint16_t kBindingMethod = 1;
constexpr std::size_t kMostUsername = 513;  // RFC 8489 section 14.3 says fewer than 509 bytes; ICE may need 513

enum Attribute : std::uint16_t {
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802A,
};

constexpr auto make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
    table[i] = crc;
  }
  return table;
}

/// The CRC-32 of ITU V.42 that FINGERPRINT uses (RFC 8489 section 14.7).
std::uint32_t crc32(ByteView bytes) {
  static constexpr auto kTable = make_crc_table();
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ byte) & 255];
  return ~crc;
}

/// MESSAGE-INTEGRITY of what stands before it: the length field counts as if the message ended behind that attribute
/// (RFC 8489 section 14.5).
std::array<std::uint8_t, kSha1Bytes> message_hmac(ByteView before_attribute, std::string_view password) {
  std::array<std::uint8_t, kMaxStunBytes> input{};
  std::ranges::copy(before_attribute, input.begin());
  const std::size_t length = before_attribute.size() - kStunHeaderBytes + kAttributeHeaderBytes + kSha1Bytes;
  store_be<std::uint16_t>(input.data() + 2, static_cast<std::uint16_t>(length));
  return HmacSha1(as_bytes(password)).sign(std::span(input).first(before_attribute.size()), {});
}

std::optional<SocketAddress> read_xor_address(ByteView value, const StunTransactionId& transaction) {
  if (value.size() < 8) return std::nullopt;
  SocketAddress address;
  address.port = static_cast<std::uint16_t>(load_be<std::uint16_t>(value.data() + 2) ^ (kMagicCookie >> 16));
  std::array<std::uint8_t, 16> mask{};
  store_be<std::uint32_t>(mask.data(), kMagicCookie);
  std::ranges::copy(transaction, mask.begin() + 4);
  if (value[1] == 1 && value.size() == 8) {
    address.is_v4 = true;
    address.ip[10] = address.ip[11] = 0xFF;
    for (std::size_t i = 0; i < 4; ++i) address.ip[12 + i] = value[4 + i] ^ mask[i];
    return address;
  }
  if (value[1] != 2 || value.size() != 20) return std::nullopt;
  for (std::size_t i = 0; i < 16; ++i) address.ip[i] = value[4 + i] ^ mask[i];
  return address;
}

std::optional<StunClass> class_of(std::uint16_t type) {
  if ((type & 0xC000) != 0) return std::nullopt;
  const auto method = static_cast<std::uint16_t>((type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2));
  if (method != kBindingMethod) return std::nullopt;
  return static_cast<StunClass>(((type & 0x0100) >> 7) | ((type & 0x0010) >> 4));
}

/// False when the value's length is not the attribute's.
bool read_attribute(StunMessage& message, std::uint16_t type, ByteView value) {
  switch (type) {
    case kUsername:
      if (message.username.empty()) message.username = as_text(value);
      return value.size() <= kMostUsername;
    case kPriority:
      if (value.size() != 4) return false;
      message.priority = load_be<std::uint32_t>(value.data());
      return true;
    case kIceControlled:
    case kIceControlling:
      if (value.size() != 8) return false;
      (type == kIceControlled ? message.ice_controlled : message.ice_controlling) =
          load_be<std::uint64_t>(value.data());
      return true;
    case kUseCandidate: message.use_candidate = true; return true;
    case kXorMappedAddress:
      message.mapped_address = read_xor_address(value, message.transaction);
      return message.mapped_address.has_value();
    case kErrorCode:
      if (value.size() < 4) return false;
      message.error_code = static_cast<std::uint16_t>((value[2] & 7) * 100 + value[3]);
      return true;
    case kUnknownAttributes: return true;
    default:
      if (type < 0x8000 && message.unknown_required == 0) message.unknown_required = type;
      return true;
  }
}

}  // namespace

std::optional<StunMessage> StunMessage::parse(ByteView datagram) {
  if (datagram.size() < kStunHeaderBytes || datagram.size() > kMaxStunBytes || datagram.size() % 4 != 0)
    return std::nullopt;
  if (load_be<std::uint32_t>(datagram.data() + 4) != kMagicCookie) return std::nullopt;
  if (load_be<std::uint16_t>(datagram.data() + 2) != datagram.size() - kStunHeaderBytes) return std::nullopt;
  const auto message_class = class_of(load_be<std::uint16_t>(datagram.data()));
  if (!message_class) return std::nullopt;

  StunMessage message;
  message.message_class = *message_class;
  std::copy_n(datagram.begin() + 8, message.transaction.size(), message.transaction.begin());
  std::size_t at = kStunHeaderBytes;
  while (at < datagram.size()) {
    if (datagram.size() - at < kAttributeHeaderBytes) return std::nullopt;
    const auto type = load_be<std::uint16_t>(datagram.data() + at);
    const std::size_t length = load_be<std::uint16_t>(datagram.data() + at + 2);
    const std::size_t padded = (length + 3) / 4 * 4;
    if (datagram.size() - at - kAttributeHeaderBytes < padded) return std::nullopt;
    const ByteView value = datagram.subspan(at + kAttributeHeaderBytes, length);
    if (type == kFingerprint) {
      if (length != 4 || at + kAttributeHeaderBytes + 4 != datagram.size()) return std::nullopt;
      if (load_be<std::uint32_t>(value.data()) != (crc32(datagram.first(at)) ^ kFingerprintXor)) return std::nullopt;
      message.has_fingerprint = true;
    } else if (type == kMessageIntegrity) {
      if (length != kSha1Bytes || message.has_integrity) return std::nullopt;
      message.has_integrity = true;
      message.integrity_offset_ = at;
    } else if (!message.has_integrity) {  // what follows MESSAGE-INTEGRITY is not protected and ignored
      if (!read_attribute(message, type, value)) return std::nullopt;
    }
    at += kAttributeHeaderBytes + padded;
  }
  return message;
}

bool StunMessage::verify_integrity(ByteView datagram, std::string_view password) const {
  if (!has_integrity) return false;
  const auto expected = message_hmac(datagram.first(integrity_offset_), password);
  return CRYPTO_memcmp(expected.data(), datagram.data() + integrity_offset_ + kAttributeHeaderBytes, kSha1Bytes) == 0;
}

StunBuilder::StunBuilder(StunClass message_class, const StunTransactionId& transaction) {
  const auto bits = static_cast<unsigned>(message_class);
  const auto type = static_cast<std::uint16_t>(kBindingMethod | ((bits & 1) << 4) | ((bits & 2) << 7));
  store_be<std::uint16_t>(bytes_.data(), type);
  store_be<std::uint32_t>(bytes_.data() + 4, kMagicCookie);
  std::ranges::copy(transaction, bytes_.begin() + 8);
}

void StunBuilder::set_length(std::size_t bytes_after_header) {
  store_be<std::uint16_t>(bytes_.data() + 2, static_cast<std::uint16_t>(bytes_after_header));
}

void StunBuilder::attribute(std::uint16_t type, ByteView value) {
  const std::size_t bytes = kAttributeHeaderBytes + (value.size() + 3) / 4 * 4;
  assert(size_ + bytes <= bytes_.size());  // what is written here is far shorter
  if (size_ + bytes > bytes_.size()) return;
  store_be<std::uint16_t>(bytes_.data() + size_, type);
  store_be<std::uint16_t>(bytes_.data() + size_ + 2, static_cast<std::uint16_t>(value.size()));
  std::ranges::copy(value, bytes_.begin() + static_cast<std::ptrdiff_t>(size_ + kAttributeHeaderBytes));
  size_ += bytes;
}

void StunBuilder::username(std::string_view value) { attribute(kUsername, as_bytes(value)); }

void StunBuilder::priority(std::uint32_t value) {
  std::array<std::uint8_t, 4> bytes{};
  store_be(bytes.data(), value);
  attribute(kPriority, bytes);
}

void StunBuilder::ice_controlling(std::uint64_t tie_breaker) {
  std::array<std::uint8_t, 8> bytes{};
  store_be(bytes.data(), tie_breaker);
  attribute(kIceControlling, bytes);
}

void StunBuilder::ice_controlled(std::uint64_t tie_breaker) {
  std::array<std::uint8_t, 8> bytes{};
  store_be(bytes.data(), tie_breaker);
  attribute(kIceControlled, bytes);
}

void StunBuilder::use_candidate() { attribute(kUseCandidate, {}); }

void StunBuilder::xor_mapped_address(const SocketAddress& address) {
  std::array<std::uint8_t, 20> value{};
  value[1] = address.is_v4 ? 1 : 2;
  store_be<std::uint16_t>(value.data() + 2, static_cast<std::uint16_t>(address.port ^ (kMagicCookie >> 16)));
  // The mask is the magic cookie and the transaction id, which stand in a row in the header (RFC 8489 section 14.2).
  const std::size_t count = address.is_v4 ? 4 : 16;
  for (std::size_t i = 0; i < count; ++i) value[4 + i] = address.ip[16 - count + i] ^ bytes_[4 + i];
  attribute(kXorMappedAddress, ByteView(value).first(4 + count));
}

void StunBuilder::error_code(std::uint16_t code, std::string_view reason) {
  constexpr std::size_t kMostReason = 28;  // keeps an error shorter than the check that it answers
  std::array<std::uint8_t, 4 + kMostReason> value{};
  value[2] = static_cast<std::uint8_t>(code / 100);
  value[3] = static_cast<std::uint8_t>(code % 100);
  reason = reason.substr(0, kMostReason);
  std::ranges::copy(reason, value.begin() + 4);
  attribute(kErrorCode, ByteView(value).first(4 + reason.size()));
}

void StunBuilder::unknown_attribute(std::uint16_t type) {
  std::array<std::uint8_t, 2> value{};
  store_be(value.data(), type);
  attribute(kUnknownAttributes, value);
}

ByteView StunBuilder::finish(std::string_view password) & {
  if (!password.empty()) {
    const auto mac = message_hmac(ByteView(bytes_).first(size_), password);
    attribute(kMessageIntegrity, mac);
  }
  set_length(size_ - kStunHeaderBytes + kAttributeHeaderBytes + 4);
  std::array<std::uint8_t, 4> fingerprint{};
  store_be<std::uint32_t>(fingerprint.data(), crc32(ByteView(bytes_).first(size_)) ^ kFingerprintXor);
  attribute(kFingerprint, fingerprint);
  return ByteView(bytes_).first(size_);
}

}  // namespace tw::media
