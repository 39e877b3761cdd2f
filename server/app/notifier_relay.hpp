#pragma once

#include <atomic>

#include "service/ports.hpp"

namespace tw::app {

/// Use cases need a notifier before the hub, which needs the use cases, can be made: this stands between. What comes
/// before the hub is there concerns nobody, because nobody is connected yet.
class NotifierRelay final : public service::Notifier {
 public:
  void set(service::Notifier* target) { target_ = target; }

  void interview_changed(const TenantId& tenant, const InterviewId& interview) override {
    if (auto* target = target_.load()) target->interview_changed(tenant, interview);
  }
  void queue_changed(const TenantId& tenant, const QueueId& queue) override {
    if (auto* target = target_.load()) target->queue_changed(tenant, queue);
  }
  void desk_changed(const TenantId& tenant, const AgentId& agent) override {
    if (auto* target = target_.load()) target->desk_changed(tenant, agent);
  }
  void customer_taken_over(const TenantId& tenant, const InterviewId& interview, const std::string& session) override {
    if (auto* target = target_.load()) target->customer_taken_over(tenant, interview, session);
  }
  void guest_taken_over(const TenantId& tenant, const InterviewId& interview, const GuestId& guest,
                        const std::string& session) override {
    if (auto* target = target_.load()) target->guest_taken_over(tenant, interview, guest, session);
  }
  void user_signed_out(const TenantId& tenant, const AgentId& agent) override {
    if (auto* target = target_.load()) target->user_signed_out(tenant, agent);
  }
  void networks_changed(const InterviewId& interview, const std::vector<service::PersonNetwork>& people) override {
    if (auto* target = target_.load()) target->networks_changed(interview, people);
  }

 private:
  std::atomic<service::Notifier*> target_{nullptr};
};

}  // namespace tw::app
