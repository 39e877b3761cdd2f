#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/transport/packet_sink.hpp"
#include "media/worker/udp_socket.hpp"

namespace tw::media {

/// Counted since the start.
struct SendCounters {
  std::uint64_t datagrams = 0;  ///< given to the kernel
  std::uint64_t segmented = 0;  ///< of those, the ones that went in runs
  std::uint64_t calls = 0;      ///< system calls
  std::uint64_t dropped = 0;    ///< the kernel's buffer was full, or it refused
};

/// Collects what one turn of a worker sends and gives it to the kernel at once: a peer's datagrams of one size as runs
/// that the kernel or the network card takes apart (UDP GSO), everything else by sendmmsg. The order to one peer is
/// kept. Memory is taken once.
class SendBatch final : public PacketSink {
 public:
  /// Datagrams held before they are sent without waiting for the turn's end: some 20 ms of a worker at its limit.
  static constexpr std::size_t kMaxDatagrams = 256;
  /// Small enough to stay in a core's cache.
  static constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;
  /// UDP_MAX_SEGMENTS of Linux before 6.9.
  static constexpr std::size_t kMaxSegments = 64;
  /// A run is one IP packet to the kernel: 65,535 bytes less IPv6 and UDP headers.
  static constexpr std::size_t kMaxRunBytes = 65'487;
  /// Longer ones do not fit an Ethernet frame and would be refused as segments.
  static constexpr std::size_t kMaxSegmentBytes = 1'452;
  /// A socket that had so many runs refused sends none any more.
  static constexpr unsigned kMaxRefusals = 16;

  /// `streams` takes what is for paths over TCP. Both outlive this.
  explicit SendBatch(const std::vector<UdpSocket>& sockets, DatagramSink* streams = nullptr);

  void send(const NetworkPath& path, ByteView datagram) override;
  [[nodiscard]] std::span<std::uint8_t> reserve() override;
  void commit(const NetworkPath& path, std::size_t bytes) override;
  /// Call at the end of each turn, before waiting.
  void flush();

  [[nodiscard]] const SendCounters& counters() const { return counters_; }
  /// Behaves as on a kernel without UDP_SEGMENT (for tests and measurements).
  void forbid_segments() { segments_allowed_.fill(false); }

 private:
  static constexpr std::uint16_t kNone = 0xFFFF;
  struct Datagram {
    std::uint32_t offset = 0;
    std::uint16_t bytes = 0;
    std::uint16_t next = kNone;  ///< of the same peer
  };
  struct Peer {
    NetworkPath path;
    std::uint16_t first = kNone;
    std::uint16_t last = kNone;
  };
  struct alignas(cmsghdr) SegmentSize {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint16_t))> bytes{};
  };

  [[nodiscard]] Peer& peer_of(const NetworkPath& path);
  void plan(const Peer& peer);
  void add_message(sockaddr_storage& name, socklen_t name_bytes, std::size_t first_part, std::size_t segment_bytes);
  void send_messages(const UdpSocket& socket, bool& segments_allowed, unsigned& refusals);
  void send_singly(const UdpSocket& socket, const msghdr& run);

  const std::vector<UdpSocket>& sockets_;
  DatagramSink* streams_;
  std::vector<std::uint8_t> buffer_;
  std::size_t used_ = 0;
  std::array<Datagram, kMaxDatagrams> datagrams_;
  std::size_t datagram_count_ = 0;
  std::array<Peer, kMaxDatagrams> peers_;
  std::size_t peer_count_ = 0;
  /// Open addressing over `peers_`; an entry of an earlier turn counts as empty.
  struct Bucket {
    std::uint32_t turn = 0;
    std::uint16_t peer = 0;
  };
  std::array<Bucket, 2 * kMaxDatagrams> buckets_{};
  std::uint32_t turn_ = 1;

  std::array<iovec, kMaxDatagrams> parts_;
  std::array<mmsghdr, kMaxDatagrams> messages_;
  std::array<SegmentSize, kMaxDatagrams> sizes_;
  std::array<sockaddr_storage, kMaxDatagrams> names_;
  std::size_t part_count_ = 0;
  std::size_t message_count_ = 0;
  std::array<bool, 256> segments_allowed_{};
  std::array<unsigned, 256> refusals_{};
  SendCounters counters_;
};

}  // namespace tw::media
