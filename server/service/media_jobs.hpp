#pragma once

#include <chrono>
#include <cstdint>

#include "base/result.hpp"
#include "store/media_items.hpp"

namespace tw::service {

class Core;

/// Fetches and prepares what is to be played: downloads go to disk sealed, everything is decoded in the processor.
class MediaJobs {
 public:
  /// Of a whole download; a film of kMaxFileBytes needs 7 Mbit/s for it.
  static constexpr std::chrono::seconds kDownloadWithin{600};
  static constexpr int kProgressStep = 2;  ///< percent between two writes of progress

  explicit MediaJobs(Core& core) : core_(core) {}

  /// What was being worked on when the process died waits again; every tenant gets the music that comes with the
  /// server. Call once, before run_one.
  void start();
  /// Fetches and prepares the item that waits longest. False when none waits. Blocking, minutes at the worst.
  bool run_one();

 private:
  Core& core_;
};

/// Prepares an item whose source is there, and stores what came of it. Blocking.
[[nodiscard]] Result<store::MediaItemRow> prepare_item(Core& core, store::MediaItemRow item);

}  // namespace tw::service
