#include "media/transport/ice_lite.hpp"

#include <algorithm>
#include <utility>

namespace tw::media {
namespace {

constexpr std::uint16_t kUnknownAttribute = 420;
constexpr std::uint16_t kRoleConflict = 487;

void send_success(const StunMessage& check, std::string_view password, const NetworkPath& path, DatagramSink& out) {
  StunBuilder answer(StunClass::success, check.transaction);
  answer.xor_mapped_address(path.remote);
  out.send(path, answer.finish(password));
}

void send_error(const StunMessage& check, std::uint16_t code, std::string_view reason, std::string_view password,
                const NetworkPath& path, DatagramSink& out) {
  StunBuilder answer(StunClass::error, check.transaction);
  answer.error_code(code, reason);
  if (code == kUnknownAttribute) answer.unknown_attribute(check.unknown_required);
  out.send(path, answer.finish(password));
}

/// Has it what every check carries (RFC 8445 section 7.1)? Then no answer is longer than its check.
bool is_whole_check(const StunMessage& message) {
  return message.message_class == StunClass::request && message.has_fingerprint && message.priority &&
         (message.ice_controlling || message.ice_controlled);
}

}  // namespace

IceLite::IceLite(IceCredentials local, IceCredentials remote) : current_{std::move(local), std::move(remote)} {}

std::string_view IceLite::local_ufrag(const StunMessage& message) {
  const std::size_t colon = message.username.find(':');
  return colon == std::string_view::npos ? std::string_view{} : message.username.substr(0, colon);
}

/// The credentials that a check proves (RFC 8445 section 7.3); nullptr when it proves none.
const IceLite::Generation* IceLite::generation_of(const StunMessage& message, ByteView datagram) const {
  const std::string_view local = local_ufrag(message);
  if (local.empty()) return nullptr;
  const std::string_view remote = message.username.substr(local.size() + 1);
  const auto fits = [&](const Generation& g) { return local == g.local.ufrag && remote == g.remote.ufrag; };
  const Generation* generation = fits(current_) ? &current_ : next_ && fits(*next_) ? &*next_ : nullptr;
  if (generation == nullptr || !message.verify_integrity(datagram, generation->local.pwd)) return nullptr;
  return generation;
}

IceEvent IceLite::receive(const StunMessage& message, ByteView datagram, const NetworkPath& path, SteadyTime now,
                          DatagramSink& out) {
  // An agent that sends no checks gets no answers; what is not authenticated gets silence, so that forged source
  // addresses make us send nothing.
  if (!is_whole_check(message)) return IceEvent::ignored;
  const Generation* generation = generation_of(message, datagram);
  if (generation == nullptr) return IceEvent::ignored;
  if (message.unknown_required != 0) {
    send_error(message, kUnknownAttribute, "Unknown", generation->local.pwd, path, out);
    return IceEvent::ignored;
  }
  if (message.ice_controlled) {  // a lite agent never controls a full one (RFC 8445 section 6.1.1)
    send_error(message, kRoleConflict, "Role Conflict", generation->local.pwd, path, out);
    return IceEvent::ignored;
  }
  send_success(message, generation->local.pwd, path, out);

  const bool of_next = generation != &current_;
  last_check_ = now;
  const bool silent = selected_is_silent(now);
  remember(path, now, of_next);
  if (message.use_candidate && of_next) return finish_restart(path);
  if (message.use_candidate) {
    nominated_ = true;
    return select(path);
  }
  if (!selected_ || silent || (!nominated_ && !of_next)) return select(path);
  return IceEvent::checked;
}

IceEvent IceLite::heard(const NetworkPath& path, SteadyTime now) {
  // The usual case by one search: a packet over the path in use, which is heard of all the time.
  if (selected_ == path) {
    if (ValidPath* valid = find(path)) {
      valid->heard = now;
      return IceEvent::checked;
    }
  }
  const bool silent = selected_is_silent(now);
  if (!is_valid(path)) return IceEvent::ignored;
  remember(path, now, false);
  return silent ? select(path) : IceEvent::checked;
}

bool IceLite::selected_is_silent(SteadyTime now) const {
  if (!selected_) return true;
  const ValidPath* path = find(*selected_);
  return path == nullptr || now - path->heard > kSelectedSilence;
}

IceEvent IceLite::select(const NetworkPath& path) {
  if (selected_ == path) return IceEvent::checked;
  selected_ = path;
  return IceEvent::selected;
}

IceEvent IceLite::finish_restart(const NetworkPath& path) {
  current_ = std::move(*next_);
  next_.reset();
  const auto old = std::remove_if(paths_.begin(), paths_.begin() + static_cast<std::ptrdiff_t>(path_count_),
                                  [](const ValidPath& valid) { return !valid.of_next; });
  path_count_ = static_cast<std::size_t>(old - paths_.begin());
  for (auto& valid : paths_) valid.of_next = false;
  selected_ = path;
  nominated_ = true;
  return IceEvent::restarted;
}

void IceLite::restart(IceCredentials local, IceCredentials remote) {
  next_ = Generation{std::move(local), std::move(remote)};
  for (auto& valid : paths_) valid.of_next = false;  // a restart that was not finished is over
}

IceLite::ValidPath& IceLite::remember(const NetworkPath& path, SteadyTime now, bool of_next) {
  const auto end = paths_.begin() + static_cast<std::ptrdiff_t>(path_count_);
  auto found = std::find_if(paths_.begin(), end, [&](const ValidPath& valid) { return valid.path == path; });
  if (found == end) {
    if (path_count_ < kMaxPaths) {
      ++path_count_;
    } else {  // the one that was silent for longest gives way, but never the one in use
      found = std::min_element(paths_.begin(), end, [&](const ValidPath& a, const ValidPath& b) {
        return std::pair(selected_ == a.path, a.heard) < std::pair(selected_ == b.path, b.heard);
      });
    }
    *found = ValidPath{path, now, false};
  }
  found->heard = now;
  found->of_next = found->of_next || of_next;
  return *found;
}

const IceLite::ValidPath* IceLite::find(const NetworkPath& path) const {
  const auto end = paths_.begin() + static_cast<std::ptrdiff_t>(path_count_);
  const auto found = std::find_if(paths_.begin(), end, [&](const ValidPath& valid) { return valid.path == path; });
  return found == end ? nullptr : &*found;
}

IceLite::ValidPath* IceLite::find(const NetworkPath& path) {
  return const_cast<ValidPath*>(std::as_const(*this).find(path));
}

void IceLite::forget(const NetworkPath& path) {
  const auto end = paths_.begin() + static_cast<std::ptrdiff_t>(path_count_);
  const auto kept = std::remove_if(paths_.begin(), end, [&](const ValidPath& valid) { return valid.path == path; });
  if (kept == end) return;
  path_count_ = static_cast<std::size_t>(kept - paths_.begin());
  if (selected_ != path) return;
  const auto newest =
      std::max_element(paths_.begin(), kept, [](const ValidPath& a, const ValidPath& b) { return a.heard < b.heard; });
  selected_ = newest == kept ? std::nullopt : std::optional(newest->path);
  nominated_ = false;  // the next path that is checked or nominated serves
}

bool IceLite::is_valid(const NetworkPath& path) const { return find(path) != nullptr; }

std::optional<ValidatedDatagram> IceLite::validated(const NetworkPath& path, ByteView datagram) const {
  if (!is_valid(path)) return std::nullopt;
  return ValidatedDatagram(datagram);
}

bool IceLite::has_consent(SteadyTime now) const { return last_check_ && now - *last_check_ < kConsentLifetime; }

}  // namespace tw::media
