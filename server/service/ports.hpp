#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/people.hpp"
#include "service/network_quality.hpp"

/// What use cases need from the rooms above or beside them. `app` wires the implementations; tests use fakes.
namespace tw::service {

/// Tells connected pages that something they show has changed. Implementations only note it and return; the pages'
/// state is then read from the services. Thread-safe. Called after the transaction has been committed.
class Notifier {
 public:
  virtual ~Notifier() = default;
  /// Customer and agent of this interview.
  virtual void interview_changed(const TenantId& tenant, const InterviewId& interview) = 0;
  /// Everyone whose desk shows this queue, and the customers who wait in it.
  virtual void queue_changed(const TenantId& tenant, const QueueId& queue) = 0;
  virtual void desk_changed(const TenantId& tenant, const AgentId& agent) = 0;
  /// Another device or tab has taken over: close the sockets of this holder except those of `session`.
  virtual void customer_taken_over(const TenantId& tenant, const InterviewId& interview,
                                   const std::string& session) = 0;
  /// The same for a third party: only sockets of this guest are meant.
  virtual void guest_taken_over(const TenantId& tenant, const InterviewId& interview, const GuestId& guest,
                                const std::string& session) = 0;
  virtual void user_signed_out(const TenantId& tenant, const AgentId& agent) = 0;
  /// How the networks of an interview's people fare; about every two seconds while media flow. Everybody is in the
  /// list: a page may be told only of those whom it sees.
  virtual void networks_changed(const InterviewId& interview, const std::vector<PersonNetwork>& people) = 0;
};

/// Calls `Desk::tick` and the like no later than asked. Asking again with an earlier time moves it forward.
class WakeUps {
 public:
  virtual ~WakeUps() = default;
  virtual void wake_at(WallTime when) = 0;
};

struct OutgoingRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct OutgoingResponse {
  unsigned status = 0;
  std::string content_type;
  std::string body;  ///< at most 256 KiB; more is an error
};

/// A body that is larger than an answer: media. It is handed on in pieces and never held whole.
struct OutgoingDownload {
  std::string url;
  std::uint64_t most_bytes = 0;
  std::chrono::seconds within{0};              ///< of everything
  std::function<Result<void>(ByteView)> take;  ///< an error ends the download and is its result
};
struct OutgoingDownloadAnswer {
  unsigned status = 0;  ///< nothing is handed on unless it is 200
  std::string content_type;
  std::string etag;
};

/// The one way out of the server (order endpoint, webhooks): https, no private addresses unless configured, no
/// redirects, 5 s, 256 KiB. Blocking: call it from a blocking thread, never inside a transaction.
/// Errors: outgoing.not_https, outgoing.private_address, outgoing.timeout, outgoing.refused, outgoing.tls,
/// outgoing.too_large, outgoing.malformed.
class OutgoingHttp {
 public:
  virtual ~OutgoingHttp() = default;
  [[nodiscard]] virtual Result<OutgoingResponse> send(const OutgoingRequest& request) = 0;
  /// The same rules, with the limits of the request instead of 5 s and 256 KiB.
  [[nodiscard]] virtual Result<OutgoingDownloadAnswer> download(const OutgoingDownload& /*request*/) {
    return fail(ErrorKind::unsupported, "outgoing.refused", "This client downloads nothing.");
  }
  /// Checks an address when it is stored: scheme, host, and that it is not plainly private.
  [[nodiscard]] virtual Result<void> check_url(const std::string& url) = 0;
};

}  // namespace tw::service
