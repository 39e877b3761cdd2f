// RTCP compounds; what is read of NACKs and feedback is written again and must be read as the same.
#include <array>
#include <vector>

#include "fuzz/fuzz_input.hpp"
#include "media/wire/rtcp_packet.hpp"

namespace {

using namespace tw::media;
using tw::ByteView;

class Collector final : public RtcpVisitor {
 public:
  void on_report_block(const ReportBlock& block) override {
    tw::fuzz::require(block.cumulative_lost >= -0x800000 && block.cumulative_lost <= 0x7FFFFF);
    blocks.push_back(block);
  }
  void on_cname(std::uint32_t /*ssrc*/, std::string_view name) override { cname = std::string(name); }
  void on_nack(std::uint32_t /*media_ssrc*/, std::uint16_t sequence) override { nacks.push_back(sequence); }
  void on_remb(std::uint64_t bits_per_second) override { remb = bits_per_second; }
  void on_transport_feedback(std::uint16_t /*sequence*/,
                             std::optional<std::chrono::microseconds> /*arrival*/) override {
    ++told;
  }
  std::vector<ReportBlock> blocks;
  std::vector<std::uint16_t> nacks;
  std::string cname;
  std::optional<std::uint64_t> remb;
  std::size_t told = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Collector seen;
  parse_rtcp({data, size}, seen);
  tw::fuzz::require(seen.told <= (size / 16 + 1) * kMaxFeedbackPackets);

  std::array<std::uint8_t, 4096> buffer{};
  RtcpWriter writer(buffer);
  if (seen.blocks.size() > 31) seen.blocks.resize(31);
  tw::fuzz::require(writer.receiver_report(1, seen.blocks));
  tw::fuzz::require(writer.cname(1, seen.cname));
  if (seen.remb) tw::fuzz::require(writer.remb(1, *seen.remb, {}));
  Collector again;
  tw::fuzz::require(parse_rtcp(writer.written(), again));
  tw::fuzz::require(again.blocks.size() == seen.blocks.size() && again.cname == seen.cname && again.remb == seen.remb);
  return 0;
}
