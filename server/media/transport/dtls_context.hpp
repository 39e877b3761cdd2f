#pragma once

#include <memory>
#include <string>

#include "crypto/certificate.hpp"

struct ssl_ctx_st;

namespace tw::media {

/// What all DTLS sessions of a worker share: certificate, ciphers, SRTP profiles. Throws std::runtime_error at
/// start-up where OpenSSL cannot be set up.
class DtlsContext {
 public:
  explicit DtlsContext(const DtlsCertificate& certificate);
  ~DtlsContext();
  DtlsContext(const DtlsContext&) = delete;
  DtlsContext& operator=(const DtlsContext&) = delete;

  /// For a=fingerprint, without "sha-256 ".
  [[nodiscard]] const std::string& sha256_fingerprint() const { return sha256_fingerprint_; }
  [[nodiscard]] ssl_ctx_st* native() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::string sha256_fingerprint_;
};

}  // namespace tw::media
