#include "processing/processor_processes.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/log.hpp"
#include "processing/child_process.hpp"

namespace tw::processing {
namespace {

using ChildPtr = std::unique_ptr<ChildProcess>;

/// Fonts and codecs are loaded well within this, also on a busy machine.
constexpr std::chrono::seconds kWarmUpLimit{60};

SteadyTime now() { return std::chrono::steady_clock::now(); }

tl::unexpected<Error> stopping() {
  return fail(ErrorKind::unavailable, "processor.unavailable",
              "The server is stopping; the job can be done after its next start.");
}

/// What callers are told when the socket closed in the middle of a job: the process died on it.
Error died() {
  return {ErrorKind::internal, "processor.failed", "The processor process ended in the middle of a job.", {}};
}

}  // namespace

struct ProcessorProcesses::State {
  explicit State(ProcessorOptions given) : options(std::move(given)) {}

  /// Jobs of one kind that may run at the same time.
  struct Slots {
    unsigned free = 1;
  };
  /// Holds a slot while it lives.
  class Slot {
   public:
    Slot(State& state, Slots& slots) : state_(state), slots_(slots) {
      std::unique_lock lock(state_.mutex);
      state_.changed.wait(lock, [&] { return state_.stopped || slots_.free > 0; });
      held_ = !state_.stopped;
      if (held_) --slots_.free;
    }
    ~Slot() {
      if (!held_) return;
      const std::lock_guard lock(state_.mutex);
      ++slots_.free;
      state_.changed.notify_all();
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    [[nodiscard]] bool held() const { return held_; }

   private:
    State& state_;
    Slots& slots_;
    bool held_ = false;
  };
  /// Lets `stop` reach a process while it works.
  class Registration {
   public:
    Registration(State& state, ChildProcess& child) : state_(state), child_(child) {
      const std::lock_guard lock(state_.mutex);
      state_.running.push_back(&child);
      if (state_.stopped) child.socket().shut();
    }
    ~Registration() {
      const std::lock_guard lock(state_.mutex);
      std::erase(state_.running, &child_);
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    State& state_;
    ChildProcess& child_;
  };

  [[nodiscard]] Result<ChildPtr> start() const { return ChildProcess::start(options.program, options.arguments); }

  /// A process for a photo: the warm one, where it is there.
  [[nodiscard]] Result<ChildPtr> take_warm() {
    ChildPtr child;
    {
      const std::lock_guard lock(mutex);
      child = std::move(warm);
    }
    if (child && child->socket().hung_up()) child.reset();
    if (!child) {
      auto started = start();
      if (!started) return started;
      child = std::move(*started);
    }
    return child;
  }
  /// Begins the process for the next photo. Only after the present one is done: somebody waits for that, and warming up
  /// would take its processor time.
  void keep_warm() {
    {
      const std::lock_guard lock(mutex);
      if (stopped || warm) return;
    }
    auto next = start();
    if (!next) {
      log::warning("processor cannot be kept warm", {{"code", next.error().code}});
      return;
    }
    const std::lock_guard lock(mutex);
    if (!stopped && !warm) warm = std::move(*next);
  }

  /// Sends the job and returns the answer. `silence` limits the time between two words of the process.
  [[nodiscard]] Result<Message> run(ChildProcess& child, const Message& job, std::chrono::milliseconds limit,
                                    std::chrono::milliseconds silence, const std::function<void(int)>& progress) {
    const Registration registration(*this, child);
    auto answer = talk(child.socket(), job, limit, silence, progress);
    if (answer) return answer;
    {
      const std::lock_guard lock(mutex);
      if (stopped) return stopping();
    }
    if (answer.error().code == "processor.disconnected") answer = tl::unexpected(died());
    log::warning("processor job failed", {{"code", answer.error().code}, {"process", child.pid()}});
    return answer;
  }
  static Result<Message> talk(MessageSocket& socket, const Message& job, std::chrono::milliseconds limit,
                              std::chrono::milliseconds silence, const std::function<void(int)>& progress) {
    auto ready = socket.receive(now() + kWarmUpLimit);
    if (!ready) return ready;
    const SteadyTime end = now() + limit;
    if (auto sent = socket.send(job, end); !sent) return tl::unexpected(sent.error());
    for (;;) {
      auto message = socket.receive(std::min(end, now() + silence));
      if (!message) return message;
      if (message->kind == MessageKind::failed) return tl::unexpected(error_in(*message));
      if (message->kind != MessageKind::progress) return message;
      if (progress) progress(progress_in(*message));
    }
  }

  const ProcessorOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  Slots photos{.free = options.photos};
  Slots compositions{.free = options.compositions};
  Slots preparations{.free = options.preparations};
  ChildPtr warm;
  std::vector<ChildProcess*> running;
};

ProcessorProcesses::ProcessorProcesses(ProcessorOptions options) : state_(std::make_unique<State>(std::move(options))) {
  state_->keep_warm();
}

ProcessorProcesses::~ProcessorProcesses() {
  stop();
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] {
    return state_->photos.free == state_->options.photos && state_->compositions.free == state_->options.compositions &&
           state_->preparations.free == state_->options.preparations;
  });
}

void ProcessorProcesses::stop() {
  ChildPtr idle;
  const std::lock_guard lock(state_->mutex);
  state_->stopped = true;
  idle = std::move(state_->warm);
  for (ChildProcess* child : state_->running) child->socket().shut();
  state_->changed.notify_all();
}

Result<recording::PhotoResult> ProcessorProcesses::photograph(const recording::PhotoJob& job) {
  const State::Slot slot(*state_, state_->photos);
  if (!slot.held()) return stopping();
  auto child = state_->take_warm();
  if (!child) return tl::unexpected(child.error());
  auto answer = state_->run(**child, to_message(job), state_->options.photo_limit, state_->options.photo_limit, {});
  state_->keep_warm();
  if (!answer) return tl::unexpected(answer.error());
  return photo_result_in(*answer);
}

Result<recording::ComposeResult> ProcessorProcesses::compose(const recording::ComposeJob& job,
                                                             const std::function<void(int)>& progress) {
  const State::Slot slot(*state_, state_->compositions);
  if (!slot.held()) return stopping();
  auto child = state_->start();
  if (!child) return tl::unexpected(child.error());
  auto answer = state_->run(**child, to_message(job), state_->options.composition_limit,
                            state_->options.composition_silence_limit, progress);
  if (!answer) return tl::unexpected(answer.error());
  return compose_result_in(*answer);
}

Result<recording::PrepareMediaResult> ProcessorProcesses::prepare_media(const recording::PrepareMediaJob& job,
                                                                        const std::function<void(int)>& progress) {
  const State::Slot slot(*state_, state_->preparations);
  if (!slot.held()) return stopping();
  auto child = state_->start();
  if (!child) return tl::unexpected(child.error());
  auto answer = state_->run(**child, to_message(job), state_->options.preparation_limit,
                            state_->options.composition_silence_limit, progress);
  if (!answer) return tl::unexpected(answer.error());
  return prepare_media_result_in(*answer);
}

}  // namespace tw::processing
