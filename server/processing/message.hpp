#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "recording/processor.hpp"

/// What server and processor say to each other: a length (u32), a kind (u8), a JSON text and blobs, each preceded by
/// its length (u32); numbers in network byte order.
namespace tw::processing {

enum class MessageKind : std::uint8_t {
  ready = 1,  ///< processor: warm, waiting for a job
  photograph,
  compose,
  progress,
  photographed,
  composed,
  failed,
  prepare_media,
  media_prepared,
};

struct Message {
  MessageKind kind = MessageKind::ready;
  std::string json = "{}";
  std::vector<Bytes> blobs;
};

/// Two JPEGs of the largest picture, or a keyframe, with room to spare.
constexpr std::size_t kMaxMessageBytes = std::size_t{64} * 1024 * 1024;

[[nodiscard]] Message to_message(const recording::PhotoJob& job);
[[nodiscard]] Message to_message(const recording::ComposeJob& job);
[[nodiscard]] Message to_message(recording::PhotoResult result);
[[nodiscard]] Message to_message(const recording::ComposeResult& result);
[[nodiscard]] Message to_message(const recording::PrepareMediaJob& job);
[[nodiscard]] Message to_message(const recording::PrepareMediaResult& result);
[[nodiscard]] Message to_message(const Error& error);
[[nodiscard]] Message progress_message(int percent);

/// All `processor.protocol` when the message is another or lacks something.
[[nodiscard]] Result<recording::PhotoJob> photo_job_in(Message& message);
[[nodiscard]] Result<recording::ComposeJob> compose_job_in(Message& message);
[[nodiscard]] Result<recording::PhotoResult> photo_result_in(Message& message);
[[nodiscard]] Result<recording::ComposeResult> compose_result_in(const Message& message);
[[nodiscard]] Result<recording::PrepareMediaJob> prepare_media_job_in(Message& message);
[[nodiscard]] Result<recording::PrepareMediaResult> prepare_media_result_in(const Message& message);
[[nodiscard]] Error error_in(const Message& message);
[[nodiscard]] int progress_in(const Message& message);

/// Owns one end of the socket between them. Buffers that held keys are wiped.
class MessageSocket {
 public:
  explicit MessageSocket(int fd) : fd_(fd) {}
  ~MessageSocket();
  MessageSocket(const MessageSocket&) = delete;
  MessageSocket& operator=(const MessageSocket&) = delete;

  /// `processor.disconnected` when the other end is gone, `processor.timeout` after `until`.
  [[nodiscard]] Result<void> send(const Message& message, SteadyTime until = SteadyTime::max());
  [[nodiscard]] Result<Message> receive(SteadyTime until = SteadyTime::max());
  /// Has the other end gone? Never waits.
  [[nodiscard]] bool hung_up() const;
  /// Returns when it has; from a thread of its own beside one that sends and receives.
  void wait_for_hang_up() const;
  /// Makes whoever waits on it return; from any thread while the object lives.
  void shut();

 private:
  [[nodiscard]] Result<void> wait_for(short events, SteadyTime until) const;
  [[nodiscard]] Result<void> read_all(std::span<std::uint8_t> out, SteadyTime until);

  int fd_;
};

}  // namespace tw::processing
