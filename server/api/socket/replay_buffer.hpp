#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace tw::api {

/// The newest messages of one recipient, numbered from 1, so that a page that lost its socket can ask for what it
/// missed.
class ReplayBuffer {
 public:
  ReplayBuffer(std::size_t most_messages, std::size_t most_bytes)
      : most_messages_(most_messages), most_bytes_(most_bytes) {}

  /// The number that the next message will carry.
  [[nodiscard]] std::uint64_t next() const { return last_ + 1; }
  [[nodiscard]] std::uint64_t last() const { return last_; }
  /// Keeps a message that carries next().
  void keep(std::string message);
  /// What came after `seen`, oldest first; nullopt when some of it is no longer kept, or `seen` was never given out.
  [[nodiscard]] std::optional<std::vector<std::string>> after(std::uint64_t seen) const;

 private:
  const std::size_t most_messages_;
  const std::size_t most_bytes_;
  std::deque<std::string> messages_;  ///< the last of them has the number last_
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
};

}  // namespace tw::api
