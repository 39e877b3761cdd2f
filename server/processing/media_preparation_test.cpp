// What is uploaded becomes something that players play, or a plain reason why not. Inputs are made by ffmpeg here.
#include "processing/media_preparation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "crypto/scratch_folder_test_support.hpp"
#include "crypto/sealed_file.hpp"
#include "media/player/track_file.hpp"
#include "processing/processor_processes.hpp"

namespace tw::processing {
namespace {

using recording::PrepareMediaJob;

class MediaPreparation : public ::testing::Test {
 protected:
  /// Lets ffmpeg write a file and seals it as the source.
  void make(const std::string& arguments, const std::string& ending) {
    const auto plain = folder_.path() / ("plain." + ending);
    const std::string command = "ffmpeg -nostdin -y -loglevel error " + arguments + " '" + plain.string() + "'";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;  // NOLINT(cert-env33-c): a fixed command of this test
    std::ifstream in(plain, std::ios::binary);
    seal(Bytes(std::istreambuf_iterator<char>(in), {}));
  }
  void seal(const Bytes& bytes) {
    std::filesystem::remove(folder_.path() / "source");
    ASSERT_TRUE(write_sealed(folder_.path() / "source", key_.derive("file:source"), bytes, random_));
    source_ = bytes;
  }
  PrepareMediaJob job(PrepareMediaJob::Source source = PrepareMediaJob::Source::file) {
    return {.source = source,
            .file = folder_.path() / "source",
            .text = {},
            .language = {},
            .folder = folder_.path(),
            .key = key_.clone()};
  }
  Result<recording::PrepareMediaResult> prepare() {
    return prepare_media(job(), random_, [](int) { return true; });
  }
  std::string failure() {
    const auto result = prepare();
    return result ? "" : result.error().code;
  }
  std::optional<media::PlayerTrack> track(media::Codec codec, const std::string& name) {
    auto file = read_sealed(folder_.path() / name, key_.derive("file:" + name), media::PlayerMedia::kMaxBytes);
    if (!file) return std::nullopt;
    auto read = media::read_track_file(std::move(*file), codec);
    if (!read) return std::nullopt;
    return std::move(*read);
  }

  OsRandom random_;
  ScratchFolder folder_;
  SecretKey key_ = SecretKey::make(random_);
  Bytes source_;
};

TEST_F(MediaPreparation, AFilmBecomesBothPicturesAndSound) {
  make("-f lavfi -i testsrc2=size=640x480:rate=25:duration=3 -f lavfi -i sine=440:duration=3 -c:v libx264 -c:a aac",
       "mp4");
  const auto result = prepare();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_NEAR(static_cast<double>(result->duration_ms), 3'000, 120);
  EXPECT_TRUE(result->has_sound);
  EXPECT_EQ(result->width, 640U);
  EXPECT_EQ(result->height, 480U);
  for (const auto& [codec, name] :
       {std::pair{media::Codec::vp8, "picture.vp8"}, std::pair{media::Codec::h264, "picture.h264"}}) {
    auto picture = track(codec, name);
    ASSERT_TRUE(picture) << name;
    EXPECT_NEAR(static_cast<double>(picture->frames.size()), 76, 1) << name;  // the sound is a frame longer
    for (std::size_t i = 0; i < picture->frames.size(); ++i) {
      EXPECT_EQ(picture->frames[i].keyframe, i % 25 == 0) << name << " " << i;
      EXPECT_EQ(picture->frames[i].time, i * 3'600) << name;
    }
    auto sound = track(media::Codec::opus, "sound");
    ASSERT_TRUE(sound);
    const auto media = media::PlayerMedia::make(std::move(sound), std::move(picture));
    ASSERT_TRUE(media) << media.error().message;
    EXPECT_NEAR(static_cast<double>(media->duration().count()), 3'000, 120);
  }
}

TEST_F(MediaPreparation, LargePicturesAreMadeSmallerAndTurnedUpright) {
  make("-f lavfi -i testsrc2=size=1920x1080:rate=50:duration=1 -c:v libx264 -preset ultrafast", "mp4");
  auto result = prepare();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->width, 1280U);
  EXPECT_EQ(result->height, 720U);
  EXPECT_FALSE(result->has_sound);
  EXPECT_EQ(track(media::Codec::vp8, "picture.vp8")->frames.size(), 30U);  // 50 frames/s become 30
  make("-i '" + (folder_.path() / "plain.mp4").string() + "' -c copy -metadata:s:v:0 rotate=90", "mov");
  result = prepare();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->width, 720U);
  EXPECT_EQ(result->height, 1280U);
}

TEST_F(MediaPreparation, SoundAloneIsFine) {
  make("-f lavfi -i sine=300:duration=2 -ac 1 -ar 22050", "wav");
  const auto result = prepare();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->width, 0U);
  EXPECT_NEAR(static_cast<double>(result->duration_ms), 2'000, 60);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "picture.vp8"));
}

TEST_F(MediaPreparation, WhatIsNoMediumIsToldSo) {
  seal(Bytes(100'000, 0x5A));
  EXPECT_EQ(failure(), "media_item.not_media");
  const std::string playlist = "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n";
  seal(Bytes(playlist.begin(), playlist.end()));
  EXPECT_EQ(failure(), "media_item.not_media");
  const std::string concat = "ffconcat version 1.0\nfile '/etc/passwd'\n";
  seal(Bytes(concat.begin(), concat.end()));
  EXPECT_EQ(failure(), "media_item.not_media");
}

TEST_F(MediaPreparation, DamagedFilesEndWithAReasonOrWithWhatWasWhole) {
  make("-f lavfi -i testsrc2=size=320x240:rate=25:duration=2 -c:v libx264 -preset ultrafast", "mkv");
  const Bytes whole = source_;
  for (std::size_t at = 0; at < 24; ++at) {
    Bytes damaged = whole;
    for (std::size_t i = at * 40; i < damaged.size(); i += 977)
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ (at + 1));
    damaged.resize(damaged.size() * (at + 1) / 24);
    seal(damaged);
    const auto result = prepare();
    if (!result) {
      EXPECT_EQ(result.error().kind, ErrorKind::unprocessable) << result.error().code;
    }
  }
}

TEST_F(MediaPreparation, LongFilmsAreRefused) {
  make("-f lavfi -i testsrc2=size=32x32:rate=1:duration=620 -c:v libx264 -preset ultrafast", "mp4");
  EXPECT_EQ(failure(), "media_item.too_long");
}

TEST_F(MediaPreparation, MusicGetsAFormForPages) {
  make("-f lavfi -i sine=440:duration=200 -c:a libopus -b:a 32k", "ogg");
  auto music = job();
  music.for_pages = true;
  const auto result = prepare_media(music, random_, [](int) { return true; });
  ASSERT_TRUE(result) << result.error().message;
  const std::string name = recording::kPageMusicFile;
  const auto mp3 = read_sealed(folder_.path() / name, key_.derive("file:" + name), recording::kMostPageMusicBytes);
  ASSERT_TRUE(mp3) << mp3.error().message;
  EXPECT_EQ(mp3->size(), result->page_bytes);
  EXPECT_GT(result->size_bytes, 0U);
  const auto plain = folder_.path() / "page.mp3.plain";
  std::ofstream(plain, std::ios::binary)
      .write(reinterpret_cast<const char*>(mp3->data()), static_cast<std::streamsize>(mp3->size()));
  // What a browser would find: MP3 of three minutes, loud until the soft end.
  const auto said = [&](const std::string& command) {
    const auto out = folder_.path() / "said";
    EXPECT_EQ(std::system((command + " '" + plain.string() + "' >" + out.string() + " 2>&1").c_str()), 0)
        << command;  // NOLINT(cert-env33-c)
    std::ifstream in(out);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string probed = said(
      "ffprobe -v error -count_packets -show_entries stream=codec_name,sample_rate,channels,nb_read_packets -of "
      "csv=p=0");
  EXPECT_TRUE(probed.starts_with("mp3,48000,2,")) << probed;
  EXPECT_NEAR(std::stod(probed.substr(12)) * 1152 / 48'000, 180, 0.2) << probed;
}

TEST_F(MediaPreparation, OnlyMusicGetsAFormForPages) {
  make("-f lavfi -i sine=440:duration=1 -c:a libopus", "ogg");
  const auto result = prepare();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->page_bytes, 0U);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / recording::kPageMusicFile));
}

TEST_F(MediaPreparation, WorksInTheProcessor) {
  ProcessorProcesses processes({.program = "/proc/self/exe", .arguments = {"processor"}});
  make("-f lavfi -i testsrc2=size=320x240:rate=25:duration=1 -f lavfi -i sine=440:duration=1 -c:v libvpx -c:a libopus",
       "webm");
  int told = -1;
  const auto film = processes.prepare_media(job(), [&](int percent) { told = percent; });
  ASSERT_TRUE(film) << film.error().message;
  EXPECT_EQ(film->width, 320U);
  EXPECT_GE(told, 0);
  auto piece = job(PrepareMediaJob::Source::music);
  piece.for_pages = true;
  const auto music = processes.prepare_media(piece, {});
  ASSERT_TRUE(music) << music.error().message;
  EXPECT_GT(music->page_bytes, 0U);
  EXPECT_NEAR(static_cast<double>(music->duration_ms), 24'000, 100);
  auto spoken = job(PrepareMediaJob::Source::text);
  spoken.text = "请出示您的身份证。";
  spoken.language = "zh-CN";
  const auto prompt = processes.prepare_media(spoken, {});
  if (prompt) {
    EXPECT_GT(prompt->duration_ms, 800);
  } else {
    EXPECT_EQ(prompt.error().code, "media_item.no_voice");
  }
}

}  // namespace
}  // namespace tw::processing
