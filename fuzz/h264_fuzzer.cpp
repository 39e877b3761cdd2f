// H264 payloads: single units, aggregates and fragments.
#include "fuzz/fuzz_input.hpp"
#include "media/wire/h264_payload.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tw::media::H264Payload;
  const tw::ByteView payload(data, size);
  const auto parsed = H264Payload::parse(payload);
  if (!parsed) return 0;
  tw::Bytes out;
  tw::media::append_annex_b(payload, *parsed, out);
  tw::fuzz::require(!out.empty() && out.size() <= size * 3 + 4);
  return 0;
}
