#pragma once

#include <array>
#include <cstdint>

namespace tw::media {

enum class SrtpProfile : std::uint8_t { aes128_cm_sha1_80, aead_aes_128_gcm };

/// A master key and salt of one direction. GCM uses 12 bytes of salt, counter mode 14 (RFC 7714 section 12, RFC 5764
/// section 4.1.2).
struct SrtpMasterKey {
  std::array<std::uint8_t, 16> key{};
  std::array<std::uint8_t, 14> salt{};
};

/// What a DTLS handshake gives to SRTP.
struct SrtpKeys {
  SrtpProfile profile = SrtpProfile::aead_aes_128_gcm;
  SrtpMasterKey outgoing;
  SrtpMasterKey incoming;
};

}  // namespace tw::media
