#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/secret_key.hpp"
#include "processing/ffmpeg_handles.hpp"
#include "recording/journal_record.hpp"

/// Journals made of really encoded pictures and sound, sent by somebody whose clock, delays and losses are known.
namespace tw::processing {

struct EncodedFrame {
  Bytes data;
  bool keyframe = false;
};

/// A picture of the scene at a moment of its own time: dark, bright for the first quarter of each second, its upper
/// left quarter (before any rotation) always bright where `corner`.
[[nodiscard]] FramePtr scene_picture(double seconds, int width, int height, bool flashes, bool corner);
[[nodiscard]] std::vector<EncodedFrame> encode_pictures(media::Codec codec, int width, int height, int rate,
                                                        double seconds, bool flashes = true, bool corner = false);
/// Draws picture number `index`.
using Painter = std::function<FramePtr(int index, int width, int height)>;
[[nodiscard]] std::vector<EncodedFrame> encode_painted(media::Codec codec, int width, int height, int rate, int count,
                                                       const Painter& painter);
/// One even brightness.
[[nodiscard]] Painter plain_picture(int luma);
/// The picture's number in 16 black or white squares of 32 pixels, from (64, 96) on, over grey.
[[nodiscard]] Painter counting_picture();
/// That number read from a picture of half the size at (0, 180).
[[nodiscard]] int number_in(const AVFrame& picture);
/// What a camera sees: texture that sways, somebody who moves, and the noise of a sensor.
[[nodiscard]] Painter lively_picture(unsigned seed);
/// The same with the picture's number on it as `counting_picture` has it.
[[nodiscard]] Painter lively_counting_picture(unsigned seed);
/// 20 ms Opus packets of a tone that sounds in the first quarter of each second (or all the time).
[[nodiscard]] std::vector<EncodedFrame> encode_sound(double hertz, double level, double seconds, bool beeps = true);

/// How somebody sends.
struct Sender {
  std::string participant = "customer";
  std::string stream = "camera";
  media::TrackNumber first_track = 1;  ///< sound; the picture has the next
  media::Codec codec = media::Codec::vp8;
  int width = 640;
  int height = 360;
  int rate = 30;
  bool flashes = true;
  double hertz = 1000;
  bool beeps = true;
  std::int64_t start_us = 0;  ///< server's clock: when the scene's second 0 is captured
  double seconds = 6;
  std::int64_t clock_ahead_us = 1'000'000'000;  ///< the sender's wall clock against the server's
  std::int64_t sound_delay_us = 30'000;
  std::int64_t picture_delay_us = 90'000;
  std::int64_t jitter_us = 8'000;
  bool reports = true;
  std::uint32_t sound_timestamp = 0xFFFF'F000;    ///< rolls over within a tenth of a second
  std::uint32_t picture_timestamp = 0xFFFF'0000;  ///< and this within a second
  media::Rotation rotation = media::Rotation::none;
  bool announce = true;  ///< with TrackStarted
  /// True for picture packets that are lost, by sequence from 0.
  std::function<bool(std::uint64_t)> loses = [](std::uint64_t) { return false; };
  /// The same of packets of sound.
  std::function<bool(std::uint64_t)> loses_sound = [](std::uint64_t) { return false; };
  bool voice = true;  ///< sends sound
  bool video = true;  ///< sends pictures
  bool ends = false;  ///< its tracks end with the scene
  double level = 0.5;
  Painter painter{};  ///< instead of the scene
  /// From the middle on, pictures are of this size and turned like this.
  std::optional<std::pair<int, int>> later_size{};
  std::optional<media::Rotation> later_rotation{};
  /// Turns around the arrival of this many neighbours.
  unsigned reordered = 0;
};

/// A record and when it happened.
struct TimedRecord {
  std::int64_t at_us = 0;
  recording::JournalRecord record;
};
void send(const Sender& sender, std::vector<TimedRecord>& out);

/// Writes a part as the recorder does: Opening, what happened in order, Closing where `closed`.
void write_journal(const std::filesystem::path& path, SecretKey key, std::uint32_t part, std::int64_t from_us,
                   std::int64_t to_us, std::vector<TimedRecord> records, bool closed = true);

/// What a file holds when it is decoded by its own time line (edit lists applied).
struct DecodedFile {
  struct Picture {
    double seconds = 0;
    int width = 0;
    int height = 0;
    double left = 0;  ///< mean brightness of the left half's middle
    double right = 0;
    Bytes luma;
  };
  std::vector<Picture> pictures;
  std::vector<float> sound;  ///< mono from second 0, silence where there is none
  std::vector<std::string> codecs;
  double duration_seconds = 0;
  std::string rotate_tag;
  std::vector<std::pair<double, std::string>> chapters;  ///< second and title
  std::vector<std::pair<double, std::size_t>> packets;   ///< second and bytes, of sound and picture
};
/// `look` sees each picture as it is decoded.
DecodedFile decode_sealed(const std::filesystem::path& path, SecretKey key, bool keep_luma = false,
                          const std::function<void(const AVFrame& picture, double seconds)>& look = {});

/// Seconds at which the brightness passes the middle upwards.
[[nodiscard]] std::vector<double> flashes_in(const DecodedFile& file, bool left);
/// Seconds at which the tone begins.
[[nodiscard]] std::vector<double> beeps_in(const DecodedFile& file, double hertz);
/// How loud a tone is on the average between two seconds, as an amplitude.
[[nodiscard]] double tone_level(const DecodedFile& file, double hertz, double from, double to);
/// Beep less flash for each flash with a beep near it, in milliseconds.
[[nodiscard]] std::vector<double> offsets_ms(const std::vector<double>& flashes, const std::vector<double>& beeps);
[[nodiscard]] double median_of(std::vector<double> values);

}  // namespace tw::processing
