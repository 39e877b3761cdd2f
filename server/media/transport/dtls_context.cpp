#include "media/transport/dtls_context.hpp"

#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>

#include <stdexcept>

namespace tw::media {
namespace {

/// More than any datagram that leaves.
constexpr long kMaxSendFragmentBytes = 2'048;
/// A chain of one self-signed certificate is 1–2 KiB.
constexpr long kMaxPeerCertificateBytes = 16'384;
// RFC 8827 section 6.5 and what browsers offer besides: forward secrecy and AEAD only.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-"
    "POLY1305:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
// A peer's certificate may lie on P-384 or P-521; a curve that is missing here would be refused.
constexpr const char* kGroups = "X25519:P-256:P-384:P-521";
// GCM costs half of what counter mode with HMAC-SHA1 costs.
constexpr const char* kSrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";

/// Certificates are self-signed: who the peer is, its fingerprint in the SDP says (RFC 8122 section 6.2).
int accept_for_now(int /*preverified*/, X509_STORE_CTX* /*store*/) { return 1; }

void require(bool done, const char* what) {
  if (done) return;
  ERR_clear_error();
  throw std::runtime_error(std::string("DTLS cannot be set up: OpenSSL refuses ") + what);
}

}  // namespace

void DtlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

DtlsContext::DtlsContext(const DtlsCertificate& certificate)
    : context_(SSL_CTX_new(DTLS_method())), sha256_fingerprint_(certificate.sha256_fingerprint) {
  SSL_CTX* context = context_.get();
  require(context != nullptr, "a context");
  require(SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1, "DTLS 1.2");
  require(SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1, "DTLS 1.2");
  require(SSL_CTX_set_cipher_list(context, kCiphers) == 1, "the ciphers");
  require(SSL_CTX_set1_groups_list(context, kGroups) == 1, "the groups");
  require(SSL_CTX_set_tlsext_use_srtp(context, kSrtpProfiles) == 0, "the SRTP profiles");
  require(SSL_CTX_use_certificate(context, certificate.certificate.get()) == 1, "the certificate");
  require(SSL_CTX_use_PrivateKey(context, certificate.key.get()) == 1, "the private key");
  require(SSL_CTX_check_private_key(context) == 1, "a key that is not the certificate's");
  SSL_CTX_set_options(
      context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // After its handshake a session reads nothing for hours: 16 KiB of buffer are given back. The one for writing stays,
  // and need not hold more than a datagram: handshake messages go out in fragments anyway (RFC 6347 section 4.2.3).
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  require(SSL_CTX_set_max_send_fragment(context, kMaxSendFragmentBytes) == 1, "a limit of records");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_for_now);
  SSL_CTX_set_max_cert_list(context, kMaxPeerCertificateBytes);
}

DtlsContext::~DtlsContext() = default;

}  // namespace tw::media
