#include "media/wire/stream_frames.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/byte_order.hpp"
#include "base/encoding.hpp"

namespace tw::media {
namespace {

Bytes framed(const std::vector<Bytes>& datagrams) {
  Bytes stream;
  for (const auto& datagram : datagrams) {
    stream.resize(stream.size() + 2);
    store_be<std::uint16_t>(stream.data() + stream.size() - 2, static_cast<std::uint16_t>(datagram.size()));
    stream.insert(stream.end(), datagram.begin(), datagram.end());
  }
  return stream;
}

void feed(StreamFrames& frames, ByteView bytes, std::vector<Bytes>& out) {
  ASSERT_LE(bytes.size(), frames.space().size());
  std::ranges::copy(bytes, frames.space().begin());
  frames.filled(bytes.size());
  while (const auto frame = frames.next()) out.emplace_back(frame->begin(), frame->end());
}

TEST(StreamFrames, GivesTheDatagramsHoweverTheStreamIsCut) {
  std::mt19937 dice(3);
  std::vector<Bytes> sent;
  for (std::size_t i = 0; i < 200; ++i) {
    const std::size_t bytes = i % 9 == 0 ? StreamFrames::kMaxFrameBytes : dice() % 1'300;
    sent.emplace_back(bytes, static_cast<std::uint8_t>(i));
  }
  const Bytes stream = framed(sent);
  for (const std::size_t longest : {std::size_t{1}, std::size_t{7}, std::size_t{1'460}, std::size_t{6'000}}) {
    StreamFrames frames;
    std::vector<Bytes> got;
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t bytes = std::min(stream.size() - at, 1 + dice() % longest);
      feed(frames, ByteView(stream).subspan(at, bytes), got);
      at += bytes;
    }
    EXPECT_EQ(got, sent) << longest;
    EXPECT_FALSE(frames.broken());
  }
}

TEST(StreamFrames, TakesTheLongestFrameAndNotOneByteMore) {
  std::vector<Bytes> got;
  StreamFrames longest;
  feed(longest, framed({Bytes(StreamFrames::kMaxFrameBytes)}), got);
  EXPECT_EQ(got.size(), 1U);
  StreamFrames longer;
  got.clear();
  feed(longer, framed({Bytes(4), Bytes(StreamFrames::kMaxFrameBytes + 1), Bytes(4)}), got);
  EXPECT_EQ(got.size(), 1U) << "what came before is good, nothing behind it is read";
  EXPECT_TRUE(longer.broken());
}

TEST(StreamFrames, AlwaysHasSpaceOnceEverythingWasTaken) {
  StreamFrames frames;
  std::vector<Bytes> got;
  Bytes begun(StreamFrames::kMaxFrameBytes + 1);  // a frame that lacks its last byte
  store_be<std::uint16_t>(begun.data(), StreamFrames::kMaxFrameBytes);
  feed(frames, begun, got);
  EXPECT_TRUE(got.empty());
  EXPECT_GE(frames.space().size(), StreamFrames::kBufferBytes - begun.size());
}

}  // namespace
}  // namespace tw::media
