/// The floor under any media server's cost: a loop that waits, receives one datagram, decrypts it, encrypts it for each
/// viewer and sends it, with one system call for each of these steps but the ciphers, and does nothing else. It speaks
/// WHIP and WHEP as telewitness-sfu does, so that the same client can measure it.
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <unordered_map>

#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "crypto/certificate.hpp"
#include "floor/floor_peer.hpp"
#include "media/session/sdp_answer.hpp"
#include "media/wire/demultiplex.hpp"
#include "media/wire/rtp_packet.hpp"
#include "media/wire/stun_message.hpp"
#include "media/worker/file_descriptor.hpp"
#include "net/http_front.hpp"
#include "net/plain_socket.hpp"

namespace tw::bench {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

struct Options {
  std::string address = "127.0.0.1";
  unsigned http_port = 0;
};

media::SocketAddress listen_address(const std::string& text) {
  const auto address = media::SocketAddress::parse(text, 0);
  if (!address) throw std::invalid_argument("Not a numeric address: " + text);
  return *address;
}

class Floor final : public media::DatagramSink {
 public:
  explicit Floor(const Options& options)
      : context_(make_dtls_certificate(clock_.wall_now())),
        socket_(listen_address(options.address), PlainSocket::Stamps::off, PlainSocket::Runs::apart),
        front_(options.address, static_cast<std::uint16_t>(options.http_port),
               [this](const HttpRequest& request) { return serve(request); }),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (const int fd : {socket_.fd(), front_.fd()}) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = fd;
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
      }
    }
  }

  [[nodiscard]] std::uint16_t port() const { return front_.port(); }

  void run() {
    constexpr int kWhileIdleMs = 200;
    while (stop_asked == 0) {
      epoll_event event{};
      const int count = ::epoll_wait(epoll_.get(), &event, 1, kWhileIdleMs);
      if (count == 1 && event.data.fd == socket_.fd()) {
        receive_one();
      } else if (count == 1) {
        front_.serve_one();
      } else {
        for (const auto& peer : peers_) peer->on_time(clock_.steady_now(), *this);
      }
    }
  }

 private:
  void send(const media::NetworkPath& path, ByteView datagram) override { socket_.send(path.remote, datagram); }

  void receive_one() {
    sockaddr_storage from{};
    socklen_t from_bytes = sizeof(from);
    const auto bytes =
        ::recvfrom(socket_.fd(), in_.data(), in_.size(), 0, reinterpret_cast<sockaddr*>(&from), &from_bytes);
    if (bytes <= 0) return;
    const auto datagram = std::span(in_).first(static_cast<std::size_t>(bytes));
    const media::SocketAddress address = media::SocketAddress::from(from);
    switch (media::kind_of(datagram)) {
      case media::DatagramKind::rtp: return forward(address, datagram);
      case media::DatagramKind::stun: return receive_check({0, address}, datagram);
      case media::DatagramKind::dtls:
        if (const auto found = by_address_.find(address); found != by_address_.end()) {
          found->second->receive_dtls({0, address}, datagram, clock_.steady_now(), *this);
        }
        return;
      default: return;
    }
  }

  void forward(const media::SocketAddress& from, std::span<std::uint8_t> packet) {
    const auto found = by_address_.find(from);
    if (found == by_address_.end() || found->second->cipher() == nullptr) return;
    const auto header = media::RtpPacketView::parse_header(packet);
    if (!header) return;
    const auto plain = found->second->cipher()->open(packet, header->header_bytes);
    if (!plain) return;
    for (FloorPeer* viewer : found->second->viewers()) {
      if (viewer->cipher() == nullptr) continue;
      const std::size_t sealed = viewer->cipher()->seal(packet.first(*plain), header->header_bytes, out_);
      [[maybe_unused]] const auto sent =
          ::sendto(socket_.fd(), out_.data(), sealed, 0, reinterpret_cast<const sockaddr*>(&viewer->address()),
                   viewer->address_bytes());
    }
  }

  void receive_check(const media::NetworkPath& path, ByteView datagram) {
    const auto message = media::StunMessage::parse(datagram);
    if (!message) return;
    const auto found = by_ufrag_.find(std::string(media::IceLite::local_ufrag(*message)));
    if (found == by_ufrag_.end()) return;
    found->second->receive_check(*message, datagram, path, clock_.steady_now(), *this);
    if (found->second->ice().is_valid(path)) by_address_[path.remote] = found->second;
  }

  HttpResponse serve(const HttpRequest& request) {
    const auto& path = request.path;
    const bool publish = path.size() == 3 && path[0] == "whip";
    if (request.method != "POST" || (!publish && (path.size() != 4 || path[0] != "whep"))) {
      return {.status = 404, .headers = {}, .body = {}};
    }
    const auto role = publish ? media::OfferRole::publisher : media::OfferRole::viewer;
    auto negotiated = media::negotiate(request.body, role, media::Codec::vp8);
    if (!negotiated) return {.status = 422, .headers = {}, .body = negotiated.error().message};
    auto peer =
        std::make_unique<FloorPeer>(context_, std::move(*negotiated), media::IceCredentials::make(random_), publish);
    const std::string publisher = path[1] + "/" + (publish ? path[2] : path[3]);
    if (publish) {
      publishers_[publisher] = peer.get();
    } else if (const auto found = publishers_.find(publisher); found != publishers_.end()) {
      found->second->viewers().push_back(peer.get());
    } else {
      return {.status = 404, .headers = {}, .body = {}};
    }
    by_ufrag_[peer->ice().local().ufrag] = peer.get();
    peers_.push_back(std::move(peer));
    return {.status = 201,
            .headers = {"Content-Type: application/sdp", "Location: /session/" + std::to_string(peers_.size())},
            .body = answer(*peers_.back())};
  }

  std::string answer(const FloorPeer& peer) {
    const std::array candidates{socket_.local()};
    media::AnswerParts parts;
    parts.role = peer.publisher() ? media::OfferRole::publisher : media::OfferRole::viewer;
    parts.session_number = peers_.size();
    parts.local = peer.ice().local();
    parts.sha256_fingerprint = context_.sha256_fingerprint();
    parts.candidates = candidates;
    parts.stream_id = parts.cname = "floor";
    return media::write_answer(peer.negotiated(), parts);
  }

  SystemClock clock_;
  OsRandom random_;
  media::DtlsContext context_;
  PlainSocket socket_;
  HttpFront front_;
  media::FileDescriptor epoll_;
  std::vector<std::unique_ptr<FloorPeer>> peers_;
  std::unordered_map<std::string, FloorPeer*> publishers_;
  std::unordered_map<std::string, FloorPeer*> by_ufrag_;
  std::unordered_map<media::SocketAddress, FloorPeer*> by_address_;
  std::array<std::uint8_t, media::kMaxPacketBytes + BareCipher::kMostTagBytes> in_{};
  std::array<std::uint8_t, media::kMaxPacketBytes + BareCipher::kMostTagBytes> out_{};
};

}  // namespace
}  // namespace tw::bench

int main(int argc, char** argv) {
  tw::bench::Options options;
  CLI::App app("The least that any media server has to do, for comparison");
  app.add_option("--address", options.address, "IPv4 address for HTTP and media")->capture_default_str();
  app.add_option("--http-port", options.http_port, "0: any; it is printed")->check(CLI::Range(0U, 65'535U));
  CLI11_PARSE(app, argc, argv);
  try {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { tw::bench::stop_asked = 1; });
    tw::bench::Floor floor(options);
    std::printf("listening on http://%s:%u\n", options.address.c_str(), unsigned{floor.port()});
    std::fflush(stdout);
    floor.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "telewitness-floor: %s\n", error.what());
    return 1;
  }
  return 0;
}
