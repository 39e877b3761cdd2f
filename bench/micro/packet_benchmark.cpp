#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "crypto/sealed_log.hpp"
#include "media/stream/sequence_rewriter.hpp"
#include "media/stream/twcc_receiver.hpp"
#include "media/wire/rtp_packet.hpp"
#include "media/wire/vp8_payload.hpp"
#include "micro/sample_packet.hpp"
#include "recording/journal_format.hpp"

namespace tw::bench {
namespace {

constexpr std::uint32_t kVideoClockHz = 90'000;

void parse_rtp(benchmark::State& state) {
  const SamplePacket packet;
  for (auto _ : state) {
    const auto view = media::RtpPacketView::parse(packet.bytes());
    benchmark::DoNotOptimize(view->extension(2));
  }
}
BENCHMARK(parse_rtp)->Name("RTP parse, one extension found");

void rewrite(benchmark::State& state) {
  media::SequenceRewriter sequences(kVideoClockHz, true, 0, 0);
  media::Vp8Rewriter pictures;
  std::array<std::uint8_t, SamplePacket::kBytes> payload{};
  const SamplePacket packet;
  std::ranges::copy(packet.payload(), payload.begin());
  const SteadyTime now{std::chrono::seconds{1}};
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    const auto descriptor = media::Vp8Payload::parse(payload);
    ++sequence;
    const auto rewritten = sequences.rewrite({1, sequence, static_cast<std::uint32_t>(sequence / 8 * 3000), true}, now);
    pictures.rewrite(payload, *descriptor, rewritten->source_began);
    benchmark::DoNotOptimize(payload);
  }
}
BENCHMARK(rewrite)->Name("Rewrite: sequence, timestamp, VP8 picture id");

void feedback(benchmark::State& state) {
  media::TwccReceiver receiver;
  std::array<std::uint8_t, media::TwccReceiver::kMaxReportBytes> report{};
  SteadyTime now{std::chrono::seconds{1}};
  std::uint16_t sequence = 0;
  constexpr int kPacketsAReport = 18;  // 290 a second, a report each 60 ms
  for (auto _ : state) {
    receiver.on_packet(sequence++, now += std::chrono::microseconds{3448});
    if (sequence % kPacketsAReport == 0) benchmark::DoNotOptimize(receiver.write_report(report, 1, 2));
  }
}
BENCHMARK(feedback)->Name("Transport feedback, a packet and its share of reports");

void journal_encode(benchmark::State& state) {
  const SamplePacket packet;
  media::TapPacket tap;
  tap.track = 1;
  tap.rtp = packet.bytes();
  tap.payload = packet.payload();
  Bytes out(recording::packet_record_bytes(tap));
  for (auto _ : state) {
    ++tap.extended_sequence;
    recording::write_packet_record(tap, out.data());
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(journal_encode)->Name("Journal: encode a packet's record");

void journal_seal(benchmark::State& state) {
  OsRandom random;
  SealedLogEncoder encoder(SecretKey::make(random), random);
  const Bytes plain(SealedLogEncoder::kMaxChunkBytes, 0x5A);
  for (auto _ : state) benchmark::DoNotOptimize(encoder.seal(plain));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * plain.size()));
}
BENCHMARK(journal_seal)->Name("Journal: seal a chunk of 64 KiB");

}  // namespace
}  // namespace tw::bench
