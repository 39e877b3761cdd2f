#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/scratch_folder_test_support.hpp"
#include "service/accounts/context.hpp"
#include "service/accounts/operator.hpp"
#include "service/caller.hpp"
#include "store/database.hpp"
#include "store/migrator.hpp"

namespace tw::service {

/// Writes down what it is told.
class RecordingNotifier final : public Notifier {
 public:
  void interview_changed(const TenantId&, const InterviewId& interview) override {
    told.push_back("interview " + interview.str());
  }
  void queue_changed(const TenantId&, const QueueId& queue) override { told.push_back("queue " + queue.str()); }
  void desk_changed(const TenantId&, const AgentId& agent) override { told.push_back("desk " + agent.str()); }
  void guest_taken_over(const TenantId&, const InterviewId&, const GuestId& guest, const std::string&) override {
    told.push_back("taken over " + guest.str());
  }
  void customer_taken_over(const TenantId&, const InterviewId& interview, const std::string&) override {
    told.push_back("taken over " + interview.str());
  }
  void user_signed_out(const TenantId&, const AgentId& agent) override { told.push_back("signed out " + agent.str()); }
  void networks_changed(const InterviewId&, const std::vector<PersonNetwork>&) override {
    told.emplace_back("networks");
  }
  [[nodiscard]] bool was_told(const std::string& what) const;

  std::vector<std::string> told;
};

class RecordingWakeUps final : public WakeUps {
 public:
  void wake_at(WallTime when) override { asked.push_back(when); }
  std::vector<WallTime> asked;
};

/// Answers as the test says, and keeps what was sent. Thread-safe.
class FakeOutgoing final : public OutgoingHttp {
 public:
  using Answer = std::function<Result<OutgoingResponse>(const OutgoingRequest&)>;

  Result<OutgoingResponse> send(const OutgoingRequest& request) override;
  Result<void> check_url(const std::string& url) override;

  Answer answer = [](const OutgoingRequest&) -> Result<OutgoingResponse> { return OutgoingResponse{204, "", ""}; };
  std::vector<OutgoingRequest> sent;

 private:
  std::mutex mutex_;
};

[[nodiscard]] std::string header_of(const OutgoingRequest& request, const std::string& name);

/// A database with one company of the operator's making, and callers of it.
class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest();

  [[nodiscard]] Caller administrator() const {
    return {tenant_, CallerKind::administrator, administrator_.str(), "sig_1", {}};
  }
  [[nodiscard]] Caller agent_caller() const {
    return {tenant_, CallerKind::agent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAV", "sig_2", {}};
  }
  [[nodiscard]] Caller api_key() const {
    return {tenant_, CallerKind::api_key, "key_01ARZ3NDEKTSV4RRFFQ69G5FAV", "", {}};
  }
  [[nodiscard]] Caller customer() const {
    return {tenant_, CallerKind::customer, "cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", "ses_1", {}};
  }
  /// The administrator of another company.
  [[nodiscard]] Caller stranger();

  void execute(const std::string& sql, const store::Params& params = {});
  [[nodiscard]] std::int64_t number(const std::string& sql, const store::Params& params = {});
  /// Actions in the audit log of the company, in order.
  [[nodiscard]] std::vector<std::string> audit_actions();
  /// An interview in this state, with what foreign keys want.
  InterviewId insert_interview(const QueueId& queue, const std::string& status, const std::string& agent = "");

  ScratchFolder folder_;
  std::unique_ptr<store::Database> database_ = store::open_migrated(folder_.path() / "test.db").value();
  ManualClock clock_;
  SeededRandom random_{7};
  RecordingNotifier notifier_;
  RecordingWakeUps wake_ups_;
  SecretKey master_ = SecretKey::make(random_);
  TenantKeys tenant_keys_{*database_, master_};
  AccountsContext context_{*database_, clock_, random_, notifier_, tenant_keys_};
  Operator operator_{context_};
  Operator::CreatedTenant company_;
  TenantId tenant_;
  AgentId administrator_;
};

/// The code of an expected failure, "" for success.
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? std::string() : result.error().code;
}

}  // namespace tw::service
