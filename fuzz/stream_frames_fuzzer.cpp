// A TCP stream in pieces of any size into the reader of its frames: the same datagrams come out however it is cut.
#include <algorithm>
#include <vector>

#include "base/byte_order.hpp"
#include "fuzz/fuzz_input.hpp"
#include "media/wire/stream_frames.hpp"

namespace {

using tw::Bytes;
using tw::ByteView;
using tw::media::StreamFrames;

void take(StreamFrames& frames, std::vector<Bytes>& out) {
  while (const auto frame = frames.next()) {
    tw::fuzz::require(frame->size() <= StreamFrames::kMaxFrameBytes);
    out.emplace_back(frame->begin(), frame->end());
    std::ranges::fill(*frame, std::uint8_t{0xEE});  // as decryption in place does
  }
}

/// What is in the stream, read without a buffer.
std::vector<Bytes> expected(ByteView stream) {
  std::vector<Bytes> out;
  while (stream.size() >= 2) {
    const std::size_t bytes = tw::load_be<std::uint16_t>(stream.data());
    if (bytes > StreamFrames::kMaxFrameBytes || stream.size() - 2 < bytes) break;
    const ByteView frame = stream.subspan(2, bytes);
    out.emplace_back(frame.begin(), frame.end());
    stream = stream.subspan(2 + bytes);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tw::fuzz::Input input(data, size);
  const std::size_t longest = std::size_t{1} + input.byte() * 16U;
  const ByteView stream = input.rest();
  StreamFrames frames;
  std::vector<Bytes> got;
  for (std::size_t at = 0; at < stream.size() && !frames.broken();) {
    const auto space = frames.space();
    tw::fuzz::require(!space.empty());
    const std::size_t bytes = std::min({longest, space.size(), stream.size() - at});
    std::ranges::copy(stream.subspan(at, bytes), space.begin());
    frames.filled(bytes);
    at += bytes;
    take(frames, got);
  }
  tw::fuzz::require(got == expected(stream));
  return 0;
}
