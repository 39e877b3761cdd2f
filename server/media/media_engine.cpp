#include "media/media_engine.hpp"

#include <functional>
#include <stdexcept>
#include <utility>

#include "crypto/aes_gcm.hpp"
#include "crypto/certificate.hpp"
#include "media/transport/dtls_context.hpp"
#include "media/worker/worker.hpp"

namespace tw::media {
namespace {

constexpr unsigned kMaxWorkers = 64;

auto ended() {
  return fail(ErrorKind::unavailable, "media.unavailable",
              "The media engine is stopping or overloaded; try again later.");
}

}  // namespace

class MediaEngine::Impl {
 public:
  Impl(MediaConfig config, const Clock& clock, Random& random, MediaListener& listener)
      : config_(std::move(config)), dtls_(make_dtls_certificate(clock.wall_now())) {
    prepare_aes_gcm();
    if (config_.workers < 1 || config_.workers > kMaxWorkers) throw std::invalid_argument("Media workers: 1 to 64.");
    for (unsigned i = 0; i < config_.workers; ++i) {
      const auto port = static_cast<std::uint16_t>(config_.first_port == 0 ? 0 : config_.first_port + i);
      workers_.push_back(std::make_unique<Worker>(config_, port, clock, random, listener, dtls_));
    }
    for (auto& worker : workers_) worker->start();
  }

  [[nodiscard]] std::uint16_t first_port() const { return workers_.front()->port(); }

  [[nodiscard]] EngineTotals totals() const {
    EngineTotals totals;
    for (const auto& worker : workers_) worker->counters().add_to(totals);
    return totals;
  }

  [[nodiscard]] Worker& worker_of(const std::string& room) {
    return *workers_[std::hash<std::string>{}(room) % workers_.size()];
  }

  /// Runs `work` with the worker's rooms and hands its result to `done`, exactly once.
  template <class T, class Work>
  static void run(Worker& worker, std::function<void(Result<T>)> done, Work work) {
    Mailbox::Command command = [done = std::move(done), work = std::move(work)](RoomHost* host) mutable {
      done(host == nullptr ? Result<T>(ended()) : work(*host));
    };
    if (!worker.mailbox().try_push(command)) command(nullptr);
  }

 private:
  const MediaConfig config_;
  const DtlsContext dtls_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

MediaEngine::MediaEngine(MediaConfig config, const Clock& clock, Random& random, MediaListener& listener)
    : impl_(std::make_unique<Impl>(std::move(config), clock, random, listener)) {}

MediaEngine::~MediaEngine() = default;

std::uint16_t MediaEngine::first_port() const { return impl_->first_port(); }

EngineTotals MediaEngine::totals() const { return impl_->totals(); }

void MediaEngine::open_room(std::string room, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done), [room = std::move(room)](RoomHost& host) { return host.open_room(room); });
}

void MediaEngine::add_tap(std::string room, std::shared_ptr<PacketTap> tap, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done),
                  [room = std::move(room), tap = std::move(tap)](RoomHost& host) { return host.add_tap(room, tap); });
}

void MediaEngine::remove_tap(std::string room, std::shared_ptr<PacketTap> tap, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done), [room = std::move(room), tap = std::move(tap)](RoomHost& host) {
    host.remove_tap(room, tap.get());
    return Result<void>();
  });
}

void MediaEngine::set_gate(std::string room, bool open, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done),
                  [room = std::move(room), open](RoomHost& host) { return host.set_gate(room, open); });
}

void MediaEngine::close_room(std::string room, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done), [room = std::move(room)](RoomHost& host) { return host.close_room(room); });
}

void MediaEngine::publish(MediaRequest request, Done<SessionAnswer> done) {
  Worker& worker = impl_->worker_of(request.room);
  Impl::run<SessionAnswer>(worker, std::move(done),
                           [request = std::move(request)](RoomHost& host) { return host.publish(request); });
}

void MediaEngine::subscribe(MediaRequest request, Done<SessionAnswer> done) {
  Worker& worker = impl_->worker_of(request.room);
  Impl::run<SessionAnswer>(worker, std::move(done),
                           [request = std::move(request)](RoomHost& host) { return host.subscribe(request); });
}

void MediaEngine::patch(SessionRef session, std::optional<std::string> if_match, std::string fragment,
                        Done<PatchAnswer> done) {
  Worker& worker = impl_->worker_of(session.room);
  Impl::run<PatchAnswer>(worker, std::move(done),
                         [session = std::move(session), if_match = std::move(if_match), fragment = std::move(fragment)](
                             RoomHost& host) { return host.patch(session, if_match, fragment); });
}

void MediaEngine::find_session(SessionRef session, Done<std::string> done) {
  Worker& worker = impl_->worker_of(session.room);
  Impl::run<std::string>(worker, std::move(done),
                         [session = std::move(session)](RoomHost& host) { return host.session_etag(session); });
}

void MediaEngine::close_session(SessionRef session, Finished done) {
  Worker& worker = impl_->worker_of(session.room);
  Impl::run<void>(worker, std::move(done),
                  [session = std::move(session)](RoomHost& host) { return host.close_session(session); });
}

void MediaEngine::close_participant(std::string room, std::string participant, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done),
                  [room = std::move(room), participant = std::move(participant)](RoomHost& host) {
                    host.close_participant(room, participant);
                    return Result<void>();
                  });
}

void MediaEngine::request_keyframe(std::string room, StreamKey stream, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done), [room = std::move(room), stream = std::move(stream)](RoomHost& host) {
    return host.request_keyframe(room, stream);
  });
}

void MediaEngine::play(std::string room, StreamKey stream, std::shared_ptr<const PlayerMedia> media,
                       PlayOptions options, Done<PlayerEvent> done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<PlayerEvent>(
      worker, std::move(done),
      [room = std::move(room), stream = std::move(stream), media = std::move(media),
       options = std::move(options)](RoomHost& host) { return host.play(room, stream, media, options); });
}

void MediaEngine::control_player(std::string room, StreamKey stream, PlayerCommand command, Done<PlayerEvent> done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<PlayerEvent>(worker, std::move(done),
                         [room = std::move(room), stream = std::move(stream), command](RoomHost& host) {
                           return host.control_player(room, stream, command);
                         });
}

void MediaEngine::set_hold(std::string room, std::string participant, bool held, Finished done) {
  Worker& worker = impl_->worker_of(room);
  Impl::run<void>(worker, std::move(done),
                  [room = std::move(room), participant = std::move(participant), held](RoomHost& host) {
                    return host.set_hold(room, participant, held);
                  });
}

}  // namespace tw::media
