#include "api/socket/replay_buffer.hpp"

namespace tw::api {

void ReplayBuffer::keep(std::string message) {
  ++last_;
  bytes_ += message.size();
  messages_.push_back(std::move(message));
  while (!messages_.empty() && (messages_.size() > most_messages_ || bytes_ > most_bytes_)) {
    bytes_ -= messages_.front().size();
    messages_.pop_front();
  }
}

std::optional<std::vector<std::string>> ReplayBuffer::after(std::uint64_t seen) const {
  if (seen > last_ || last_ - seen > messages_.size()) return std::nullopt;
  return std::vector<std::string>(messages_.end() - static_cast<std::ptrdiff_t>(last_ - seen), messages_.end());
}

}  // namespace tw::api
