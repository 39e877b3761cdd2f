// RTCP compounds; what is read is written again and must be read as the same.
#include <algorithm>
#include <array>
#include <vector>

#include "fuzz/fuzz_input.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace {

using namespace tw::media;
using tw::ByteView;
using tw::fuzz::require;

/// Few enough of each kind for one buffer.
constexpr std::size_t kMostOfAKind = 31;

class Collector final : public RtcpVisitor {
 public:
  void on_sender_report(const SenderReport& report) override { keep(reports, report); }
  void on_report_block(const ReportBlock& block) override {
    require(block.cumulative_lost >= -0x800000 && block.cumulative_lost <= 0x7FFFFF);
    keep(blocks, block);
  }
  void on_receiver_reference_time(std::uint32_t /*sender_ssrc*/, std::uint64_t ntp) override {
    keep(reference_times, ntp);
  }
  void on_receiver_delay(std::uint32_t /*last_reference*/, std::uint32_t delay) override { keep(delays, delay); }
  void on_cname(std::uint32_t /*ssrc*/, std::string_view name) override { cname = std::string(name); }
  void on_bye(std::uint32_t ssrc) override { keep(byes, ssrc); }
  void on_nack(std::uint32_t /*media_ssrc*/, std::uint16_t sequence) override { keep(nacks, sequence); }
  void on_keyframe_request(std::uint32_t media_ssrc) override { keep(keyframes, media_ssrc); }
  void on_remb(std::uint64_t bits_per_second) override { remb = bits_per_second; }
  void on_transport_feedback(std::uint16_t /*sequence*/,
                             std::optional<std::chrono::microseconds> /*arrival*/) override {
    ++told;
  }

  std::vector<SenderReport> reports;
  std::vector<ReportBlock> blocks;
  std::vector<std::uint64_t> reference_times;
  std::vector<std::uint32_t> delays;
  std::vector<std::uint32_t> byes;
  std::vector<std::uint16_t> nacks;
  std::vector<std::uint32_t> keyframes;
  std::string cname;
  std::optional<std::uint64_t> remb;
  std::size_t told = 0;

 private:
  template <class Value>
  void keep(std::vector<Value>& kept, const Value& value) {
    if (kept.size() < kMostOfAKind) kept.push_back(value);
  }
};

void write(RtcpWriter& writer, const Collector& seen) {
  require(writer.receiver_report(1, seen.blocks));
  for (const auto& report : seen.reports) require(writer.sender_report(report, {}));
  require(writer.cname(1, seen.cname));
  if (seen.remb) require(writer.remb(1, *seen.remb, {}));
  for (const auto ntp : seen.reference_times) require(writer.receiver_reference_time(1, ntp));
  for (const auto delay : seen.delays) require(writer.receiver_delay(1, 2, 3, delay));
  for (std::size_t i = 0; i < seen.keyframes.size(); ++i) {
    require(i % 2 == 0 ? writer.pli(1, seen.keyframes[i]) : writer.fir(1, seen.keyframes[i], 7));
  }
  require(writer.nack(1, 2, seen.nacks) == !seen.nacks.empty());
  for (const auto ssrc : seen.byes) require(writer.bye(ssrc));
}

bool same(const ReportBlock& a, const ReportBlock& b) {
  return a.ssrc == b.ssrc && a.fraction_lost == b.fraction_lost && a.cumulative_lost == b.cumulative_lost &&
         a.highest_sequence == b.highest_sequence && a.jitter == b.jitter && a.last_sr == b.last_sr &&
         a.delay_since_last_sr == b.delay_since_last_sr;
}
bool same(const SenderReport& a, const SenderReport& b) {
  return a.ssrc == b.ssrc && a.ntp == b.ntp && a.timestamp == b.timestamp && a.packets == b.packets &&
         a.bytes == b.bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Collector seen;
  parse_rtcp({data, size}, seen);
  require(seen.told <= (size / 16 + 1) * kMaxFeedbackPackets);
  // As those who ask for packets again have them: each once, in order, within half of the numbers' circle.
  std::erase_if(seen.nacks, [](std::uint16_t sequence) { return sequence >= 0x8000; });
  std::ranges::sort(seen.nacks);
  const auto repeated = std::ranges::unique(seen.nacks);
  seen.nacks.erase(repeated.begin(), repeated.end());

  std::array<std::uint8_t, 8192> buffer{};
  RtcpWriter writer(buffer);
  write(writer, seen);
  Collector again;
  require(parse_rtcp(writer.written(), again));
  require(std::ranges::equal(again.blocks, seen.blocks, [](const auto& a, const auto& b) { return same(a, b); }));
  require(std::ranges::equal(again.reports, seen.reports, [](const auto& a, const auto& b) { return same(a, b); }));
  require(again.cname == seen.cname && again.remb == seen.remb && again.nacks == seen.nacks);
  require(again.reference_times == seen.reference_times && again.delays == seen.delays);
  require(again.keyframes == seen.keyframes && again.byes == seen.byes);

  // Where there is no room nothing is written.
  RtcpWriter narrow(std::span(buffer).first(size % 24));
  (void)narrow.bye(1);
  (void)narrow.raw(ByteView(data, size).first(std::min<std::size_t>(size, 8)));
  require(narrow.size() <= size % 24);
  return 0;
}
