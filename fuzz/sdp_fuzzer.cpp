// Offers, through negotiation to the answer, which must be readable and fit the offer section by section.
#include "fuzz/fuzz_input.hpp"
#include "media/session/sdp_answer.hpp"
#include "media/session/sdp_negotiation.hpp"
#include "media/wire/ice_candidate.hpp"
#include "media/wire/sdp.hpp"

namespace {

using namespace tw::media;

void answer(std::string_view text, OfferRole role, Codec codec, std::size_t sections) {
  auto session = negotiate(text, role, codec);
  if (!session) return;
  AnswerParts parts;
  parts.role = role;
  parts.local = {"abcd", "abcdefghijklmnopqrstuv"};
  parts.sha256_fingerprint = "AA:BB";
  const SocketAddress candidates[] = {*SocketAddress::parse("192.0.2.1", 50'000),
                                      *SocketAddress::parse("2001:db8::1", 1)};
  parts.candidates = candidates;
  parts.stream_id = "stream";
  parts.cname = "cname";
  const std::string written = write_answer(*session, parts);
  const auto read = SessionDescription::parse(written);
  tw::fuzz::require(read.has_value());
  tw::fuzz::require(read->media.size() == sections && read->ice_lite);
  for (std::size_t i = 0; i < sections; ++i) {
    tw::fuzz::require((read->media[i].port != 0) == session->media[i].accepted);
    if (session->media[i].accepted) tw::fuzz::require(read->media[i].mid == session->media[i].mid);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tw::as_text({data, size});
  const auto offer = SessionDescription::parse(text);
  if (!offer) return 0;
  tw::fuzz::require(offer->media.size() <= kMaxSdpMedia);
  for (const auto& medium : offer->media) {
    for (const auto& candidate : medium.candidates) (void)IceCandidate::parse(candidate);
    for (const auto& codec : medium.codecs) (void)codec.parameter_text();
  }
  for (const auto role : {OfferRole::publisher, OfferRole::viewer}) {
    for (const auto codec : {Codec::vp8, Codec::h264}) answer(text, role, codec, offer->media.size());
  }
  return 0;
}
