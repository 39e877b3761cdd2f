#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "media/session/media_session.hpp"
#include "media/transport/network_path.hpp"

namespace tw::media {

class Room;

/// A session and where it is found.
struct HostedSession {
  std::uint64_t number = 0;  ///< never reused
  std::unique_ptr<MediaSession> session;
  Room* room = nullptr;
  SteadyTime queued = SteadyTime::max();  ///< the earliest deadline queued for it
  std::vector<NetworkPath> paths;
  std::vector<std::string> ufrags;
};

/// The sessions of one worker: by id for requests, by ICE user name for checks, by path for everything else.
class SessionDirectory {
 public:
  /// Paths one session may be found by: what IceLite keeps, and as many again that it may have dropped.
  static constexpr std::size_t kMaxPaths = 32;
  /// The credentials in use, those of a restart, and one that a restart was repeated over.
  static constexpr std::size_t kMaxUfrags = 3;

  HostedSession& add(std::unique_ptr<MediaSession> session, Room& room, const std::string& ufrag);
  void remove(HostedSession& hosted);
  void learn_path(HostedSession& hosted, const NetworkPath& path);
  void learn_ufrag(HostedSession& hosted, const std::string& ufrag);

  [[nodiscard]] HostedSession* by_number(std::uint64_t number);
  [[nodiscard]] HostedSession* by_id(std::string_view id);
  [[nodiscard]] HostedSession* by_ufrag(std::string_view ufrag);
  [[nodiscard]] HostedSession* by_path(const NetworkPath& path);
  /// Whose path it was; nullptr where nobody's.
  HostedSession* forget_path(const NetworkPath& path);
  [[nodiscard]] std::size_t size() const { return by_number_.size(); }
  /// `visit` must not add or remove sessions.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (auto& [number, hosted] : by_number_) visit(*hosted);
  }

 private:
  /// Lets a map of strings be asked with a view, so that a check allocates nothing.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Names = std::unordered_map<std::string, HostedSession*, Hash, std::equal_to<>>;
  static HostedSession* find(const Names& names, std::string_view name);

  std::uint64_t next_number_ = 1;
  std::unordered_map<std::uint64_t, std::unique_ptr<HostedSession>> by_number_;
  Names by_id_;
  Names by_ufrag_;
  /// Asked for almost every packet, when its memory has left the processor's caches: flat, so that it is one look.
  boost::unordered_flat_map<NetworkPath, HostedSession*, std::hash<NetworkPath>> by_path_;
  /// The answer given last: packets come in bursts.
  NetworkPath newest_path_;
  HostedSession* newest_ = nullptr;
};

}  // namespace tw::media
