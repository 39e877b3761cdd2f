#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/transport/dtls_transport.hpp"
#include "media/transport/ice_lite.hpp"
#include "media/transport/simulated_network_test_support.hpp"
#include "media/transport/srtp_transform.hpp"
#include "media/wire/rtcp_packet.hpp"
#include "media/wire/sdp.hpp"

namespace tw::media {

/// The smallest server a PeerSession can talk to: it answers an offer by taking everything, keeps what it receives in
/// the clear, and sends what the test tells it to. The real server's sessions have tests of their own.
class MiniServer final : public SimulatedEndpoint, public RtcpVisitor {
 public:
  static constexpr std::uint32_t kVideoSsrc = 0x1111;
  static constexpr std::uint32_t kRtxSsrc = 0x2222;

  MiniServer(const DtlsContext& context, const Clock& clock, Random& random);

  [[nodiscard]] std::string answer(const std::string& offer);
  /// An offer of one picture to a viewer, as servers make it that do not let viewers offer; and its answer.
  [[nodiscard]] std::string make_offer() const;
  void take_answer(const std::string& answer);
  void attach(SimulatedNetwork& network, const SocketAddress& address);
  [[nodiscard]] std::string restart(const std::string& fragment);

  void on_datagram(const NetworkPath& path, ByteView datagram) override;
  void on_timeout() override;
  [[nodiscard]] std::optional<SteadyTime> deadline() const override;

  void send_rtp(ByteView packet);
  void send_rtcp(const RtcpWriter& writer);

  void on_nack(std::uint32_t media_ssrc, std::uint16_t sequence) override;
  void on_keyframe_request(std::uint32_t /*ssrc*/) override { ++keyframe_requests; }
  void on_sender_report(const SenderReport& report) override { sender_reports.push_back(report); }
  void on_report_block(const ReportBlock& block) override { report_blocks.push_back(block); }
  void on_receiver_delay(std::uint32_t last, std::uint32_t /*delay*/) override { last_reference = last; }
  void on_cname(std::uint32_t /*ssrc*/, std::string_view name) override { cname = std::string(name); }
  void on_bye(std::uint32_t ssrc) override { byes.push_back(ssrc); }

  SessionDescription offer;
  std::vector<Bytes> packets;  ///< RTP received, in order of arrival
  std::vector<std::uint16_t> nacks;
  std::vector<SenderReport> sender_reports;
  std::vector<ReportBlock> report_blocks;
  std::vector<std::uint32_t> byes;
  std::string cname;
  std::uint32_t last_reference = 0;
  int keyframe_requests = 0;
  bool begins_dtls = false;  ///< answers a=setup:active and is the DTLS client
  std::optional<IceLite> ice;
  std::optional<DtlsTransport> dtls;
  std::optional<SrtpTransform> srtp;

 private:
  void receive_media(ByteView datagram, bool rtcp);
  void meet(const SdpMedia& theirs, DtlsRole role);

  const DtlsContext& context_;
  const Clock& clock_;
  Random& random_;
  IceCredentials local_;
  SocketAddress address_;
  DatagramSink* out_ = nullptr;
};

}  // namespace tw::media
