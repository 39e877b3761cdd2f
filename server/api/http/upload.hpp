#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "api/http/message.hpp"

/// Bodies that are files: taken while they come, never held whole.
namespace tw::api {

/// A film of ten minutes as cameras write it; service::MediaLibrary counts once more while it writes.
inline constexpr std::uint64_t kMaxUploadBytes = std::uint64_t{512} * 1024 * 1024;
/// An upload is taken in pieces of this size.
inline constexpr std::size_t kUploadPieceBytes = std::size_t{256} * 1024;
/// For each piece: a sender that sends less is gone. Five minutes for a whole film need 14 Mbit/s; it may take longer.
inline constexpr std::chrono::seconds kUploadPieceTimeout{30};

/// A body too large to be held: it is taken piece by piece, on worker threads, one at a time. What was not finished is
/// dropped with the object.
class BodySink {
 public:
  virtual ~BodySink() = default;
  [[nodiscard]] virtual Result<void> write(ByteView bytes) = 0;
  /// The whole body has come: the answer.
  [[nodiscard]] virtual Result<Response> finish() = 0;
};

/// Begins to take such a body. Runs on a worker thread and may block.
using UploadHandler = std::function<Result<std::unique_ptr<BodySink>>(const Request&)>;

}  // namespace tw::api
