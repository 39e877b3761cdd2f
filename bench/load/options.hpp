#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace tw::bench {

enum class ServerKind { whip, janus };

struct Options {
  ServerKind server = ServerKind::whip;
  std::string target;       ///< base URL
  std::string publish_url;  ///< with {target}, {room}, {participant}
  std::string watch_url;    ///< … and {publisher}
  std::string token;        ///< bearer token for every request
  std::string plan_file;    ///< seats with URLs and tokens of their own
  bool insecure = false;    ///< take any TLS certificate
  std::string address;      ///< where media leaves from; empty: the address that the system would use
  unsigned rooms = 1;
  unsigned people = 2;
  std::string profile = "any";  ///< SRTP profiles that are offered: any, gcm, cm
  double seconds = 5;           ///< of the window that is measured
  double warm_up_seconds = 2;
  double loss = 0;          ///< fraction of media datagrams thrown away in each direction
  bool runs_apart = false;  ///< the kernel takes runs of packets apart, on the sender's time
  bool join_only = false;
  int watched_pid = 0;  ///< the server's process, whose CPU time and memory are read
  std::uint64_t seed = 1;
  std::string output;  ///< a file for the result; empty: standard output
};

/// One who publishes or watches, and where.
struct Seat {
  bool publisher = false;
  std::string room;
  std::string participant;
  std::string watched;       ///< of a viewer: the participant
  std::uint32_t stream = 0;  ///< number of the publisher whose packets these are
  std::string url;
  std::string token;
};

/// Everybody in every room: each publishes one stream and watches everybody else. Publishers come first.
[[nodiscard]] Result<std::vector<Seat>> make_seats(const Options& options);

}  // namespace tw::bench
