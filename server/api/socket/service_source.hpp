#pragma once

#include "api/services.hpp"
#include "api/socket/socket_source.hpp"

namespace tw::api {

/// The hub's source over the real use cases.
class ServiceSource final : public SocketSource {
 public:
  explicit ServiceSource(const Services& services) : services_(services) {}

  Result<service::Caller> authenticate(std::string_view token) override;
  Result<CustomerNews> customer_state(const service::Caller& caller) override;
  Result<DeskNews> desk_state(const service::Caller& caller) override;
  Result<boost::json::object> interview_state(const service::Caller& caller, const InterviewId& interview) override;
  Result<GuestNews> guest_state(const service::Caller& caller) override;
  Result<SupervisorNews> supervisor_state(const service::Caller& caller, const SupervisorId& session) override;
  Result<boost::json::array> live_calls(const service::Caller& caller) override;
  void customer_page(const service::Caller& caller, bool visible, const std::string& camera) override;
  void customer_device(const service::Caller& caller, const std::string& device, const std::string& state) override;
  void customer_music(const service::Caller& caller, const std::string& media) override;
  void opened(const service::Caller& caller) override;
  void closed(const service::Caller& caller) override;
  void quality(const service::Caller& caller, const service::QualityView& quality) override;

 private:
  Services services_;
};

}  // namespace tw::api
