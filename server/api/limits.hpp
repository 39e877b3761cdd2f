#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit of the outside, with its reason. Each is tested at the limit and one above where a request can reach it.
namespace tw::api {

/// Order sections are the largest body: 20 sections of 60 fields stay below it in practice.
inline constexpr std::uint64_t kMaxBodyBytes = std::size_t{256} * 1024;
/// Request line and headers together; a bearer token is below 1 KiB.
inline constexpr std::uint32_t kMaxHeaderBytes = std::uint32_t{16} * 1024;
/// Nested deeper than any body of the contract.
inline constexpr std::size_t kMaxJsonDepth = 16;

/// A company's customers may share one address behind NAT; more than this is somebody trying.
inline constexpr std::size_t kMaxConnectionsPerAddress = 512;
/// About 40 KiB each with TLS: 160 MiB at the worst.
inline constexpr std::size_t kMaxConnections = 4096;

inline constexpr std::chrono::seconds kHandshakeTimeout{10};
/// From the first wait for a request until its header is there: keep-alive and slow senders share it.
inline constexpr std::chrono::seconds kIdleTimeout{60};
/// For a body of kMaxBodyBytes over a weak mobile network.
inline constexpr std::chrono::seconds kBodyTimeout{30};
/// For each piece written: a reader that takes nothing for so long is gone.
inline constexpr std::chrono::seconds kWriteTimeout{30};
/// A closing TLS connection may say goodbye for so long.
inline constexpr std::chrono::seconds kGoodbyeTimeout{2};
/// Read and thrown away after a body was refused, so that the sender sees the answer and not a reset.
inline constexpr std::size_t kMaxDiscardedBytes = std::size_t{2} * 1024 * 1024;
/// Files go out in pieces of this size; sealed files are read in chunks of the same.
inline constexpr std::size_t kFilePieceBytes = std::size_t{64} * 1024;

/// Requests waiting for a worker thread; beyond it the answer is 503 server.busy at once, which is kinder than a
/// time-out.
inline constexpr std::size_t kMaxWaitingRequests = 1024;

/// A page's messages are a few hundred bytes.
inline constexpr std::size_t kMaxSocketMessageBytes = std::size_t{16} * 1024;
/// Messages waiting for a slow page; states replace one another, so that a page this far behind had better come back.
inline constexpr std::size_t kMaxSocketQueueMessages = 64;
inline constexpr std::size_t kMaxSocketQueueBytes = std::size_t{2} * 1024 * 1024;
/// `quality` comes every 2 s and `ping` every few; this many a second is a loop gone wild.
inline constexpr std::size_t kMaxSocketMessagesPerSecond = 50;
inline constexpr std::chrono::seconds kHelloTimeout{5};
/// Silence (no frame, no pong) until a socket counts as dead. The issue allows 8 s; pings go out at half of it.
inline constexpr std::chrono::seconds kSocketSilence{7};
/// Messages of one recipient kept for `resumeFrom`, by number and by size.
inline constexpr std::size_t kReplayMessages = 256;
inline constexpr std::size_t kReplayBytes = std::size_t{512} * 1024;
/// How long a recipient's replay is kept after the last socket closed, and of how many such.
inline constexpr std::chrono::minutes kReplayKept{5};
inline constexpr std::size_t kMaxRecipients = 20'000;

/// Answers under an Idempotency-Key are repeated for so long.
inline constexpr std::chrono::hours kIdempotencyKept{24};
inline constexpr std::size_t kMaxIdempotencyKeyBytes = 128;

}  // namespace tw::api
