#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numbers>
#include <stdexcept>

#include "crypto/sealed_log.hpp"
#include "processing/sealed_avio.hpp"
#include "processing/synthetic_media_test_support.hpp"
#include "recording/journal_format.hpp"

namespace tw::processing {
namespace {

constexpr int kSoundRate = 48'000;
constexpr std::size_t kChunkBytes = 8'000;

double mean_luma(const AVFrame& frame, double x0, double x1, double y0, double y1) {
  double sum = 0;
  int count = 0;
  for (int y = static_cast<int>(y0 * frame.height); y < static_cast<int>(y1 * frame.height); y += 4) {
    for (int x = static_cast<int>(x0 * frame.width); x < static_cast<int>(x1 * frame.width); x += 4) {
      sum += frame.data[0][y * frame.linesize[0] + x];
      ++count;
    }
  }
  return count > 0 ? sum / count : 0;
}

void add_picture(const AVFrame& frame, double seconds, bool keep_luma, DecodedFile& out) {
  DecodedFile::Picture picture{.seconds = seconds,
                               .width = frame.width,
                               .height = frame.height,
                               .left = mean_luma(frame, 0.15, 0.35, 0.42, 0.58),
                               .right = mean_luma(frame, 0.65, 0.85, 0.42, 0.58),
                               .luma = {}};
  if (keep_luma) {
    for (int y = 0; y < frame.height; ++y) {
      picture.luma.insert(picture.luma.end(), frame.data[0] + y * frame.linesize[0],
                          frame.data[0] + y * frame.linesize[0] + frame.width);
    }
  }
  out.pictures.push_back(std::move(picture));
}

void add_sound(const AVFrame& frame, double seconds, DecodedFile& out) {
  const auto start = std::llround(seconds * kSoundRate);
  if (start < 0) return;
  const auto needed = static_cast<std::size_t>(start) + static_cast<std::size_t>(frame.nb_samples);
  if (out.sound.size() < needed) out.sound.resize(needed);
  const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format)) != 0;
  const int step = planar ? 1 : frame.ch_layout.nb_channels;
  const auto* samples = reinterpret_cast<const float*>(frame.data[0]);
  for (int i = 0; i < frame.nb_samples; ++i)
    out.sound[static_cast<std::size_t>(start + i)] = samples[static_cast<std::ptrdiff_t>(i) * step];
}

std::vector<double> rising(const std::vector<std::pair<double, double>>& points, double least_seconds) {
  if (points.empty()) return {};
  std::vector<double> levels;
  for (const auto& [at, level] : points) levels.push_back(level);
  std::sort(levels.begin(), levels.end());
  const double low = levels[levels.size() / 10];
  const double high = levels[levels.size() * 92 / 100];
  if (high <= low * 1.2) return {};
  const double middle = (low + high) / 2;
  std::vector<double> edges;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].second < middle || points[i - 1].second >= middle) continue;
    std::size_t end = i;
    while (end + 1 < points.size() && points[end].second >= middle) ++end;
    if (points[end].first - points[i].first >= least_seconds) edges.push_back(points[i].first);
  }
  return edges;
}

}  // namespace

void write_journal(const std::filesystem::path& path, SecretKey key, std::uint32_t part, std::int64_t from_us,
                   std::int64_t to_us, std::vector<TimedRecord> records, bool closed) {
  std::stable_sort(records.begin(), records.end(),
                   [](const TimedRecord& a, const TimedRecord& b) { return a.at_us < b.at_us; });
  OsRandom random;
  SealedLogEncoder encoder(std::move(key), random);
  std::ofstream file(path, std::ios::binary);
  const auto put = [&file](const Bytes& bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  };
  put(encoder.header());
  Bytes plain = recording::journal_preamble();
  const auto add = [&](const recording::JournalRecord& record) {
    if (!recording::encode_record(record, plain)) throw std::runtime_error("record too long");
    if (plain.size() < kChunkBytes) return;
    put(encoder.seal(plain));
    plain.clear();
  };
  add(recording::Opening{.recording = "rec_test", .part = part, .at = from_micros(from_us)});
  for (const TimedRecord& record : records) {
    if (record.at_us >= from_us && record.at_us <= to_us) add(record.record);
  }
  if (closed) add(recording::Closing{from_micros(to_us)});
  if (!plain.empty()) put(encoder.seal(plain));
}

DecodedFile decode_sealed(const std::filesystem::path& path, SecretKey key, bool keep_luma,
                          const std::function<void(const AVFrame& picture, double seconds)>& look) {
  auto input = SealedInput::open(path, std::move(key));
  if (!input) throw std::runtime_error(input.error().message);
  AVFormatContext* demuxer = avformat_alloc_context();
  demuxer->pb = (*input)->context();
  demuxer->flags |= AVFMT_FLAG_CUSTOM_IO;
  if (avformat_open_input(&demuxer, nullptr, nullptr, nullptr) < 0 || avformat_find_stream_info(demuxer, nullptr) < 0) {
    throw std::runtime_error("cannot read the file");
  }
  DecodedFile out;
  out.duration_seconds = static_cast<double>(demuxer->duration) / AV_TIME_BASE;
  std::map<int, CodecPtr> decoders;
  for (unsigned i = 0; i < demuxer->nb_streams; ++i) {
    AVStream* stream = demuxer->streams[i];
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO && stream->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) {
      continue;  // the titles of chapters
    }
    out.codecs.emplace_back(avcodec_get_name(stream->codecpar->codec_id));
    if (const auto* tag = av_dict_get(stream->metadata, "rotate", nullptr, 0)) out.rotate_tag = tag->value;
    const AVCodec* codec = stream->codecpar->codec_id == AV_CODEC_ID_OPUS
                               ? avcodec_find_decoder_by_name("libopus")
                               : avcodec_find_decoder(stream->codecpar->codec_id);
    CodecPtr decoder(avcodec_alloc_context3(codec));
    avcodec_parameters_to_context(decoder.get(), stream->codecpar);
    decoder->request_sample_fmt = AV_SAMPLE_FMT_FLT;
    decoder->pkt_timebase = stream->time_base;
    if (avcodec_open2(decoder.get(), codec, nullptr) < 0) throw std::runtime_error("cannot open a decoder");
    decoders.emplace(static_cast<int>(i), std::move(decoder));
  }
  const PacketPtr packet = make_packet();
  const FramePtr frame = make_frame();
  const auto take = [&](int index, AVPacket* from) {
    AVCodecContext& decoder = *decoders.at(index);
    if (avcodec_send_packet(&decoder, from) < 0) throw std::runtime_error("a packet cannot be decoded");
    while (avcodec_receive_frame(&decoder, frame.get()) >= 0) {
      const double seconds =
          static_cast<double>(frame->best_effort_timestamp) * av_q2d(demuxer->streams[index]->time_base);
      if (decoder.codec_type == AVMEDIA_TYPE_VIDEO) {
        add_picture(*frame, seconds, keep_luma, out);
        if (look) look(*frame, seconds);
      } else {
        add_sound(*frame, seconds, out);
      }
      av_frame_unref(frame.get());
    }
  };
  for (unsigned i = 0; i < demuxer->nb_chapters; ++i) {
    const AVChapter* chapter = demuxer->chapters[i];
    const auto* title = av_dict_get(chapter->metadata, "title", nullptr, 0);
    out.chapters.emplace_back(static_cast<double>(chapter->start) * av_q2d(chapter->time_base),
                              title != nullptr ? title->value : "");
  }
  while (av_read_frame(demuxer, packet.get()) >= 0) {
    if (decoders.count(packet->stream_index) > 0) {
      out.packets.emplace_back(
          static_cast<double>(packet->pts) * av_q2d(demuxer->streams[packet->stream_index]->time_base),
          static_cast<std::size_t>(packet->size));
      take(packet->stream_index, packet.get());
    }
    av_packet_unref(packet.get());
  }
  for (const auto& [index, decoder] : decoders) take(index, nullptr);
  avformat_close_input(&demuxer);
  return out;
}

std::vector<double> flashes_in(const DecodedFile& file, bool left) {
  std::vector<std::pair<double, double>> points;
  for (const auto& picture : file.pictures) points.emplace_back(picture.seconds, left ? picture.left : picture.right);
  return rising(points, 0.1);
}

std::vector<double> beeps_in(const DecodedFile& file, double hertz) {
  constexpr std::size_t kWindow = 240;
  const double coefficient = 2 * std::cos(2 * std::numbers::pi * hertz / kSoundRate);
  std::vector<std::pair<double, double>> points;
  for (std::size_t start = 0; start + kWindow <= file.sound.size(); start += kWindow / 4) {
    double previous = 0;
    double before = 0;
    for (std::size_t i = 0; i < kWindow; ++i) {
      const double value = file.sound[start + i] + coefficient * previous - before;
      before = previous;
      previous = value;
    }
    const double power = previous * previous + before * before - coefficient * previous * before;
    points.emplace_back((static_cast<double>(start) + kWindow / 2.0) / kSoundRate, std::sqrt(std::max(power, 0.0)));
  }
  return rising(points, 0.1);
}

double tone_level(const DecodedFile& file, double hertz, double from, double to) {
  double sine = 0;
  double cosine = 0;
  const auto first = static_cast<std::size_t>(from * kSoundRate);
  const auto end = std::min(file.sound.size(), static_cast<std::size_t>(to * kSoundRate));
  for (std::size_t i = first; i < end; ++i) {
    const double angle = 2 * std::numbers::pi * hertz * static_cast<double>(i) / kSoundRate;
    sine += file.sound[i] * std::sin(angle);
    cosine += file.sound[i] * std::cos(angle);
  }
  return end > first ? 2 * std::hypot(sine, cosine) / static_cast<double>(end - first) : 0;
}

std::vector<double> offsets_ms(const std::vector<double>& flashes, const std::vector<double>& beeps) {
  std::vector<double> offsets;
  for (const double flash : flashes) {
    for (const double beep : beeps) {
      if (std::abs(beep - flash) < 0.45) offsets.push_back((beep - flash) * 1000);
    }
  }
  return offsets;
}

double median_of(std::vector<double> values) {
  if (values.empty()) throw std::runtime_error("no values");
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace tw::processing
