#include "media/transport/ice_client.hpp"

#include <algorithm>
#include <utility>

#include "media/wire/ice_candidate.hpp"

namespace tw::media {

IceClient::IceClient(IceCredentials local, Random& random)
    : random_(random), local_(std::move(local)), tie_breaker_(random.u64()) {}

void IceClient::set_remote(IceCredentials remote, std::span<const SocketAddress> candidates, SteadyTime now) {
  for (const auto& pair : pairs_) {
    if (pair.valid) old_paths_.push_back(pair.path);
  }
  pairs_.clear();
  connected_pair_.reset();
  generation_ = Generation{local_, std::move(remote)};
  for (const auto& candidate : candidates.first(std::min(candidates.size(), kMaxPairs))) {
    pairs_.push_back({.path = {0, candidate}, .next_send = now});
  }
  state_ = pairs_.empty() ? State::failed : State::checking;
  next_paced_ = now;
  last_consent_ = now;
}

void IceClient::restart(IceCredentials local) { local_ = std::move(local); }

void IceClient::send_check(Pair& pair, bool fresh, SteadyTime now, DatagramSink& out) {
  if (fresh) {
    random_.fill(pair.transaction);
    pair.transmissions = 0;
  }
  StunBuilder check(StunClass::request, pair.transaction);
  check.username(generation_->remote.ufrag + ":" + generation_->local.ufrag);
  check.priority(ice_priority(kPeerReflexivePreference, 65'535));
  check.ice_controlling(tie_breaker_);
  if (pair.nominating) check.use_candidate();
  out.send(pair.path, check.finish(generation_->remote.pwd));
  pair.next_send = now + (pair.transmissions == 0 ? kFirstRetransmission : kLongestRetransmission);
  ++pair.transmissions;
}

void IceClient::advance(Pair& pair, SteadyTime now, DatagramSink& out) {
  if (is_selected(pair)) {  // consent: a new transaction each time, none is sent again (RFC 7675 section 5.1)
    send_check(pair, true, now, out);
    pair.next_send = now + kConsentInterval;
    return;
  }
  if (pair.transmissions >= kMostTransmissions) {
    pair.failed = true;
    return;
  }
  if (pair.transmissions == 0) {
    if (now < next_paced_) return;
    next_paced_ = now + kPacing;
  }
  send_check(pair, pair.transmissions == 0, now, out);
}

IceEvent IceClient::handle_timeout(SteadyTime now, DatagramSink& out) {
  if (state_ == State::waiting || state_ == State::failed) return IceEvent::ignored;
  for (auto& pair : pairs_) {
    if (!pair.failed && (!pair.valid || pair.nominating) && pair.next_send <= now) advance(pair, now, out);
  }
  if (!connected_pair_) nominate_another(now, out);
  const bool nothing_left = std::ranges::all_of(pairs_, [](const Pair& pair) { return pair.failed; });
  if (nothing_left || now - last_consent_ >= kConsentLifetime) state_ = State::failed;
  return IceEvent::ignored;
}

std::optional<SteadyTime> IceClient::next_deadline() const {
  if (state_ == State::waiting || state_ == State::failed) return std::nullopt;
  SteadyTime deadline = last_consent_ + kConsentLifetime;
  for (const auto& pair : pairs_) {
    if (pair.failed || (pair.valid && !pair.nominating)) continue;
    deadline = std::min(deadline, pair.transmissions == 0 ? std::max(pair.next_send, next_paced_) : pair.next_send);
  }
  return deadline;
}

IceEvent IceClient::receive(const StunMessage& message, ByteView datagram, const NetworkPath& path, SteadyTime now,
                            DatagramSink& out) {
  if (!generation_) return IceEvent::ignored;
  switch (message.message_class) {
    case StunClass::request: return answer_check(message, datagram, path, out);
    case StunClass::success:
    case StunClass::error: return on_response(message, datagram, path, now, out);
    case StunClass::indication: return IceEvent::ignored;
  }
  return IceEvent::ignored;
}

IceEvent IceClient::on_response(const StunMessage& message, ByteView datagram, const NetworkPath& path, SteadyTime now,
                                DatagramSink& out) {
  const auto pair = std::ranges::find_if(
      pairs_, [&](const Pair& p) { return p.transmissions > 0 && p.transaction == message.transaction; });
  // An answer from elsewhere than the check went to fails the pair (RFC 8445 section 7.2.5.2.1): it is left to time
  // out.
  if (pair == pairs_.end() || pair->path != path) return IceEvent::ignored;
  if (!message.verify_integrity(datagram, generation_->remote.pwd)) return IceEvent::ignored;
  if (message.message_class == StunClass::success) return on_success(*pair, now, out);
  if (!is_selected(*pair)) pair->failed = true;
  return IceEvent::ignored;
}

/// Nominates the first valid pair unless a nomination is under way.
void IceClient::nominate_another(SteadyTime now, DatagramSink& out) {
  if (std::ranges::any_of(pairs_, [](const Pair& p) { return p.nominating && !p.failed; })) return;
  const auto pair = std::ranges::find_if(pairs_, [](const Pair& p) { return p.valid && !p.failed; });
  if (pair == pairs_.end()) return;
  pair->nominating = true;
  send_check(*pair, true, now, out);
}

IceEvent IceClient::on_success(Pair& pair, SteadyTime now, DatagramSink& out) {
  pair.valid = true;
  last_consent_ = now;
  if (is_selected(pair)) return IceEvent::checked;
  if (pair.nominating) {
    connected_pair_ = pair.path;
    const bool restarted = !old_paths_.empty();
    const bool moved = selected_ != pair.path;
    selected_ = pair.path;
    old_paths_.clear();
    state_ = State::connected;
    pair.next_send = now + kConsentInterval;
    if (restarted) return IceEvent::restarted;
    return moved ? IceEvent::selected : IceEvent::checked;
  }
  nominate_another(now, out);
  return IceEvent::checked;
}

IceEvent IceClient::answer_check(const StunMessage& message, ByteView datagram, const NetworkPath& path,
                                 DatagramSink& out) const {
  if (IceLite::local_ufrag(message) != generation_->local.ufrag) return IceEvent::ignored;
  if (!message.verify_integrity(datagram, generation_->local.pwd)) return IceEvent::ignored;
  StunBuilder answer(StunClass::success, message.transaction);
  answer.xor_mapped_address(path.remote);
  out.send(path, answer.finish(generation_->local.pwd));
  return IceEvent::checked;
}

std::optional<ValidatedDatagram> IceClient::validated(const NetworkPath& path, ByteView datagram) const {
  const bool valid = std::ranges::any_of(pairs_, [&](const Pair& p) { return p.valid && p.path == path; }) ||
                     std::ranges::find(old_paths_, path) != old_paths_.end();
  if (!valid) return std::nullopt;
  return ValidatedDatagram(datagram);
}

}  // namespace tw::media
