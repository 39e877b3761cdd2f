#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "service/accounts/accounts_test_support.hpp"
#include "service/calls.hpp"
#include "service/compose_jobs.hpp"
#include "service/conclude.hpp"
#include "service/core.hpp"
#include "service/customer_entry.hpp"
#include "service/customer_steps.hpp"
#include "service/desk.hpp"
#include "service/interviews.hpp"
#include "service/photos.hpp"
#include "service/recordings.hpp"
#include "service/recovery.hpp"
#include "service/timekeeper.hpp"

namespace tw::service {

/// Rooms that only remember. Thread-safe.
class FakeRooms final : public Rooms {
 public:
  explicit FakeRooms(const Clock& clock) : clock_(clock) {}
  Result<void> open(const InterviewId& interview) override;
  Result<WallTime> start_recording(RecordingPart part) override;
  WallTime stop_recording(const InterviewId& interview) override;
  void stop_part(const InterviewId& interview, std::uint32_t part) override;
  void note(const InterviewId& interview, const std::string& kind, const std::string& data_json) override;
  Result<CapturedFrame> capture(const InterviewId& interview, const std::string& side,
                                std::chrono::milliseconds patience) override;
  void disconnect(const InterviewId& interview, const std::string& side) override;
  Result<media::PlayerEvent> play(const InterviewId& interview, std::shared_ptr<const media::PlayerMedia> media,
                                  const media::PlayOptions& options) override;
  Result<media::PlayerEvent> control_player(const InterviewId& interview, const media::PlayerCommand& command) override;
  void disconnect_session(const InterviewId& interview, const std::string& side, const std::string& session) override;
  Result<void> hold(const InterviewId& interview, const std::string& side) override;
  Result<void> resume(const InterviewId& interview, const std::string& side) override;
  void close(const InterviewId& interview) override;
  [[nodiscard]] bool can_record() const override { return can_record_now; }
  [[nodiscard]] std::optional<WallTime> last_recorded(const std::filesystem::path& folder, std::uint32_t part,
                                                      const SecretKey& key) override;

  [[nodiscard]] bool is_open(const InterviewId& interview) const;
  [[nodiscard]] bool is_recording(const InterviewId& interview) const;
  [[nodiscard]] int starts() const { return starts_; }
  /// Whose sessions were ended, in order: "side" or "side session".
  [[nodiscard]] std::vector<std::string> disconnected() const;
  /// The process died: nothing runs any more, files stay.
  void die();

  bool can_record_now = true;
  bool may_start = true;
  std::function<void()> before_start = [] {};
  std::optional<WallTime> last_record;
  bool has_picture = true;
  std::vector<std::string> notes;
  std::set<std::string> held;                ///< sides
  std::optional<media::PlayerEvent> player;  ///< what plays

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::set<InterviewId> open_;
  std::map<InterviewId, std::uint32_t> recording_;  ///< and which part
  std::vector<std::string> disconnected_;
  int starts_ = 0;
};

class FakeProcessor final : public recording::Processor {
 public:
  explicit FakeProcessor(Random& random) : random_(random) {}
  Result<recording::PhotoResult> photograph(const recording::PhotoJob& job) override;
  Result<recording::ComposeResult> compose(const recording::ComposeJob& job,
                                           const std::function<void(int)>& progress) override;
  Result<recording::PrepareMediaResult> prepare_media(const recording::PrepareMediaJob& job,
                                                      const std::function<void(int)>& progress) override;
  double av_offset_ms = 3.5;  ///< of the composed file
  std::string fails_with;     ///< a code; empty: it succeeds
  int fails_at_percent = 0;   ///< what a composition has told of its progress by then
  std::vector<std::vector<std::string>> composed;
  std::vector<recording::ComposeJob::Person> people;  ///< of the last composition
  std::vector<media::StreamKey> streams;              ///< of which there are files, beside the composed one
  recording::Watermark watermark;

 private:
  Random& random_;
};

class QuietNotifier final : public Notifier {
 public:
  void interview_changed(const TenantId&, const InterviewId&) override { note("interview"); }
  void queue_changed(const TenantId&, const QueueId&) override { note("queue"); }
  void desk_changed(const TenantId&, const AgentId&) override { note("desk"); }
  void customer_taken_over(const TenantId&, const InterviewId&, const std::string&) override { note("taken over"); }
  void guest_taken_over(const TenantId&, const InterviewId&, const GuestId&, const std::string&) override {
    note("guest taken over");
  }
  void user_signed_out(const TenantId&, const AgentId&) override { note("signed out"); }
  void networks_changed(const InterviewId&, const std::vector<PersonNetwork>& people) override {
    note("networks");
    const std::lock_guard lock(mutex_);
    networks_ = people;
  }
  /// As told last.
  [[nodiscard]] std::vector<PersonNetwork> networks() {
    const std::lock_guard lock(mutex_);
    return networks_;
  }
  [[nodiscard]] int count(const std::string& what);

 private:
  void note(const std::string& what);
  std::mutex mutex_;
  std::map<std::string, int> told_;
  std::vector<PersonNetwork> networks_;
};

class QuietWakeUps final : public WakeUps {
 public:
  void wake_at(WallTime when) override;
  [[nodiscard]] std::optional<WallTime> earliest();

 private:
  std::mutex mutex_;
  std::optional<WallTime> earliest_;
};

/// A company with a queue, two agents and an integrator's key, on a clock that the test moves.
class InterviewsTest : public AccountsTest {
 protected:
  InterviewsTest();

  AgentId add_agent(const std::string& name);
  [[nodiscard]] Caller agent(const AgentId& id) const { return {tenant_, CallerKind::agent, id.str(), "sig_x", {}}; }
  /// Page open and online.
  void online(const AgentId& id);
  [[nodiscard]] NewInterview wanted() const;
  /// A customer by the link, with a page open, consent and place given.
  Caller enter(const NewInterview& wanted);
  Caller enter() { return enter(wanted()); }
  /// … in the queue.
  Caller queue();
  /// … talking with this agent.
  Caller talk(const AgentId& id);
  void consent(const Caller& customer);
  void advance(std::chrono::microseconds by);

  [[nodiscard]] InterviewView read(const InterviewId& id);
  [[nodiscard]] std::string status(const Caller& customer);
  [[nodiscard]] std::vector<std::string> kinds(const InterviewId& id);
  [[nodiscard]] std::vector<std::string> outbox_types(const InterviewId& id);
  [[nodiscard]] static std::string token_of(const LinkView& link);
  /// The process dies and starts again: nothing in memory is left.
  void restart();

  OsRandom os_random_;
  FakeRooms rooms_{clock_};
  FakeProcessor processor_{os_random_};
  FakeOutgoing outgoing_;
  QuietNotifier quiet_;
  QuietWakeUps wakes_;
  std::vector<std::function<void()>> jobs_;  ///< that the test runs
  std::size_t most_jobs_ = 100;
  std::unique_ptr<Core> core_;
  QueueId queue_;
  AgentId ann_;
  AgentId bob_;

 private:
  [[nodiscard]] std::unique_ptr<Core> make_core();
};

}  // namespace tw::service
