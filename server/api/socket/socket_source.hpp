#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "service/caller.hpp"
#include "service/views.hpp"

namespace tw::api {

/// What the hub shows a customer's page.
struct CustomerNews {
  boost::json::object state;
  bool waiting = false;  ///< in a queue or rung: changes of queues concern them
  bool ended = false;
};
/// What the hub shows a guest's page.
struct GuestNews {
  boost::json::object state;
  bool ended = false;  ///< the interview is over, or the guest is out
};
/// What it shows an agent's page.
struct DeskNews {
  boost::json::object state;
  std::vector<QueueId> queues;
  std::optional<InterviewId> interview;     ///< being talked in or wrapped up
  std::optional<SupervisorId> supervision;  ///< the session in which they supervise
};

/// Where the hub reads states and whom it tells who is here. Blocking; called on pool threads, for one recipient one
/// call at a time.
class SocketSource {
 public:
  virtual ~SocketSource() = default;
  [[nodiscard]] virtual Result<service::Caller> authenticate(std::string_view token) = 0;
  [[nodiscard]] virtual Result<CustomerNews> customer_state(const service::Caller& caller) = 0;
  [[nodiscard]] virtual Result<DeskNews> desk_state(const service::Caller& caller) = 0;
  [[nodiscard]] virtual Result<boost::json::object> interview_state(const service::Caller& caller,
                                                                    const InterviewId& interview) = 0;
  [[nodiscard]] virtual Result<GuestNews> guest_state(const service::Caller& caller) = 0;
  struct SupervisorNews {
    boost::json::object state;
    InterviewId interview;
  };
  [[nodiscard]] virtual Result<SupervisorNews> supervisor_state(const service::Caller& caller,
                                                                const SupervisorId& session) = 0;
  [[nodiscard]] virtual Result<boost::json::array> live_calls(const service::Caller& caller) = 0;
  virtual void customer_page(const service::Caller& caller, bool visible, const std::string& camera) = 0;
  virtual void customer_device(const service::Caller& caller, const std::string& device, const std::string& state) = 0;
  /// The waiting customer's page plays this medium; empty: nothing now.
  virtual void customer_music(const service::Caller& caller, const std::string& media) = 0;
  virtual void opened(const service::Caller& caller) = 0;
  virtual void closed(const service::Caller& caller) = 0;
  virtual void quality(const service::Caller& caller, const service::QualityView& quality) = 0;
};

}  // namespace tw::api
