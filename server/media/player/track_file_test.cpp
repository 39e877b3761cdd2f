#include "media/player/track_file.hpp"

#include <gtest/gtest.h>

namespace tw::media {
namespace {

Bytes written(Codec codec) {
  Bytes file;
  TrackFileWriter writer(codec, [&](ByteView bytes) -> Result<void> {
    file.insert(file.end(), bytes.begin(), bytes.end());
    return {};
  });
  EXPECT_TRUE(writer.add(0, true, Bytes{1, 2, 3}));
  EXPECT_TRUE(writer.add(3'600, false, Bytes{4}));
  return file;
}

TEST(TrackFile, ComesBackAsItWasWritten) {
  const auto track = read_track_file(written(Codec::vp8), Codec::vp8);
  ASSERT_TRUE(track);
  ASSERT_EQ(track->frames.size(), 2U);
  EXPECT_TRUE(track->frames[0].keyframe);
  EXPECT_FALSE(track->frames[1].keyframe);
  EXPECT_EQ(track->frames[1].time, 3'600U);
  const auto first = track->bytes_of(track->frames[0]);
  EXPECT_EQ(Bytes(first.begin(), first.end()), (Bytes{1, 2, 3}));
}

TEST(TrackFile, CutOrChangedFilesAreRefused) {
  const Bytes whole = written(Codec::vp8);
  EXPECT_FALSE(read_track_file(whole, Codec::h264));
  EXPECT_FALSE(read_track_file({}, Codec::vp8));
  for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
    const auto track =
        read_track_file(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)), Codec::vp8);
    // Cut between records it is a shorter track; everywhere else it is none.
    if (track) {
      EXPECT_TRUE(bytes == 8 || bytes == 19) << bytes;
    }
  }
  Bytes changed = whole;
  changed[13] = 0xFF;  // a frame longer than the file
  EXPECT_FALSE(read_track_file(changed, Codec::vp8));
}

TEST(TrackFile, EmptyFramesAndMoreThanAnyMediumHasAreRefused) {
  Bytes empty = written(Codec::vp8);
  empty.resize(16);
  empty[12] = empty[13] = empty[14] = empty[15] = 0;  // a frame of no bytes
  EXPECT_FALSE(read_track_file(empty, Codec::vp8));
  const auto of = [](std::size_t frames) {
    Bytes file = written(Codec::opus);
    const Bytes record{0, 0, 0, 0, 0, 0, 0, 1, 0xFC};
    file.resize(8);
    for (std::size_t i = 0; i < frames; ++i) file.insert(file.end(), record.begin(), record.end());
    return read_track_file(std::move(file), Codec::opus);
  };
  EXPECT_TRUE(of(kMaxTrackFrames));
  EXPECT_FALSE(of(kMaxTrackFrames + 1));
}

TEST(TrackFile, AFrameBeyondTheLimitIsNotWritten) {
  TrackFileWriter writer(Codec::vp8, [](ByteView) -> Result<void> { return {}; });
  EXPECT_TRUE(writer.add(0, true, Bytes(PlayerMedia::kMaxFrameBytes)));
  EXPECT_FALSE(writer.add(1, true, Bytes(PlayerMedia::kMaxFrameBytes + 1)));
}

}  // namespace
}  // namespace tw::media
