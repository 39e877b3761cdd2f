#pragma once

#include <string>

#include "crypto/certificate.hpp"
#include "media/wire/sdp.hpp"

namespace tw::media {

/// A self-signed certificate: "P-256", "P-384", "P-521" or "RSA-2048".
[[nodiscard]] DtlsCertificate make_test_certificate(const std::string& key_kind);
/// Its a=fingerprint with "sha-256", "sha-384", "sha-512" or "sha-1".
[[nodiscard]] SdpFingerprint fingerprint_of(const DtlsCertificate& certificate, const std::string& algorithm);

}  // namespace tw::media
