#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/result.hpp"
#include "crypto/secret_key.hpp"
#include "media/media_types.hpp"

/// What is asked of the processor: everything that decodes what a customer sent happens there, in a process of its own.
namespace tw::recording {

/// Text for the mark in a picture. Lines are drawn as they are; the running time comes from the capture clock.
struct Watermark {
  std::string company;
  std::string place;      ///< empty: the line is left out
  std::string time_zone;  ///< IANA name, for the time ("Asia/Shanghai")
};

/// Of one JPEG of a photo, as it is kept.
constexpr std::size_t kMostPhotoBytes = std::size_t{16} * 1024 * 1024;
/// Of a photo that a customer's device took: more than phones give to pages, far below what eats the memory limit.
constexpr std::int64_t kMostPhotoPixels = std::int64_t{1} << 25;

/// Photograph one frame: decode, turn upright, JPEG.
struct PhotoJob {
  media::Codec codec = media::Codec::vp8;
  Bytes frame;  ///< one whole keyframe: a VP8 frame, or H264 in Annex B with its parameter sets
  media::Rotation rotation = media::Rotation::none;
  WallTime captured_at;
  Watermark watermark;
  /// `frame` is a JPEG of up to kMostPhotoPixels that a device took: it is the original, and is shown as its EXIF
  /// orientation says. Codec and rotation mean nothing then.
  bool still = false;
};
struct PhotoResult {
  Bytes original;     ///< JPEG without a mark; empty for a still, which the caller has
  Bytes watermarked;  ///< the same size with the mark
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// How a composed film shows two people; screens, films and more people have places of their own.
enum class LayoutStyle { side_by_side, picture_in_picture };

/// Something that happened in the room, as the timeline has it.
struct RoomEvent {
  WallTime at;
  std::string kind;   ///< a kind of the timeline
  std::string title;  ///< of the chapter that begins with it; empty: none does
};

/// Make the files of a recording from its journals.
struct ComposeJob {
  std::filesystem::path folder;    ///< where the journals are and the files go
  std::string name;                ///< of the composed file, without ending; stream files begin with it too
  std::vector<std::string> parts;  ///< file names of the journals, in order
  /// Key of the recording. A journal or file called NAME is sealed under recording_key.derive("file:" + NAME).
  SecretKey key;
  Watermark watermark;
  /// Somebody else sits there from then on.
  struct Successor {
    WallTime from;
    std::string caption;
  };
  struct Person {
    std::string participant;              ///< as in the tracks: "customer", "agent"
    std::string caption;                  ///< their name, in their place and in the mark
    bool always = true;                   ///< has a place in the picture also while nothing comes from them
    std::vector<Successor> successors{};  ///< in order: after a transfer the agent is another one
  };
  std::vector<Person> people;  ///< left to right
  std::uint32_t threads = 1;
  std::filesystem::path mirror{};  ///< a folder where the journals lie too; empty: none
  LayoutStyle layout = LayoutStyle::side_by_side;
  std::vector<RoomEvent> events{};
};
struct ComposedFile {
  std::string name;  ///< file name inside the folder (a sealed file)
  bool composed = false;
  std::string participant;  ///< of a stream file
  std::uint64_t size_bytes = 0;
  std::string sha256;  ///< of the plain file, hexadecimal
  std::int64_t duration_ms = 0;
  /// Sound against picture, measured in the file against sender reports; positive: sound late. Of the composed file,
  /// that of whoever is worst.
  std::optional<double> av_offset_ms{};
  std::string stream{};  ///< of a stream file: camera, screen, whisper …
};
/// Where a player may jump to, on the composed file's time line.
struct Chapter {
  std::int64_t at_ms = 0;
  std::string kind;
  std::string title;
};
/// More than this between sound and picture is seen (ITU-R BT.1359 puts the limit of acceptance near it).
constexpr double kAvOffsetFlagMs = 80;
/// A stretch without recording between two parts, on the recording's own time line.
struct RecordingGap {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
  std::string cause;  ///< "interrupted" (part ended in order) or "crash"
};
struct ComposeResult {
  std::vector<ComposedFile> files;
  std::int64_t duration_ms = 0;
  bool recovered = false;  ///< a part had no closing record
  std::vector<RecordingGap> gaps;
  std::vector<Chapter> chapters;
  std::optional<double> av_offset_ms;  ///< customer's sound against picture by sender reports; positive: sound late
};

/// Make something playable in calls (media::PlayerMedia) of an uploaded or downloaded file, of a text that a voice
/// speaks, or the music that comes with the server. Each track becomes a sealed file of its own
/// (media/player/track_file): "sound", "picture.vp8" and "picture.h264", under key.derive("file:" + name). Music gets a
/// form that browsers play while somebody waits, too: kPageMusicFile.
struct PrepareMediaJob {
  enum class Source { file, text, music };
  Source source = Source::file;
  std::filesystem::path file;  ///< sealed under key.derive("file:source")
  std::string text;            ///< UTF-8
  std::string language;        ///< zh-CN or en, of the voice
  std::filesystem::path folder;
  SecretKey key;
  bool for_pages = false;  ///< make kPageMusicFile as well
};
/// MP3, the one form of music that every browser plays; under key.derive("file:" + kPageMusicFile).
constexpr const char* kPageMusicFile = "page.mp3";
/// Somebody with a bad phone fetches it whole before it is heard.
constexpr std::size_t kMostPageMusicBytes = std::size_t{2} * 1024 * 1024;
struct PrepareMediaResult {
  std::int64_t duration_ms = 0;
  bool has_sound = false;
  std::uint32_t width = 0;  ///< of the picture; 0 where there is none
  std::uint32_t height = 0;
  std::uint64_t size_bytes = 0;  ///< of all tracks
  std::uint64_t page_bytes = 0;  ///< of kPageMusicFile; 0: there is none
  std::string sha256;            ///< of the source's bytes, or of the text with its language
};

/// Blocking; call from a job thread. Implementations end a job that takes too long or breaks its limits:
/// `processor.failed`, `processor.timeout`, `processor.unavailable`.
class Processor {
 public:
  virtual ~Processor() = default;
  /// Of a still also, unprocessable: `photo.damaged`, `photo.too_large`.
  [[nodiscard]] virtual Result<PhotoResult> photograph(const PhotoJob& job) = 0;
  /// `progress` is called with 0–100, at most a few times a second.
  [[nodiscard]] virtual Result<ComposeResult> compose(const ComposeJob& job,
                                                      const std::function<void(int)>& progress) = 0;
  /// Reasons for which a file cannot be played, all unprocessable: `media_item.not_media`, `media_item.too_long`,
  /// `media_item.too_large_picture`, `media_item.nothing_to_play`, `media_item.no_voice`.
  [[nodiscard]] virtual Result<PrepareMediaResult> prepare_media(const PrepareMediaJob& job,
                                                                 const std::function<void(int)>& progress) = 0;
};

}  // namespace tw::recording
