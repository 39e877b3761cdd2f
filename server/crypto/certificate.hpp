#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

struct x509_st;
struct evp_pkey_st;

namespace tw {

struct X509Free {
  void operator()(x509_st* certificate) const;
};
struct PKeyFree {
  void operator()(evp_pkey_st* key) const;
};
using X509Ptr = std::unique_ptr<x509_st, X509Free>;
using PKeyPtr = std::unique_ptr<evp_pkey_st, PKeyFree>;

/// A self-signed ECDSA P-256 certificate for DTLS-SRTP (RFC 8827 section 6.5), with its a=fingerprint value.
struct DtlsCertificate {
  X509Ptr certificate;
  PKeyPtr key;
  std::string sha256_fingerprint;  ///< "AB:CD:…" in capitals, 32 pairs
};
[[nodiscard]] DtlsCertificate make_dtls_certificate(WallTime now);

/// Files that an HTTPS server needs.
struct ServerCertificateFiles {
  std::filesystem::path chain;
  std::filesystem::path key;
  std::filesystem::path authority;  ///< what people are to trust; empty when the certificate was given by the operator
};
/// Makes a local authority (10 years) and a certificate for `names` (host names and addresses, 397 days) below `folder`
/// at first start: authority.pem, authority.key, server.pem, server.key. A certificate that lacks a name or expires
/// within 30 days is made anew under the same authority.
[[nodiscard]] Result<ServerCertificateFiles> ensure_server_certificate(const std::filesystem::path& folder,
                                                                       const std::vector<std::string>& names,
                                                                       WallTime now);

}  // namespace tw
