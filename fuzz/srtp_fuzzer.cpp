// SRTP and SRTCP: forged packets are dropped, changed ones too, and whole ones come back as they were.
#include <algorithm>
#include <utility>
#include <vector>

#include "base/byte_order.hpp"
#include "fuzz/fuzz_input.hpp"
#include "media/transport/srtp_transform.hpp"
#include "media/wire/rtp_packet.hpp"

namespace {

using namespace tw::media;
using tw::Bytes;
using tw::ByteView;

SrtpKeys keys(SrtpProfile profile) {
  SrtpKeys made{.profile = profile, .outgoing = {}, .incoming = {}};
  made.outgoing.key.fill(1);
  made.incoming.key.fill(1);  // so that one transform reads what it wrote
  return made;
}

/// Protects `plain`, changes what the input says and unprotects; only what was not changed may come back.
void round_trip(SrtpTransform& transform, ByteView plain, std::size_t flip_at, std::uint8_t flip, bool rtcp) {
  Bytes packet(plain.begin(), plain.end());
  packet.resize(plain.size() + SrtpTransform::kRtcpOverhead);
  const auto sealed = rtcp ? transform.protect_rtcp(packet, plain.size()) : transform.protect_rtp(packet, plain.size());
  if (!sealed) return;
  packet.resize(*sealed);
  Bytes replayed = packet;
  packet[flip_at % packet.size()] ^= flip;
  const auto opened = rtcp ? transform.unprotect_rtcp(packet) : transform.unprotect_rtp(packet);
  tw::fuzz::require(opened.has_value() == (flip == 0));
  if (!opened) return;
  tw::fuzz::require(std::ranges::equal(ByteView(packet).first(*opened), plain));
  tw::fuzz::require(!(rtcp ? transform.unprotect_rtcp(replayed) : transform.unprotect_rtp(replayed)));
}

/// The same packet under later numbers: each opens once, also an older one that comes late.
void go_on(SrtpTransform& transform, ByteView plain, std::uint16_t step) {
  if (step == 0 || step > 0x4000 || !RtpPacketView::parse_header(plain)) return;
  std::vector<Bytes> sealed;
  for (int i = 0; i < 3; ++i) {
    Bytes packet(plain.begin(), plain.end());
    const auto sequence = static_cast<std::uint16_t>(tw::load_be<std::uint16_t>(packet.data() + 2) + (i + 1) * step);
    tw::store_be<std::uint16_t>(packet.data() + 2, sequence);
    packet.resize(plain.size() + SrtpTransform::kRtcpOverhead);
    const auto bytes = transform.protect_rtp(packet, plain.size());
    if (!bytes) return;
    packet.resize(*bytes);
    sealed.push_back(packet);
  }
  std::swap(sealed[0], sealed[1]);
  for (Bytes& packet : sealed) {
    Bytes again = packet;
    const bool late = &packet == &sealed[1];
    const bool opened = transform.unprotect_rtp(packet).has_value();
    tw::fuzz::require(opened || late);
    tw::fuzz::require(!transform.unprotect_rtp(again));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tw::fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  const std::size_t flip_at = input.byte();
  const std::uint8_t flip = input.byte();
  const ByteView packet = input.rest();
  SrtpTransform transform(keys((choice & 1) != 0 ? SrtpProfile::aead_aes_128_gcm : SrtpProfile::aes128_cm_sha1_80));
  Bytes forged(packet.begin(), packet.end());
  tw::fuzz::require(!transform.unprotect_rtp(forged));
  forged.assign(packet.begin(), packet.end());
  tw::fuzz::require(!transform.unprotect_rtcp(forged));
  if (packet.size() > kMaxPacketBytes) return 0;
  round_trip(transform, packet, flip_at, flip, (choice & 2) != 0);
  if (flip == 0 && (choice & 2) == 0)
    go_on(transform, packet, static_cast<std::uint16_t>(flip_at * (choice & 4 ? 64 : 1)));
  return 0;
}
