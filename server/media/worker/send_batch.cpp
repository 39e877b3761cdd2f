#include "media/worker/send_batch.hpp"

#include <netinet/in.h>
#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tw::media {
namespace {

/// Does the kernel know UDP_SEGMENT (Linux 4.18)?
bool knows_segments(const UdpSocket& socket) {
  int bytes = 0;
  socklen_t length = sizeof(bytes);
  return ::getsockopt(socket.fd(), SOL_UDP, UDP_SEGMENT, &bytes, &length) == 0;
}

}  // namespace

SendBatch::SendBatch(const std::vector<UdpSocket>& sockets, DatagramSink* streams)
    : sockets_(sockets), streams_(streams), buffer_(kBufferBytes) {
  for (std::size_t i = 0; i < sockets.size(); ++i) segments_allowed_[i] = knows_segments(sockets[i]);
}

std::span<std::uint8_t> SendBatch::reserve() {
  if (datagram_count_ == kMaxDatagrams || buffer_.size() - used_ < kRoomBytes) flush();
  return std::span(buffer_).subspan(used_, kRoomBytes);
}

void SendBatch::send(const NetworkPath& path, ByteView datagram) {
  if (datagram.size() > kRoomBytes) {
    ++counters_.dropped;
    return;
  }
  std::ranges::copy(datagram, reserve().begin());
  commit(path, datagram.size());
}

void SendBatch::commit(const NetworkPath& path, std::size_t bytes) {
  if (path.connection != 0) {
    if (streams_ != nullptr) streams_->send(path, ByteView(buffer_).subspan(used_, bytes));
    return;
  }
  if (path.local >= sockets_.size()) return;
  const auto index = static_cast<std::uint16_t>(datagram_count_++);
  datagrams_[index] = {static_cast<std::uint32_t>(used_), static_cast<std::uint16_t>(bytes), kNone};
  used_ += bytes;
  Peer& peer = peer_of(path);
  if (peer.first == kNone) {
    peer.first = index;
  } else {
    datagrams_[peer.last].next = index;
  }
  peer.last = index;
}

SendBatch::Peer& SendBatch::peer_of(const NetworkPath& path) {
  if (peer_count_ > 0 && peers_[peer_count_ - 1].path == path) return peers_[peer_count_ - 1];
  // There are twice as many buckets as peers can be, so that an empty one is found.
  for (std::size_t at = std::hash<NetworkPath>{}(path) % buckets_.size();; at = (at + 1) % buckets_.size()) {
    Bucket& bucket = buckets_[at];
    if (bucket.turn != turn_) {
      bucket = {turn_, static_cast<std::uint16_t>(peer_count_)};
      peers_[peer_count_] = {path, kNone, kNone};
      return peers_[peer_count_++];
    }
    if (peers_[bucket.peer].path == path) return peers_[bucket.peer];
  }
}

void SendBatch::flush() {
  if (datagram_count_ == 0) return;
  for (std::size_t socket = 0; socket < sockets_.size(); ++socket) {
    part_count_ = message_count_ = 0;
    for (std::size_t i = 0; i < peer_count_; ++i) {
      if (peers_[i].path.local == socket) plan(peers_[i]);
    }
    if (message_count_ > 0) send_messages(sockets_[socket], segments_allowed_[socket], refusals_[socket]);
  }
  datagram_count_ = peer_count_ = used_ = 0;
  ++turn_;
}

/// Runs of one size, of which the last datagram may be shorter.
void SendBatch::plan(const Peer& peer) {
  sockaddr_storage& name = names_[message_count_];
  const socklen_t name_bytes = peer.path.remote.to(name);
  const bool may_run = segments_allowed_[peer.path.local];
  std::size_t first_part = part_count_;
  std::size_t run_bytes = 0;
  bool ended = false;
  for (std::uint16_t at = peer.first; at != kNone; at = datagrams_[at].next) {
    const Datagram& datagram = datagrams_[at];
    const std::size_t count = part_count_ - first_part;
    const std::size_t segment = count == 0 ? 0 : parts_[first_part].iov_len;
    const bool joins = count > 0 && !ended && may_run && datagram.bytes <= segment && segment <= kMaxSegmentBytes &&
                       count < kMaxSegments && run_bytes + datagram.bytes <= kMaxRunBytes;
    if (count > 0 && !joins) {
      add_message(name, name_bytes, first_part, segment);
      first_part = part_count_;
      run_bytes = 0;
    }
    ended = joins && datagram.bytes < segment;
    parts_[part_count_++] = {buffer_.data() + datagram.offset, datagram.bytes};
    run_bytes += datagram.bytes;
  }
  add_message(name, name_bytes, first_part, parts_[first_part].iov_len);
}

void SendBatch::add_message(sockaddr_storage& name, socklen_t name_bytes, std::size_t first_part,
                            std::size_t segment_bytes) {
  SegmentSize& size = sizes_[message_count_];
  msghdr& header = messages_[message_count_++].msg_hdr;
  header = {};
  header.msg_name = &name;
  header.msg_namelen = name_bytes;
  header.msg_iov = &parts_[first_part];
  header.msg_iovlen = part_count_ - first_part;
  if (header.msg_iovlen == 1) return;
  header.msg_control = size.bytes.data();
  header.msg_controllen = size.bytes.size();
  cmsghdr* control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = SOL_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
  const auto bytes = static_cast<std::uint16_t>(segment_bytes);
  std::memcpy(CMSG_DATA(control), &bytes, sizeof(bytes));
}

void SendBatch::send_messages(const UdpSocket& socket, bool& segments_allowed, unsigned& refusals) {
  for (std::size_t next = 0; next < message_count_;) {
    ++counters_.calls;
    const int sent = ::sendmmsg(socket.fd(), &messages_[next], static_cast<unsigned>(message_count_ - next),
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    for (int i = 0; i < sent; ++i) {
      const std::size_t count = messages_[next++].msg_hdr.msg_iovlen;
      counters_.datagrams += count;
      counters_.segmented += count > 1 ? count : 0;
    }
    if (sent > 0 || errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {  // media is never waited for
      for (; next < message_count_; ++next) counters_.dropped += messages_[next].msg_hdr.msg_iovlen;
      return;
    }
    const msghdr& refused = messages_[next++].msg_hdr;
    if (refused.msg_iovlen == 1) {
      ++counters_.dropped;
      continue;
    }
    // EIO: the card cannot do checksums, so it never will; EINVAL: a path with a smaller MTU, perhaps.
    if (errno == EIO || ++refusals >= kMaxRefusals) segments_allowed = false;
    send_singly(socket, refused);
  }
}

void SendBatch::send_singly(const UdpSocket& socket, const msghdr& run) {
  for (std::size_t i = 0; i < run.msg_iovlen; ++i) {
    msghdr one{};
    one.msg_name = run.msg_name;
    one.msg_namelen = run.msg_namelen;
    one.msg_iov = run.msg_iov + i;
    one.msg_iovlen = 1;
    ++counters_.calls;
    const bool sent = ::sendmsg(socket.fd(), &one, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
    ++(sent ? counters_.datagrams : counters_.dropped);
  }
}

}  // namespace tw::media
