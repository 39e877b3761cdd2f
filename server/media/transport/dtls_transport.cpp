#include "media/transport/dtls_transport.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include "media/transport/datagram_bio.hpp"

namespace tw::media {
namespace {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

unsigned int next_timeout_micros(SSL* /*ssl*/, unsigned int micros) {
  constexpr auto kFirst = static_cast<unsigned>(std::chrono::microseconds(DtlsTransport::kFirstTimeout).count());
  constexpr auto kLongest = static_cast<unsigned>(std::chrono::microseconds(DtlsTransport::kLongestTimeout).count());
  return micros == 0 ? kFirst : std::min(micros * 2, kLongest);
}

const EVP_MD* digest_of(const SdpFingerprint& fingerprint) {
  if (fingerprint.algorithm == "sha-256") return EVP_sha256();
  if (fingerprint.algorithm == "sha-384") return EVP_sha384();
  if (fingerprint.algorithm == "sha-512") return EVP_sha512();
  return nullptr;
}

/// Is `certificate` the one that the SDP names (RFC 8122 section 5)?
bool fits(const SdpFingerprint& fingerprint, const X509* certificate) {
  const EVP_MD* algorithm = digest_of(fingerprint);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (certificate == nullptr || algorithm == nullptr) return false;
  if (X509_digest(certificate, algorithm, digest.data(), &size) != 1) return false;
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text == fingerprint.value;
}

}  // namespace

struct DtlsTransport::State {
  State(const DtlsContext& context, DtlsRole r, SdpFingerprint fingerprint)
      : ssl(SSL_new(context.native())), role(r), peer(std::move(fingerprint)) {
    if (!ssl) throw std::bad_alloc();
    BIO* bio = make_datagram_bio(exchange).release();
    SSL_set_bio(ssl.get(), bio, bio);  // takes it
    SSL_set_mtu(ssl.get(), kMtuBytes);
    DTLS_set_timer_cb(ssl.get(), next_timeout_micros);
    if (role == DtlsRole::server) {
      SSL_set_accept_state(ssl.get());
    } else {
      SSL_set_connect_state(ssl.get());
    }
  }

  void drive();
  void finish_handshake();
  [[nodiscard]] bool export_keys();
  void read();
  void fail_with(const char* why) {
    state = DtlsState::failed;
    failure = why;
  }
  void refresh_deadline(SteadyTime now);
  /// OpenSSL keeps 2 × 17 KiB of record buffers a session that a finished handshake has no use for
  /// (SSL_MODE_RELEASE_BUFFERS does nothing for DTLS). They must be there before anything is read or written.
  void lend_buffers() { SSL_alloc_buffers(ssl.get()); }
  void release_buffers() {
    if (state != DtlsState::handshaking) SSL_free_buffers(ssl.get());
  }

  DatagramExchange exchange;  // before `ssl`, whose BIO points to it
  std::unique_ptr<SSL, SslFree> ssl;
  DtlsRole role;
  SdpFingerprint peer;
  DtlsState state = DtlsState::handshaking;
  const char* failure = "";
  std::optional<SrtpKeys> keys;
  std::optional<SteadyTime> deadline;
};

namespace {

/// Lends path and sink to the BIO for one call.
class Lent {
 public:
  Lent(DatagramExchange& exchange, ByteView incoming, const NetworkPath& path, DatagramSink& out)
      : exchange_(exchange) {
    exchange = {incoming, &path, &out};
    ERR_clear_error();
  }
  ~Lent() {
    exchange_ = {};
    ERR_clear_error();
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  DatagramExchange& exchange_;
};

}  // namespace

void DtlsTransport::State::drive() {
  if (state == DtlsState::handshaking) {
    const int done = SSL_do_handshake(ssl.get());
    if (done == 1) {
      finish_handshake();
    } else if (SSL_get_error(ssl.get(), done) != SSL_ERROR_WANT_READ) {
      fail_with("handshake");
    }
  }
  if (state == DtlsState::connected) read();
}

void DtlsTransport::State::finish_handshake() {
  const std::unique_ptr<X509, X509Free> certificate(SSL_get1_peer_certificate(ssl.get()));
  if (!fits(peer, certificate.get())) {
    fail_with("fingerprint");
  } else if (!export_keys()) {
    fail_with("no_srtp_profile");
  } else {
    state = DtlsState::connected;
    return;
  }
  SSL_shutdown(ssl.get());
}

/// RFC 5764 section 4.2: both keys, then both salts, the client's first.
bool DtlsTransport::State::export_keys() {
  constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  const SRTP_PROTECTION_PROFILE* profile = SSL_get_selected_srtp_profile(ssl.get());
  if (profile == nullptr) return false;
  SrtpKeys made;
  made.profile = profile->id == SRTP_AEAD_AES_128_GCM ? SrtpProfile::aead_aes_128_gcm : SrtpProfile::aes128_cm_sha1_80;
  const std::size_t salt_bytes = made.profile == SrtpProfile::aead_aes_128_gcm ? 12 : 14;
  constexpr std::size_t kKeyBytes = 16;
  std::array<std::uint8_t, 2 * (kKeyBytes + 14)> material{};
  const std::size_t bytes = 2 * (kKeyBytes + salt_bytes);
  if (SSL_export_keying_material(ssl.get(), material.data(), bytes, kLabel.data(), kLabel.size(), nullptr, 0, 0) != 1) {
    return false;
  }
  SrtpMasterKey client;
  SrtpMasterKey server;
  std::copy_n(material.begin(), kKeyBytes, client.key.begin());
  std::copy_n(material.begin() + kKeyBytes, kKeyBytes, server.key.begin());
  std::copy_n(material.begin() + 2 * kKeyBytes, salt_bytes, client.salt.begin());
  std::copy_n(material.begin() + static_cast<std::ptrdiff_t>(2 * kKeyBytes + salt_bytes), salt_bytes,
              server.salt.begin());
  made.outgoing = role == DtlsRole::client ? client : server;
  made.incoming = role == DtlsRole::client ? server : client;
  keys = made;
  OPENSSL_cleanse(material.data(), material.size());
  return true;
}

/// Takes retransmitted flights, alerts and (unwanted) application data out of the session.
void DtlsTransport::State::read() {
  std::array<std::uint8_t, 256> unwanted{};
  for (;;) {
    const int bytes = SSL_read(ssl.get(), unwanted.data(), static_cast<int>(unwanted.size()));
    if (bytes > 0) continue;
    const int error = SSL_get_error(ssl.get(), bytes);
    if (error == SSL_ERROR_ZERO_RETURN || error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL)
      state = DtlsState::closed;
    return;
  }
}

void DtlsTransport::State::refresh_deadline(SteadyTime now) {
  deadline.reset();
  timeval left{};
  if (state != DtlsState::handshaking || DTLSv1_get_timeout(ssl.get(), &left) != 1) return;
  deadline = now + std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
}

DtlsTransport::DtlsTransport(const DtlsContext& context, DtlsRole role, SdpFingerprint peer)
    : state_(std::make_unique<State>(context, role, std::move(peer))) {}
DtlsTransport::~DtlsTransport() = default;
DtlsTransport::DtlsTransport(DtlsTransport&&) noexcept = default;
DtlsTransport& DtlsTransport::operator=(DtlsTransport&&) noexcept = default;

void DtlsTransport::start(const NetworkPath& path, SteadyTime now, DatagramSink& out) {
  State& s = *state_;
  if (s.role == DtlsRole::server || s.state != DtlsState::handshaking) return;
  const Lent lent(s.exchange, {}, path, out);
  s.drive();
  s.refresh_deadline(now);
}

DtlsState DtlsTransport::receive(const ValidatedDatagram& datagram, const NetworkPath& path, SteadyTime now,
                                 DatagramSink& out) {
  State& s = *state_;
  if (s.state == DtlsState::failed || s.state == DtlsState::closed) return s.state;
  const Lent lent(s.exchange, datagram.bytes(), path, out);
  s.lend_buffers();
  s.drive();
  s.release_buffers();
  s.refresh_deadline(now);
  return s.state;
}

DtlsState DtlsTransport::handle_timeout(const NetworkPath& path, SteadyTime now, DatagramSink& out) {
  State& s = *state_;
  if (!s.deadline || now < *s.deadline) return s.state;
  const Lent lent(s.exchange, {}, path, out);
  if (DTLSv1_handle_timeout(s.ssl.get()) < 0) s.fail_with("timeout");
  s.refresh_deadline(now);
  return s.state;
}

std::optional<SteadyTime> DtlsTransport::next_deadline() const { return state_->deadline; }

void DtlsTransport::close(const NetworkPath& path, DatagramSink& out) {
  State& s = *state_;
  if (s.state == DtlsState::connected) {
    const Lent lent(s.exchange, {}, path, out);
    s.lend_buffers();
    SSL_shutdown(s.ssl.get());
    s.release_buffers();
  }
  s.deadline.reset();
  if (s.state != DtlsState::failed) s.state = DtlsState::closed;
}

DtlsState DtlsTransport::state() const { return state_->state; }
const std::optional<SrtpKeys>& DtlsTransport::srtp_keys() const { return state_->keys; }
const char* DtlsTransport::failure() const { return state_->failure; }

bool fingerprint_supported(const SdpFingerprint& fingerprint) { return digest_of(fingerprint) != nullptr; }

}  // namespace tw::media
