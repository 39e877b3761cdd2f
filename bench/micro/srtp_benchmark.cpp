#include <benchmark/benchmark.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <vector>

#include "media/transport/srtp_transform.hpp"
#include "micro/sample_packet.hpp"

namespace tw::bench {
namespace {

using media::SrtpProfile;

media::SrtpMasterKey master_key() {
  media::SrtpMasterKey key;
  for (std::size_t i = 0; i < key.key.size(); ++i) key.key[i] = static_cast<std::uint8_t>(i + 1);
  for (std::size_t i = 0; i < 12; ++i) key.salt[i] = static_cast<std::uint8_t>(0xA0 + i);
  return key;
}

media::SrtpTransform make_transform(SrtpProfile profile) {
  return media::SrtpTransform({.profile = profile, .outgoing = master_key(), .incoming = master_key()});
}

/// libsrtp2 with the same keys.
class Libsrtp {
 public:
  Libsrtp(SrtpProfile profile, bool outbound) {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    srtp_policy_t policy{};
    if (profile == SrtpProfile::aead_aes_128_gcm) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
      srtp_crypto_policy_set_rtp_default(&policy.rtp);
      srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    }
    const media::SrtpMasterKey master = master_key();
    std::ranges::copy(master.key, key_.begin());
    std::ranges::copy(master.salt, key_.begin() + 16);
    policy.key = key_.data();
    policy.ssrc.type = outbound ? ssrc_any_outbound : ssrc_any_inbound;
    policy.window_size = media::SrtpTransform::kReplayWindow;
    if (!ready || srtp_create(&session_, &policy) != srtp_err_status_ok) throw std::runtime_error("libsrtp2 refuses");
  }
  ~Libsrtp() { srtp_dealloc(session_); }
  Libsrtp(const Libsrtp&) = delete;
  Libsrtp& operator=(const Libsrtp&) = delete;
  [[nodiscard]] srtp_t session() const { return session_; }

 private:
  srtp_t session_ = nullptr;
  std::array<std::uint8_t, 30> key_{};
};

void protect_ours(benchmark::State& state, SrtpProfile profile) {
  auto transform = make_transform(profile);
  SamplePacket packet;
  std::uint16_t sequence = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(transform.protect_rtp(packet.with_sequence(sequence++), SamplePacket::kBytes));
  }
}

void protect_libsrtp(benchmark::State& state, SrtpProfile profile) {
  const Libsrtp library(profile, true);
  SamplePacket packet;
  std::uint16_t sequence = 0;
  for (auto _ : state) {
    int size = SamplePacket::kBytes;
    benchmark::DoNotOptimize(srtp_protect(library.session(), packet.with_sequence(sequence++).data(), &size));
  }
}

/// Packets that were protected beforehand: a receiver takes each only once, so a new receiver takes over when all of
/// them were taken.
std::vector<std::array<std::uint8_t, SamplePacket::kRoom>> sealed_packets(SrtpProfile profile, std::size_t& bytes) {
  constexpr std::size_t kCount = 4096;
  auto transform = make_transform(profile);
  std::vector<std::array<std::uint8_t, SamplePacket::kRoom>> packets(kCount);
  SamplePacket packet;
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto buffer = packet.with_sequence(static_cast<std::uint16_t>(i));
    std::ranges::copy(buffer, packets[i].begin());
    bytes = transform.protect_rtp(packets[i], SamplePacket::kBytes).value();
  }
  return packets;
}

void unprotect_ours(benchmark::State& state, SrtpProfile profile) {
  std::size_t bytes = 0;
  const auto sealed = sealed_packets(profile, bytes);
  auto packets = sealed;
  auto transform = make_transform(profile);
  std::size_t next = 0;
  for (auto _ : state) {
    if (next == packets.size()) {
      state.PauseTiming();
      packets = sealed;
      transform = make_transform(profile);
      next = 0;
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(transform.unprotect_rtp(std::span(packets[next++]).first(bytes)));
  }
}

void unprotect_libsrtp(benchmark::State& state, SrtpProfile profile) {
  std::size_t bytes = 0;
  const auto sealed = sealed_packets(profile, bytes);
  auto packets = sealed;
  auto library = std::make_unique<Libsrtp>(profile, false);
  std::size_t next = 0;
  for (auto _ : state) {
    if (next == packets.size()) {
      state.PauseTiming();
      packets = sealed;
      library = std::make_unique<Libsrtp>(profile, false);
      next = 0;
      state.ResumeTiming();
    }
    int size = static_cast<int>(bytes);
    benchmark::DoNotOptimize(srtp_unprotect(library->session(), packets[next++].data(), &size));
  }
}

BENCHMARK_CAPTURE(protect_ours, gcm, SrtpProfile::aead_aes_128_gcm)->Name("SRTP protect, GCM, ours");
BENCHMARK_CAPTURE(protect_libsrtp, gcm, SrtpProfile::aead_aes_128_gcm)->Name("SRTP protect, GCM, libsrtp2");
BENCHMARK_CAPTURE(unprotect_ours, gcm, SrtpProfile::aead_aes_128_gcm)->Name("SRTP unprotect, GCM, ours");
BENCHMARK_CAPTURE(unprotect_libsrtp, gcm, SrtpProfile::aead_aes_128_gcm)->Name("SRTP unprotect, GCM, libsrtp2");
BENCHMARK_CAPTURE(protect_ours, cm, SrtpProfile::aes128_cm_sha1_80)->Name("SRTP protect, CM, ours");
BENCHMARK_CAPTURE(protect_libsrtp, cm, SrtpProfile::aes128_cm_sha1_80)->Name("SRTP protect, CM, libsrtp2");
BENCHMARK_CAPTURE(unprotect_ours, cm, SrtpProfile::aes128_cm_sha1_80)->Name("SRTP unprotect, CM, ours");
BENCHMARK_CAPTURE(unprotect_libsrtp, cm, SrtpProfile::aes128_cm_sha1_80)->Name("SRTP unprotect, CM, libsrtp2");

}  // namespace
}  // namespace tw::bench
