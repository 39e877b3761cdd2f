#include "media/transport/srtp_transform.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <algorithm>

#include "base/byte_order.hpp"
#include "base/random.hpp"
#include "media/transport/srtp_cipher.hpp"
#include "media/wire/rtp_packet.hpp"

namespace tw::media {
namespace {

constexpr SrtpProfile kProfiles[] = {SrtpProfile::aead_aes_128_gcm, SrtpProfile::aes128_cm_sha1_80};
constexpr std::size_t kRoom = 1600;

Bytes hex(std::string_view text) { return *from_hex(text); }

template <std::size_t Size>
std::array<std::uint8_t, Size> array_of(std::string_view text) {
  std::array<std::uint8_t, Size> out{};
  std::ranges::copy(hex(text), out.begin());
  return out;
}

/// Keys of both sides of one session, from a seed.
std::pair<SrtpKeys, SrtpKeys> make_keys(SrtpProfile profile, std::uint64_t seed = 1) {
  SeededRandom random(seed);
  SrtpKeys a{.profile = profile, .outgoing = {}, .incoming = {}};
  const std::size_t salt_bytes = profile == SrtpProfile::aead_aes_128_gcm ? 12 : 14;
  for (auto* key : {&a.outgoing, &a.incoming}) {
    random.fill(key->key);
    random.fill(std::span(key->salt).first(salt_bytes));
  }
  SrtpKeys b{.profile = profile, .outgoing = a.incoming, .incoming = a.outgoing};
  return {a, b};
}

Bytes make_rtp(std::uint32_t ssrc, std::uint16_t sequence, std::size_t payload_bytes) {
  Bytes packet(kMaxPacketBytes);
  const std::uint8_t value[] = {0x12, 0x34};
  const RtpExtension extensions[] = {{3, value}};
  const std::size_t header = write_rtp_header(
      packet, {.marker = false, .payload_type = 96, .sequence = sequence, .timestamp = sequence * 3000U, .ssrc = ssrc},
      extensions);
  packet.resize(header + payload_bytes);
  for (std::size_t i = 0; i < payload_bytes; ++i) packet[header + i] = static_cast<std::uint8_t>(i * 7 + sequence);
  return packet;
}

Bytes make_rtcp(std::uint32_t ssrc, std::size_t words) {
  Bytes packet(8 + words * 4);
  packet[0] = 0x80;
  packet[1] = 200;
  store_be<std::uint16_t>(packet.data() + 2, static_cast<std::uint16_t>(packet.size() / 4 - 1));
  store_be<std::uint32_t>(packet.data() + 4, ssrc);
  for (std::size_t i = 8; i < packet.size(); ++i) packet[i] = static_cast<std::uint8_t>(i);
  return packet;
}

Bytes protect_rtp(SrtpTransform& transform, Bytes packet) {
  const std::size_t bytes = packet.size();
  packet.resize(kRoom);
  packet.resize(transform.protect_rtp(packet, bytes).value_or(0));
  return packet;
}
Bytes protect_rtcp(SrtpTransform& transform, Bytes packet) {
  const std::size_t bytes = packet.size();
  packet.resize(kRoom);
  packet.resize(transform.protect_rtcp(packet, bytes).value_or(0));
  return packet;
}
/// Empty where it was dropped.
Bytes unprotect_rtp(SrtpTransform& transform, Bytes packet) {
  packet.resize(transform.unprotect_rtp(packet).value_or(0));
  return packet;
}
Bytes unprotect_rtcp(SrtpTransform& transform, Bytes packet) {
  packet.resize(transform.unprotect_rtcp(packet).value_or(0));
  return packet;
}

TEST(SrtpCipher, DerivesTheKeysOfRfc3711AppendixB3) {
  const SrtpMasterKey master{array_of<16>("e1f97a0d3e018be0d64fa32c06de4139"),
                             array_of<14>("0ec675ad498afeebb6960b3aabe6")};
  const SrtpSessionKeys keys = derive_session_keys(SrtpProfile::aes128_cm_sha1_80, master, SrtpFlow::rtp);
  EXPECT_EQ(to_hex(keys.encryption), "c61e7a93744f39ee10734afe3ff7a087");
  EXPECT_EQ(to_hex(keys.salt), "30cbbc08863d8c85d49db34a9ae1");
  EXPECT_EQ(to_hex(keys.authentication), "cebe321f6ff7716b6fd4ab49af256a156d38baa4");
}

TEST(SrtpCipher, GivesTheKeystreamOfRfc3711AppendixB2) {
  const SrtpSessionKeys keys{
      array_of<16>("2b7e151628aed2a6abf7158809cf4f3c"), array_of<14>("f0f1f2f3f4f5f6f7f8f9fafbfcfd"), {}};
  SrtpCipher cipher(SrtpProfile::aes128_cm_sha1_80, keys, SrtpFlow::rtp, SrtpDirection::seal);
  Bytes packet(48 + SrtpCipher::kSha1TagBytes);
  const std::array<std::uint8_t, 4> roc{};
  ASSERT_TRUE(cipher.seal(0, 0, ByteView(packet).first(0), std::span(packet).first(48), roc, packet.data() + 48));
  EXPECT_EQ(to_hex(ByteView(packet).first(48)),
            "e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0");
}

TEST(SrtpCipher, SealsAndOpensThePacketsOfRfc7714) {
  struct Case {
    const char* name;
    SrtpFlow flow;
    std::size_t header_bytes;
    std::uint32_t ssrc;
    std::uint64_t index;
    const char* trailer;  // ROC, or E flag and index
    const char* plain;
    const char* sealed;  // body and tag
  };
  const Case cases[] = {
      {"section 16.1", SrtpFlow::rtp, 12, 0x5501A0B2, 0xF17B, "00000000",
       "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573",
       "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"},
      {"section 17.1", SrtpFlow::rtcp, 8, 0x4D617273, 0x5D4, "800005d4",
       "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
       "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87"
       "2"
       "45d9eade"},
  };
  const SrtpSessionKeys keys{
      array_of<16>("000102030405060708090a0b0c0d0e0f"), array_of<14>("517569642070726f2071756f"), {}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Bytes plain = hex(c.plain);
    const Bytes trailer = hex(c.trailer);
    const std::size_t body_bytes = plain.size() - c.header_bytes;
    Bytes packet = plain;
    packet.resize(plain.size() + SrtpCipher::kGcmTagBytes);
    const auto header = ByteView(packet).first(c.header_bytes);
    const auto body = std::span(packet).subspan(c.header_bytes, body_bytes);
    std::uint8_t* tag = packet.data() + plain.size();
    SrtpCipher sealer(SrtpProfile::aead_aes_128_gcm, keys, c.flow, SrtpDirection::seal);
    ASSERT_TRUE(sealer.seal(c.ssrc, c.index, header, body, trailer, tag));
    EXPECT_EQ(to_hex(ByteView(packet).subspan(c.header_bytes)), c.sealed);
    SrtpCipher opener(SrtpProfile::aead_aes_128_gcm, keys, c.flow, SrtpDirection::open);
    ASSERT_TRUE(opener.open(c.ssrc, c.index, header, body, trailer, tag, true));
    EXPECT_EQ(to_hex(ByteView(packet).first(plain.size())), c.plain);
  }
}

/// libsrtp2 with one key for every SSRC, as the oracle.
class Libsrtp {
 public:
  Libsrtp(SrtpProfile profile, const SrtpMasterKey& master, bool outbound) {
    static const bool initialized = srtp_init() == srtp_err_status_ok;
    EXPECT_TRUE(initialized);
    srtp_policy_t policy{};
    if (profile == SrtpProfile::aead_aes_128_gcm) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
      srtp_crypto_policy_set_rtp_default(&policy.rtp);
      srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    }
    std::ranges::copy(master.key, key_.begin());
    std::ranges::copy(master.salt, key_.begin() + 16);
    policy.key = key_.data();
    policy.ssrc.type = outbound ? ssrc_any_outbound : ssrc_any_inbound;
    policy.window_size = SrtpTransform::kReplayWindow;
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  ~Libsrtp() { srtp_dealloc(session_); }
  Libsrtp(const Libsrtp&) = delete;
  Libsrtp& operator=(const Libsrtp&) = delete;

  template <class Function>
  Bytes run(Function function, Bytes packet) {
    int size = static_cast<int>(packet.size());
    packet.resize(kRoom);
    const auto status = function(session_, packet.data(), &size);
    packet.resize(status == srtp_err_status_ok ? static_cast<std::size_t>(size) : 0);
    return packet;
  }

 private:
  std::array<unsigned char, 30> key_{};
  srtp_t session_ = nullptr;
};

/// Sequence numbers that go twice over the wrap, in bursts whose packets are swapped and some of which come twice.
std::vector<std::uint16_t> disordered_sequence() {
  SeededRandom random(42);
  std::vector<std::uint16_t> sequence;
  std::uint32_t next = 30'000;
  while (next < 30'000 + 2 * 65'536 + 500) {
    std::vector<std::uint16_t> burst;
    for (std::uint32_t i = 0; i < 40; ++i) burst.push_back(static_cast<std::uint16_t>(next + i));
    for (int swaps = 0; swaps < 12; ++swaps) std::swap(burst[random.u32() % 40], burst[random.u32() % 40]);
    burst.push_back(burst[random.u32() % 40]);
    sequence.insert(sequence.end(), burst.begin(), burst.end());
    next += 40 + (random.u32() % 4 == 0 ? 700 : 0);  // losses
  }
  return sequence;
}

TEST(SrtpTransform, ProtectsWhatLibsrtpUnprotectsByteForByte) {
  for (const auto profile : kProfiles) {
    SCOPED_TRACE(static_cast<int>(profile));
    const auto [ours, theirs] = make_keys(profile);
    SrtpTransform transform(ours);
    Libsrtp receiver(profile, ours.outgoing, false);
    Libsrtp sender(profile, ours.outgoing, true);
    std::uint64_t compared = 0;
    for (std::uint32_t i = 0; i < 140'000; i += 5 + i % 7) {
      const Bytes plain = make_rtp(0x1234, static_cast<std::uint16_t>(20'000 + i), i % 97);
      const Bytes sealed = protect_rtp(transform, plain);
      ASSERT_FALSE(sealed.empty()) << i;
      ASSERT_EQ(receiver.run(srtp_unprotect, sealed), plain) << i;
      ASSERT_EQ(sender.run(srtp_protect, plain), sealed) << i;
      ++compared;
    }
    EXPECT_GT(compared, 15'000U);
    for (std::size_t words = 0; words < 40; ++words) {
      const Bytes plain = make_rtcp(0x1234, words);
      const Bytes sealed = protect_rtcp(transform, plain);
      ASSERT_EQ(receiver.run(srtp_unprotect_rtcp, sealed), plain);
      ASSERT_EQ(sender.run(srtp_protect_rtcp, plain), sealed);
    }
  }
}

TEST(SrtpTransform, UnprotectsWhatLibsrtpProtectsReorderedAndRepeatedOverTheWrap) {
  for (const auto profile : kProfiles) {
    SCOPED_TRACE(static_cast<int>(profile));
    const auto [ours, theirs] = make_keys(profile);
    SrtpTransform transform(ours);
    Libsrtp sender(profile, ours.incoming, true);
    Libsrtp oracle(profile, ours.incoming, false);
    const auto sequence = disordered_sequence();
    std::vector<Bytes> sealed(65'536);
    std::uint64_t dropped = 0;
    for (std::size_t i = 0; i < sequence.size(); i += 41) {  // a burst is sent in order and comes as `sequence` says
      const std::size_t end = std::min(i + 41, sequence.size());
      std::vector<std::uint16_t> sent(sequence.begin() + static_cast<std::ptrdiff_t>(i),
                                      sequence.begin() + static_cast<std::ptrdiff_t>(end));
      const std::uint16_t first = *std::ranges::min_element(sent, [&](auto a, auto b) { return is_newer(b, a); });
      for (std::uint16_t k = 0; k < 40; ++k) {
        const auto s = static_cast<std::uint16_t>(first + k);
        sealed[s] = sender.run(srtp_protect, make_rtp(0x77, s, s % 50));
        ASSERT_FALSE(sealed[s].empty());
      }
      for (std::size_t k = i; k < end; ++k) {
        const Bytes expected = oracle.run(srtp_unprotect, sealed[sequence[k]]);
        ASSERT_EQ(unprotect_rtp(transform, sealed[sequence[k]]), expected) << "packet " << k;
        if (expected.empty()) ++dropped;
      }
    }
    EXPECT_EQ(dropped, (sequence.size() + 40) / 41);  // exactly what came twice
    EXPECT_EQ(transform.counters().replayed, dropped);
    EXPECT_EQ(transform.counters().unauthenticated, 0U);
    for (std::size_t words = 0; words < 40; ++words) {
      const Bytes plain = make_rtcp(0x77, words);
      const Bytes packet = sender.run(srtp_protect_rtcp, plain);
      ASSERT_EQ(unprotect_rtcp(transform, packet), plain);
      ASSERT_TRUE(unprotect_rtcp(transform, packet).empty()) << "a replay";
    }
  }
}

TEST(SrtpTransform, DropsEveryPacketWithOneBitChanged) {
  for (const auto profile : kProfiles) {
    SCOPED_TRACE(static_cast<int>(profile));
    const auto [ours, theirs] = make_keys(profile);
    SrtpTransform sender(ours);
    SrtpTransform receiver(theirs);
    ASSERT_FALSE(unprotect_rtp(receiver, protect_rtp(sender, make_rtp(9, 99, 20))).empty());
    const Bytes plain = make_rtp(9, 100, 20);
    const Bytes rtp = protect_rtp(sender, plain);
    const Bytes rtcp = protect_rtcp(sender, make_rtcp(9, 5));
    for (std::size_t bit = 0; bit < rtp.size() * 8; ++bit) {
      Bytes changed = rtp;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      ASSERT_TRUE(unprotect_rtp(receiver, changed).empty()) << "bit " << bit;
    }
    for (std::size_t bit = 0; bit < rtcp.size() * 8; ++bit) {
      Bytes changed = rtcp;
      changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      ASSERT_TRUE(unprotect_rtcp(receiver, changed).empty()) << "bit " << bit;
    }
    for (std::size_t size = 0; size < rtp.size(); ++size) {
      ASSERT_TRUE(unprotect_rtp(receiver, Bytes(rtp.begin(), rtp.begin() + static_cast<std::ptrdiff_t>(size))).empty());
    }
    for (std::size_t size = 0; size < rtcp.size(); ++size) {
      ASSERT_TRUE(
          unprotect_rtcp(receiver, Bytes(rtcp.begin(), rtcp.begin() + static_cast<std::ptrdiff_t>(size))).empty());
    }
    EXPECT_EQ(unprotect_rtp(receiver, rtp), plain) << "forged packets took nothing from the right one";
    EXPECT_FALSE(unprotect_rtcp(receiver, rtcp).empty());
  }
}

TEST(SrtpTransform, DropsWhatIsOlderThanItsWindowAndNothingInside) {
  for (const auto profile : kProfiles) {
    const auto [ours, theirs] = make_keys(profile);
    SrtpTransform sender(ours);
    SrtpTransform receiver(theirs);
    std::vector<Bytes> sealed;
    for (std::uint16_t i = 0; i <= SrtpTransform::kReplayWindow; ++i)
      sealed.push_back(protect_rtp(sender, make_rtp(1, i, 10)));
    EXPECT_FALSE(unprotect_rtp(receiver, sealed.back()).empty());
    EXPECT_TRUE(unprotect_rtp(receiver, sealed[0]).empty()) << "one older than the window";
    EXPECT_FALSE(unprotect_rtp(receiver, sealed[1]).empty()) << "the oldest inside";
    EXPECT_EQ(receiver.counters().replayed, 1U);
  }
}

TEST(SrtpTransform, NeverUsesANonceTwice) {
  for (const auto profile : kProfiles) {
    const auto [ours, theirs] = make_keys(profile);
    SrtpTransform sender(ours);
    EXPECT_FALSE(protect_rtp(sender, make_rtp(1, 10, 10)).empty());
    EXPECT_FALSE(protect_rtp(sender, make_rtp(1, 12, 10)).empty());
    EXPECT_FALSE(protect_rtp(sender, make_rtp(1, 11, 10)).empty()) << "late, but not sent before";
    EXPECT_TRUE(protect_rtp(sender, make_rtp(1, 10, 11)).empty());
    EXPECT_TRUE(protect_rtp(sender, make_rtp(1, 12, 10)).empty());
    EXPECT_EQ(sender.counters().replayed, 2U);
  }
}

TEST(SrtpTransform, KeepsAtMostTheNamedNumberOfSsrcsAndForgedOnesTakeNoPlace) {
  for (const auto profile : kProfiles) {
    const auto [ours, theirs] = make_keys(profile);
    const auto [strange, strangers] = make_keys(profile, 2);
    SrtpTransform sender(ours);
    SrtpTransform stranger(strange);
    SrtpTransform receiver(theirs);
    for (std::uint32_t ssrc = 1000; ssrc < 1000 + SrtpTransform::kMaxSsrcs; ++ssrc) {
      EXPECT_TRUE(unprotect_rtp(receiver, protect_rtp(stranger, make_rtp(ssrc, 1, 10))).empty());
    }
    EXPECT_EQ(receiver.counters().unauthenticated, SrtpTransform::kMaxSsrcs);
    for (std::uint32_t ssrc = 1; ssrc <= SrtpTransform::kMaxSsrcs; ++ssrc) {
      EXPECT_FALSE(unprotect_rtp(receiver, protect_rtp(sender, make_rtp(ssrc, 1, 10))).empty()) << ssrc;
    }
    EXPECT_TRUE(protect_rtp(sender, make_rtp(SrtpTransform::kMaxSsrcs + 1, 1, 10)).empty());
    EXPECT_EQ(sender.counters().too_many_ssrcs, 1U);
    Libsrtp other(profile, ours.outgoing, true);
    EXPECT_TRUE(
        unprotect_rtp(receiver, other.run(srtp_protect, make_rtp(SrtpTransform::kMaxSsrcs + 1, 1, 10))).empty());
    EXPECT_EQ(receiver.counters().too_many_ssrcs, 1U);
    EXPECT_FALSE(unprotect_rtp(receiver, protect_rtp(sender, make_rtp(1, 2, 10))).empty()) << "known ones go on";
  }
}

TEST(SrtpTransform, RefusesABufferWithoutRoomForTheTag) {
  for (const auto profile : kProfiles) {
    const auto [ours, theirs] = make_keys(profile);
    SrtpTransform sender(ours);
    const std::size_t tag = profile == SrtpProfile::aead_aes_128_gcm ? 16 : 10;
    Bytes packet = make_rtp(1, 1, 10);
    const std::size_t bytes = packet.size();
    packet.resize(bytes + tag - 1);
    EXPECT_FALSE(sender.protect_rtp(packet, bytes));
    packet.resize(bytes + tag);
    EXPECT_EQ(sender.protect_rtp(packet, bytes), bytes + tag);
    Bytes report = make_rtcp(1, 2);
    report.resize(16 + tag + 3);
    EXPECT_FALSE(sender.protect_rtcp(report, 16));
    report.resize(16 + tag + 4);
    EXPECT_EQ(sender.protect_rtcp(report, 16), 16 + tag + 4);
  }
}

}  // namespace
}  // namespace tw::media
