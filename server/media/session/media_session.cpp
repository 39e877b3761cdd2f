#include "media/session/media_session.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace tw::media {

MediaSession::MediaSession(SessionParts parts, SessionOwner& owner, MediaTime now)
    : counters_(*parts.counters),
      silence_(*parts.config, now.steady),
      transport_(*parts.dtls, std::move(parts.local), parts.negotiated.remote, parts.negotiated.fingerprint, *parts.out,
                 *this),
      identity_(std::move(parts.identity)),
      negotiated_(std::move(parts.negotiated)),
      config_(*parts.config),
      owner_(owner),
      random_(*parts.random),
      etag_(std::move(parts.etag)) {}

bool MediaSession::receive_check(const StunMessage& message, ByteView datagram, const NetworkPath& path,
                                 MediaTime now) {
  const bool known = transport_.receive_check(message, datagram, path, now);
  update_state(now);
  return known;
}

void MediaSession::receive(const NetworkPath& path, std::span<std::uint8_t> datagram, MediaTime now) {
  transport_.receive(path, datagram, now);
  update_state(now);
}

void MediaSession::on_time(MediaTime now) {
  if (state_ == SessionState::closed) return;
  transport_.on_time(now);
  update_state(now);
  if (!connected()) return;
  on_media_time(now);
  if (now.steady >= next_report_) {
    next_report_ = now.steady + kReportInterval;
    send_report(now);
  }
  if (now.steady >= next_quality_) report_quality(now);
}

SteadyTime MediaSession::deadline(SteadyTime now) const {
  SteadyTime result = silence_.deadline(now);
  if (const auto handshake = transport_.deadline()) result = std::min(result, *handshake);
  if (!connected()) return result;
  if (const auto media = media_deadline()) result = std::min(result, *media);
  return std::min({result, next_report_, next_quality_});
}

void MediaSession::restart_ice(IceCredentials local, IceCredentials remote, std::string etag) {
  negotiated_.remote = remote;
  transport_.restart_ice(std::move(local), std::move(remote));
  etag_ = std::move(etag);
}

void MediaSession::close(MediaTime now) {
  if (state_ == SessionState::closed) return;
  transport_.close();
  set_state(SessionState::closed, now);
}

void MediaSession::on_transport_connected(MediaTime now) {
  silence_.on_connected(now.steady);
  next_report_ = now.steady + std::chrono::milliseconds{100};
  next_quality_ = now.steady + kQualityInterval;
  set_state(SessionState::connected, now);
  on_media_connected(now);
}

void MediaSession::on_transport_closed(const char* reason, MediaTime now) {
  log::info("media session ended by its transport", {{"session", identity_.id}, {"reason", reason}});
  set_state(SessionState::closed, now);
}

void MediaSession::update_state(MediaTime now) {
  if (state_ == SessionState::closed) return;
  const SessionState seen = silence_.state(now.steady);
  if (seen == SessionState::closed) return close(now);
  set_state(seen, now);
}

void MediaSession::set_state(SessionState state, MediaTime now) {
  if (state_ == state) return;
  state_ = state;
  owner_.on_state(*this, state, now);
}

void MediaSession::report_quality(MediaTime now) {
  const auto elapsed = kQualityInterval + (now.steady - next_quality_);
  next_quality_ = now.steady + kQualityInterval;
  const Interval interval = take_interval();
  const double seconds = std::chrono::duration<double>(elapsed).count();
  SessionQuality quality;
  quality.room = identity_.room;
  quality.session = identity_.id;
  quality.participant = identity_.participant;
  quality.publisher = identity_.publisher;
  if (round_trip_.known()) {
    quality.round_trip_ms =
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(round_trip_.value()).count());
  }
  quality.loss_fraction = std::clamp(interval.loss_fraction, 0.0, 1.0);
  quality.bitrate_bps = static_cast<std::uint32_t>(static_cast<double>(interval.bytes) * 8 / seconds);
  quality.jitter_ms = interval.jitter_ms;
  quality.estimate_bps = interval.estimate_bps;
  quality.layer = interval.layer;
  quality.picture_paused = interval.picture_paused;
  owner_.on_quality(*this, quality);
}

}  // namespace tw::media
