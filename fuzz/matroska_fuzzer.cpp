// RTP of a picture and a sound, put together to frames, written to a sealed Matroska file and decoded again.
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "base/random.hpp"
#include "fuzz/fuzz_input.hpp"
#include "processing/matroska_writer.hpp"
#include "processing/picture_reader.hpp"
#include "processing/sound_reader.hpp"
#include "processing/track_assembler.hpp"

namespace {

using namespace tw;
using processing::MediaFrame;
using processing::TrackAssembler;

constexpr std::size_t kRtpHeaderBytes = 12;
constexpr int kMostPackets = 64;
constexpr int kMostFrames = 200;

std::filesystem::path folder() {
  static const std::filesystem::path made = [] {
    std::string name = (std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp") + std::string("/tw-fuzz-XXXXXX");
    fuzz::require(mkdtemp(name.data()) != nullptr);
    static const std::string kept = name;
    std::atexit([] { std::filesystem::remove_all(kept); });
    return std::filesystem::path(name);
  }();
  return made;
}

SecretKey key() {
  SeededRandom random(1);
  return SecretKey::make(random);
}

/// Two packet streams as a journal holds them: for each packet what it is, steps of sequence and time, then the
/// payload.
struct Recorded {
  explicit Recorded(media::Codec picture_codec) : picture(picture_codec), sound(media::Codec::opus) {}

  void read(fuzz::Input& input) {
    for (int i = 0; i < kMostPackets && !input.empty(); ++i) {
      const std::uint8_t flags = input.byte();
      const bool is_sound = (flags & 1) != 0;
      processing::TrackPacket packet;
      auto& sequence = is_sound ? sound_sequence : picture_sequence;
      auto& timestamp = is_sound ? sound_timestamp : picture_timestamp;
      sequence += (flags & 2) != 0 ? 2 : 1;
      if ((flags & 4) != 0 && sequence > 3) sequence -= 3;
      if ((flags & 8) != 0) timestamp += is_sound ? 960 : 3000;
      if ((flags & 0x10) != 0) arrival_us += 3'000'000;
      arrival_us += 1000;
      packet.marker = (flags & 0x20) != 0;
      packet.packet.keyframe_start = (flags & 0x40) != 0;
      packet.packet.rotation = (flags & 0x80) != 0 ? media::Rotation::clockwise_90 : media::Rotation::none;
      packet.packet.extended_sequence = sequence;
      packet.packet.arrival = from_micros(arrival_us);
      packet.timestamp = timestamp;
      packet.packet.payload_offset = kRtpHeaderBytes;
      packet.packet.rtp.resize(kRtpHeaderBytes);
      const ByteView payload = input.take(input.byte());
      packet.packet.rtp.insert(packet.packet.rtp.end(), payload.begin(), payload.end());
      (is_sound ? sound : picture).push(std::move(packet), is_sound ? sounds : pictures);
    }
    picture.finish(pictures);
    sound.finish(sounds);
  }

  TrackAssembler picture;
  TrackAssembler sound;
  std::vector<MediaFrame> pictures;
  std::vector<MediaFrame> sounds;
  std::uint64_t picture_sequence = 100;
  std::uint64_t sound_sequence = 100;
  std::int64_t picture_timestamp = 90'000;
  std::int64_t sound_timestamp = 48'000;
  std::int64_t arrival_us = 1'000'000;
};

void in_order(const std::vector<MediaFrame>& frames, bool begins_with_keyframe) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    fuzz::require(!frames[i].data.empty());
    fuzz::require(i == 0 || frames[i].first_sequence > frames[i - 1].first_sequence);
  }
  fuzz::require(!begins_with_keyframe || frames.empty() || frames.front().keyframe);
}

void decode(const std::filesystem::path& file) {
  std::int64_t position_us = 0;
  if (auto pictures = processing::PictureReader::open(file, key())) {
    const auto frame = processing::make_frame();
    for (int i = 0; i < kMostFrames && (*pictures)->next(frame.get(), position_us).value_or(false); ++i) {
    }
  }
  if (auto sound = processing::SoundReader::open(file, key())) {
    std::vector<float> samples;
    for (int i = 0; i < kMostFrames && (*sound)->next(samples, position_us).value_or(false); ++i) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*words*/) {
  av_log_set_level(AV_LOG_QUIET);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t choice = input.byte();
  const media::Codec codec = (choice & 1) != 0 ? media::Codec::h264 : media::Codec::vp8;
  Recorded recorded(codec);
  recorded.read(input);
  in_order(recorded.pictures, true);
  in_order(recorded.sounds, false);

  SeededRandom random(2);
  const auto file = folder() / "stream.mkv";
  std::vector<processing::StreamFacts> streams(2);
  streams[0] = {codec, 64, 48, (choice & 2) != 0 ? media::Rotation::clockwise_90 : media::Rotation::none,
                (choice & 4) != 0 ? Bytes{0, 0, 0, 1, 0x67, 0x42, 0xE0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE} : Bytes{}};
  streams[1].codec = media::Codec::opus;
  auto writer = processing::MatroskaWriter::create(file, key(), random, streams, WallTime{});
  if (!writer) return 0;
  for (const auto& frame : recorded.pictures) {
    if (!(*writer)->write(codec, (frame.timestamp - 90'000) * 100 / 9, frame)) return 0;
  }
  for (const auto& frame : recorded.sounds) {
    if (!(*writer)->write(media::Codec::opus, (frame.timestamp - 48'000) * 125 / 6, frame)) return 0;
  }
  const auto length_ms = (*writer)->finish();
  fuzz::require(!length_ms || *length_ms >= 0);
  writer->reset();
  decode(file);
  return 0;
}
