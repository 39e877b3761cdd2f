#include "processing/processor_child.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <thread>

#include "base/log.hpp"
#include "processing/composition.hpp"
#include "processing/confine.hpp"
#include "processing/media_preparation.hpp"
#include "processing/message.hpp"
#include "processing/photo.hpp"
#include "processing/sandbox.hpp"
#include "processing/text_painter.hpp"

namespace tw::processing {
namespace {

/// Composing takes what is left over; a call's packets and photos come first. Not SCHED_IDLE, under which a busy server
/// would starve it for so long that it counts as hanging.
constexpr int kCompositionNiceness = 19;
constexpr int kExitNoSandbox = 70;
/// A job that ran out of memory left the libraries in nobody knows which state.
constexpr int kExitOutOfMemory = 71;
constexpr int kExitServerGone = 72;

template <class T>
Message answer_of(Result<T> result) {
  return result ? to_message(std::move(*result)) : to_message(result.error());
}

/// A job that goes on while nobody waits for it would write into the folder in which the restarted server has begun it
/// anew. Progress alone tells too late: some steps take seconds. After confine_files, which is for one thread.
void end_with_server(const MessageSocket& socket) {
  std::thread([&socket] {
    socket.wait_for_hang_up();
    ::_exit(kExitServerGone);
  }).detach();
}

Message photograph(Message& message) {
  const auto job = photo_job_in(message);
  confine_files({}, {});
  return job ? answer_of(make_photo(*job)) : to_message(job.error());
}

Message compose(Message& message, MessageSocket& socket) {
  const auto job = compose_job_in(message);
  if (!job) return to_message(job.error());
  ::setpriority(PRIO_PROCESS, 0, kCompositionNiceness);
  const sched_param batch{.sched_priority = 0};
  ::sched_setscheduler(0, SCHED_BATCH, &batch);
  confine_files(
      job->mirror.empty() ? std::vector<std::filesystem::path>{} : std::vector<std::filesystem::path>{job->mirror},
      {job->folder});
  end_with_server(socket);
  const auto progress = [&socket](int percent) { return socket.send(progress_message(percent)).has_value(); };
  OsRandom random;
  return answer_of(compose_recording(*job, random, progress));
}

Message prepare(Message& message, MessageSocket& socket) {
  const auto job = prepare_media_job_in(message);
  if (!job) return to_message(job.error());
  ::setpriority(PRIO_PROCESS, 0, kCompositionNiceness);
  confine_files({job->file.parent_path()}, {job->folder});
  end_with_server(socket);
  const auto progress = [&socket](int percent) { return socket.send(progress_message(percent)).has_value(); };
  OsRandom random;
  return answer_of(prepare_media(*job, random, progress));
}

}  // namespace

int run_processor(int socket_fd) {
  ::signal(SIGPIPE, SIG_IGN);
  av_log_set_level(AV_LOG_QUIET);  // what FFmpeg says about a customer's picture belongs into no log
  warm_fonts();
  if (auto locked = enter_sandbox(); !locked) {
    log::error("processor has no sandbox", {{"reason", locked.error().message}});
    return kExitNoSandbox;
  }
  MessageSocket socket(socket_fd);
  if (!socket.send({})) return 0;
  for (;;) {
    auto message = socket.receive();
    if (!message) return 0;
    Message answer;
    try {
      switch (message->kind) {
        case MessageKind::photograph: answer = photograph(*message); break;
        case MessageKind::compose: answer = compose(*message, socket); break;
        case MessageKind::prepare_media: answer = prepare(*message, socket); break;
        default: return 0;
      }
    } catch (const std::exception& exception) {
      log::error("processor ran out of something", {{"what", exception.what()}});
      return kExitOutOfMemory;
    }
    if (!socket.send(answer)) return 0;
  }
}

}  // namespace tw::processing
