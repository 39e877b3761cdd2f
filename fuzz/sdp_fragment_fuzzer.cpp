// Bodies of WHIP PATCH requests: trickled candidates and restarts.
#include "fuzz/fuzz_input.hpp"
#include "media/session/sdp_answer.hpp"
#include "media/transport/ice_credentials.hpp"
#include "media/wire/ice_candidate.hpp"
#include "media/wire/sdp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tw::media;
  const auto fragment = SdpFragment::parse(tw::as_text({data, size}));
  if (!fragment) return 0;
  (void)IceCredentials{fragment->ice_ufrag, fragment->ice_pwd}.well_formed();
  tw::fuzz::require(fragment->candidates.size() <= kMaxSdpItems);
  for (const auto& text : fragment->candidates) {
    const bool well_formed = candidate_well_formed(text);
    const auto candidate = IceCandidate::parse(text);
    if (candidate) tw::fuzz::require(!candidate->address.ip_text().empty());
    (void)well_formed;
  }
  return 0;
}
