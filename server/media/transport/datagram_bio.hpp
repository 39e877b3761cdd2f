#pragma once

#include <memory>

#include "base/encoding.hpp"
#include "media/transport/network_path.hpp"

struct bio_st;

namespace tw::media {

/// What the BIO below a DTLS session reads from and writes to while one of its calls runs.
struct DatagramExchange {
  ByteView incoming;                  ///< the datagram to read; empty when there is none (any more)
  const NetworkPath* path = nullptr;  ///< where what is written goes
  DatagramSink* out = nullptr;        ///< nullptr: writes are dropped, as a network may
};

struct BioFree {
  void operator()(bio_st* bio) const;
};

/// A BIO that keeps the bounds of datagrams, which OpenSSL's memory BIO does not: a read gives one whole datagram, a
/// write sends one. `exchange` must outlive it.
[[nodiscard]] std::unique_ptr<bio_st, BioFree> make_datagram_bio(DatagramExchange& exchange);

}  // namespace tw::media
