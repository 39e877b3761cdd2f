#include "processing/synthetic_media_test_support.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <numbers>
#include <random>
#include <stdexcept>

#include "base/byte_order.hpp"

namespace tw::processing {
namespace {

constexpr int kPayloadBytes = 1'000;
constexpr double kOnSeconds = 0.25;

bool on_at(double seconds) { return seconds - std::floor(seconds) < kOnSeconds; }

void check(int result, const char* what) {
  if (result < 0) throw std::runtime_error(what);
}

CodecPtr encoder(const char* name, const std::function<void(AVCodecContext&)>& set,
                 std::vector<std::pair<const char*, const char*>> options) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name);
  if (codec == nullptr) throw std::runtime_error(name);
  CodecPtr context(avcodec_alloc_context3(codec));
  set(*context);
  AVDictionary* dictionary = nullptr;
  for (const auto& [key, value] : options) av_dict_set(&dictionary, key, value, 0);
  const int opened = avcodec_open2(context.get(), codec, &dictionary);
  av_dict_free(&dictionary);
  check(opened, name);
  return context;
}

void drain(AVCodecContext& codec, std::vector<EncodedFrame>& out) {
  const PacketPtr packet = make_packet();
  while (avcodec_receive_packet(&codec, packet.get()) >= 0) {
    out.push_back({Bytes(packet->data, packet->data + packet->size), (packet->flags & AV_PKT_FLAG_KEY) != 0});
    av_packet_unref(packet.get());
  }
}

struct RtpPiece {
  Bytes payload;
  bool marker = false;
};

std::vector<RtpPiece> split_vp8(const EncodedFrame& frame, std::uint16_t picture_id) {
  std::vector<RtpPiece> pieces;
  for (std::size_t at = 0; at < frame.data.size(); at += kPayloadBytes) {
    const std::size_t end = std::min(frame.data.size(), at + kPayloadBytes);
    Bytes payload{static_cast<std::uint8_t>(0x80 | (at == 0 ? 0x10 : 0)), 0x80,
                  static_cast<std::uint8_t>(0x80 | picture_id >> 8), static_cast<std::uint8_t>(picture_id)};
    payload.insert(payload.end(), frame.data.begin() + static_cast<std::ptrdiff_t>(at),
                   frame.data.begin() + static_cast<std::ptrdiff_t>(end));
    pieces.push_back({std::move(payload), end == frame.data.size()});
  }
  return pieces;
}

void split_nal(ByteView nal, std::vector<RtpPiece>& pieces) {
  if (nal.size() <= kPayloadBytes) {
    pieces.push_back({Bytes(nal.begin(), nal.end()), false});
    return;
  }
  for (std::size_t at = 1; at < nal.size(); at += kPayloadBytes) {
    const std::size_t end = std::min(nal.size(), at + kPayloadBytes);
    Bytes payload{static_cast<std::uint8_t>((nal[0] & 0xE0) | 28),
                  static_cast<std::uint8_t>((at == 1 ? 0x80 : 0) | (end == nal.size() ? 0x40 : 0) | (nal[0] & 0x1F))};
    payload.insert(payload.end(), nal.begin() + static_cast<std::ptrdiff_t>(at),
                   nal.begin() + static_cast<std::ptrdiff_t>(end));
    pieces.push_back({std::move(payload), false});
  }
}

std::vector<RtpPiece> split_h264(const EncodedFrame& frame) {
  std::vector<std::pair<std::size_t, std::size_t>> starts;  // of the start code, of the unit
  const Bytes& d = frame.data;
  for (std::size_t i = 0; i + 3 < d.size(); ++i) {
    if (d[i] != 0 || d[i + 1] != 0 || d[i + 2] != 1) continue;
    starts.emplace_back(i > 0 && d[i - 1] == 0 ? i - 1 : i, i + 3);
    i += 2;
  }
  std::vector<RtpPiece> pieces;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1].first : d.size();
    split_nal(ByteView(d).subspan(starts[i].second, end - starts[i].second), pieces);
  }
  pieces.back().marker = true;
  return pieces;
}

Bytes rtp(std::uint64_t sequence, std::uint32_t timestamp, bool marker, std::uint32_t ssrc, ByteView payload) {
  Bytes packet(12);
  packet[0] = 0x80;
  packet[1] = static_cast<std::uint8_t>((marker ? 0x80 : 0) | 96);
  store_be(packet.data() + 2, static_cast<std::uint16_t>(sequence));
  store_be(packet.data() + 4, timestamp);
  store_be(packet.data() + 8, ssrc);
  packet.insert(packet.end(), payload.begin(), payload.end());
  return packet;
}

std::uint64_t ntp_of(std::int64_t us) {
  const std::int64_t seconds = us / 1'000'000 + 2'208'988'800;
  const auto fraction = (static_cast<std::uint64_t>(us % 1'000'000) << 32) / 1'000'000;
  return static_cast<std::uint64_t>(seconds) << 32 | fraction;
}

/// Sends one track's frames; sequence numbers cross a roll-over of 16 bits.
class TrackSender {
 public:
  TrackSender(const Sender& sender, bool sound, std::vector<TimedRecord>& out)
      : sender_(sender),
        sound_(sound),
        rotation_(sender.rotation),
        out_(out),
        jitter_(sender.first_track + (sound ? 0U : 1U)) {}

  void started() {
    if (!sender_.announce) return;
    media::TrackInfo info{.number = number(),
                          .stream = {sender_.participant, sender_.stream},
                          .kind = sound_ ? media::Kind::audio : media::Kind::video,
                          .codec = sound_ ? media::Codec::opus : sender_.codec,
                          .clock_rate_hz = static_cast<std::uint32_t>(rate()),
                          .channels = static_cast<std::uint8_t>(sound_ ? 2 : 0),
                          .format_parameters = ""};
    out_.push_back({sender_.start_us, recording::TrackStarted{std::move(info), from_micros(sender_.start_us)}});
  }
  void frame(std::int64_t ticks, const std::vector<RtpPiece>& pieces) {
    const std::int64_t captured = sender_.start_us + ticks * 1'000'000 / rate();
    for (const RtpPiece& piece : pieces) {
      const std::uint64_t sent = sent_++;
      if (sound_ ? sender_.loses_sound(sent) : sender_.loses(sent)) continue;
      std::int64_t arrival = captured + (sound_ ? sender_.sound_delay_us : sender_.picture_delay_us) +
                             static_cast<std::int64_t>(jitter_() % static_cast<std::uint64_t>(sender_.jitter_us + 1));
      if (sender_.reordered > 0 && sent % 7 == 3) arrival += static_cast<std::int64_t>(sender_.reordered) * 10'000;
      const std::uint64_t sequence = 65'000 + sent;
      recording::Packet packet{.track = number(),
                               .arrival = from_micros(arrival),
                               .extended_sequence = sequence,
                               .rotation = rotation_,
                               .keyframe_start = false,
                               .payload_offset = 12,
                               .rtp = rtp(sequence, timestamp(ticks), piece.marker || sound_, number(), piece.payload)};
      out_.push_back({arrival, std::move(packet)});
    }
  }
  void ended() {
    const auto at = sender_.start_us + static_cast<std::int64_t>(sender_.seconds * 1e6);
    out_.push_back({at, recording::TrackEnded{number(), from_micros(at)}});
  }
  void turn(media::Rotation rotation) { rotation_ = rotation; }
  void report(std::int64_t ticks) {
    if (!sender_.reports) return;
    const std::int64_t captured = sender_.start_us + ticks * 1'000'000 / rate();
    constexpr std::int64_t kNetworkUs = 5'000;
    const std::int64_t arrival = captured + kNetworkUs;
    out_.push_back({arrival, recording::SenderReport{{number(), from_micros(arrival),
                                                      ntp_of(captured + sender_.clock_ahead_us), timestamp(ticks)}}});
  }
  [[nodiscard]] std::int64_t rate() const { return sound_ ? 48'000 : 90'000; }

 private:
  [[nodiscard]] media::TrackNumber number() const { return sender_.first_track + (sound_ ? 0 : 1); }
  [[nodiscard]] std::uint32_t timestamp(std::int64_t ticks) const {
    return (sound_ ? sender_.sound_timestamp : sender_.picture_timestamp) + static_cast<std::uint32_t>(ticks);
  }
  const Sender& sender_;
  bool sound_;
  media::Rotation rotation_;
  std::vector<TimedRecord>& out_;
  std::mt19937_64 jitter_;
  std::uint64_t sent_ = 0;
};

}  // namespace

FramePtr scene_picture(double seconds, int width, int height, bool flashes, bool corner) {
  FramePtr frame = make_picture(width, height, AV_PIX_FMT_YUV420P);
  const int light = flashes && on_at(seconds) ? 220 : 60;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool bright = corner && x < width / 2 && y < height / 2;
      frame->data[0][y * frame->linesize[0] + x] = static_cast<std::uint8_t>(bright ? 230 : light + x % 16 / 4);
    }
  }
  for (int plane = 1; plane < 3; ++plane) {
    for (int y = 0; y < height / 2; ++y)
      std::memset(frame->data[plane] + y * frame->linesize[plane], 120, static_cast<std::size_t>(width / 2));
  }
  return frame;
}

std::vector<EncodedFrame> encode_pictures(media::Codec codec, int width, int height, int rate, double seconds,
                                          bool flashes, bool corner) {
  return encode_painted(codec, width, height, rate, static_cast<int>(seconds * rate), [&](int index, int w, int h) {
    return scene_picture(static_cast<double>(index) / rate, w, h, flashes, corner);
  });
}

std::vector<EncodedFrame> encode_painted(media::Codec codec, int width, int height, int rate, int count,
                                         const Painter& painter) {
  const bool vp8 = codec == media::Codec::vp8;
  std::vector<std::pair<const char*, const char*>> options;
  if (vp8) {
    options = {{"deadline", "realtime"}, {"cpu-used", "8"}, {"lag-in-frames", "0"}};
  } else {
    options = {{"preset", "ultrafast"}, {"tune", "zerolatency"}};
  }
  const CodecPtr context = encoder(
      vp8 ? "libvpx" : "libx264",
      [&](AVCodecContext& c) {
        c.width = width;
        c.height = height;
        c.pix_fmt = AV_PIX_FMT_YUV420P;
        c.time_base = {1, rate};
        c.bit_rate = 1'500'000;
        c.gop_size = rate * 2;
        c.max_b_frames = 0;
        c.thread_count = 1;
      },
      options);
  std::vector<EncodedFrame> frames;
  for (int i = 0; i < count; ++i) {
    const FramePtr picture = painter(i, width, height);
    picture->pts = i;
    check(avcodec_send_frame(context.get(), picture.get()), "send");
    drain(*context, frames);
  }
  avcodec_send_frame(context.get(), nullptr);
  drain(*context, frames);
  return frames;
}

std::vector<EncodedFrame> encode_sound(double hertz, double level, double seconds, bool beeps) {
  const CodecPtr context =
      encoder("libopus",
              [](AVCodecContext& c) {
                c.sample_fmt = AV_SAMPLE_FMT_FLT;
                c.sample_rate = 48'000;
                c.bit_rate = 40'000;
                av_channel_layout_default(&c.ch_layout, 2);
              },
              {{"application", "voip"}, {"frame_duration", "20"}, {"fec", "1"}, {"packet_loss", "10"}});
  std::vector<EncodedFrame> packets;
  for (int i = 0; i < static_cast<int>(seconds * 50); ++i) {
    const FramePtr frame = make_frame();
    frame->format = AV_SAMPLE_FMT_FLT;
    frame->sample_rate = 48'000;
    frame->nb_samples = 960;
    av_channel_layout_default(&frame->ch_layout, 2);
    check(av_frame_get_buffer(frame.get(), 0), "buffer");
    auto* samples = reinterpret_cast<float*>(frame->data[0]);
    for (int s = 0; s < 960; ++s) {
      const double t = (i * 960 + s) / 48'000.0;
      const double value = !beeps || on_at(t) ? level * std::sin(2 * std::numbers::pi * hertz * t) : 0;
      samples[2 * s] = samples[2 * s + 1] = static_cast<float>(value);
    }
    frame->pts = static_cast<std::int64_t>(i) * 960;
    check(avcodec_send_frame(context.get(), frame.get()), "send");
    drain(*context, packets);
  }
  return packets;
}

namespace {

void send_sound(const Sender& sender, std::vector<TimedRecord>& out) {
  TrackSender sound(sender, true, out);
  sound.started();
  const auto packets = encode_sound(sender.hertz, sender.level, sender.seconds, sender.beeps);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto ticks = static_cast<std::int64_t>(i) * 960;
    sound.frame(ticks, {{packets[i].data, true}});
    if (i % 100 == 10) sound.report(ticks + 777);
  }
  if (sender.ends) sound.ended();
}

std::vector<EncodedFrame> pictures_of(const Sender& sender) {
  const int count = static_cast<int>(sender.seconds * sender.rate);
  const Painter painter = sender.painter ? sender.painter : [&sender](int index, int width, int height) {
    return scene_picture(static_cast<double>(index) / sender.rate, width, height, sender.flashes, false);
  };
  if (!sender.later_size) {
    return encode_painted(sender.codec, sender.width, sender.height, sender.rate, count, painter);
  }
  auto frames = encode_painted(sender.codec, sender.width, sender.height, sender.rate, count / 2, painter);
  auto later =
      encode_painted(sender.codec, sender.later_size->first, sender.later_size->second, sender.rate, count - count / 2,
                     [&](int index, int width, int height) { return painter(index + count / 2, width, height); });
  std::move(later.begin(), later.end(), std::back_inserter(frames));
  return frames;
}

void send_pictures(const Sender& sender, std::vector<TimedRecord>& out) {
  TrackSender picture(sender, false, out);
  picture.started();
  const auto frames = pictures_of(sender);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (sender.later_rotation && i == frames.size() / 2) picture.turn(*sender.later_rotation);
    const std::int64_t ticks = static_cast<std::int64_t>(i) * 90'000 / sender.rate;
    picture.frame(ticks, sender.codec == media::Codec::vp8
                             ? split_vp8(frames[i], static_cast<std::uint16_t>(i & 0x7FFF))
                             : split_h264(frames[i]));
    if (i % 30 == 5) picture.report(ticks + 555);
  }
  if (sender.ends) picture.ended();
}

FramePtr grey_picture(int width, int height, int luma) {
  FramePtr frame = make_picture(width, height, AV_PIX_FMT_YUV420P);
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int y = 0; y < height >> shift; ++y)
      std::memset(frame->data[plane] + y * frame->linesize[plane], plane == 0 ? luma : 128,
                  static_cast<std::size_t>(width >> shift));
  }
  return frame;
}

void paint_number(AVFrame& frame, int number) {
  for (int bit = 0; bit < 16; ++bit) {
    for (int y = 96; y < 128; ++y)
      std::memset(frame.data[0] + y * frame.linesize[0] + 64 + bit * 32, (number >> bit & 1) != 0 ? 230 : 20, 32);
  }
}

}  // namespace

Painter plain_picture(int luma) {
  return [luma](int, int width, int height) { return grey_picture(width, height, luma); };
}

Painter counting_picture() {
  return [](int index, int width, int height) {
    FramePtr frame = grey_picture(width, height, 110);
    paint_number(*frame, index);
    return frame;
  };
}

Painter lively_counting_picture(unsigned seed) {
  return [lively = lively_picture(seed)](int index, int width, int height) {
    FramePtr frame = lively(index, width, height);
    paint_number(*frame, index);
    return frame;
  };
}

int number_in(const AVFrame& picture) {
  int number = 0;
  for (int bit = 0; bit < 16; ++bit) {
    const int x = (64 + bit * 32 + 16) / 2;
    const int y = 180 + (96 + 16) / 2;
    number |= (picture.data[0][y * picture.linesize[0] + x] > 128 ? 1 : 0) << bit;
  }
  return number;
}

Painter lively_picture(unsigned seed) {
  return [seed](int index, int width, int height) {
    FramePtr frame = grey_picture(width, height, 100);
    std::uint32_t noise = seed * 7919U + static_cast<std::uint32_t>(index) * 104'729U + 1;
    const double t = index / 25.0;
    const double cx = width * (0.5 + 0.06 * std::sin(t * 1.7 + seed));
    const double cy = height * (0.5 + 0.04 * std::sin(t * 2.3));
    const int sway = static_cast<int>(6 * std::sin(t * 0.9));
    for (int y = 0; y < height; ++y) {
      std::uint8_t* row = frame->data[0] + y * frame->linesize[0];
      const double dy = (y - cy) / (height * 0.34);
      for (int x = 0; x < width; ++x) {
        const double dx = (x - cx) / (width * 0.17);
        const bool person = dx * dx + dy * dy < 1;
        const int u = person ? x - static_cast<int>(cx) : x + sway;
        const int v = person ? y - static_cast<int>(cy) : y;
        int value = person ? 150 + (u * v / 97 & 15) - (v / 6 & 7) : 70 + (u / 5 & 31) + (v / 9 & 15);
        noise = noise * 1'664'525U + 1'013'904'223U;
        value += static_cast<int>(noise >> 29) - 4;
        row[x] = static_cast<std::uint8_t>(value);
      }
    }
    return frame;
  };
}

void send(const Sender& sender, std::vector<TimedRecord>& out) {
  if (sender.voice) send_sound(sender, out);
  if (sender.video) send_pictures(sender, out);
}

}  // namespace tw::processing
