/// The media engine and the recorder of `telewitness serve`, the same classes on the same threads, behind a front that
/// knows no interviews: a room comes to be when somebody joins it. For measuring many rooms, with and without
/// recording.
///
///   POST /whip/<room>/<participant>              publish
///   POST /whep/<room>/<participant>/<publisher>  watch
///   DELETE /session/<room>/<participant>/<id>    leave
#include <poll.h>
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <future>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "base/log.hpp"
#include "media/media_engine.hpp"
#include "net/http_front.hpp"
#include "service/rooms/live_rooms.hpp"

namespace tw::bench {
namespace {

constexpr const char* kStream = "camera";
constexpr int kOkWithBody = 201;
constexpr int kNotFound = 404;
constexpr int kUnprocessable = 422;

volatile std::sig_atomic_t stop_asked = 0;

struct Options {
  std::string address = "127.0.0.1";
  unsigned http_port = 0;
  unsigned workers = 1;
  std::string record;  ///< a folder; empty: nothing is recorded
};

class Silent final : public media::MediaListener {
 public:
  void on_session(const media::SessionEvent& /*event*/) override {}
  void on_quality(const media::SessionQuality& /*quality*/) override {}
};

template <class T>
Result<T> await(const std::function<void(std::function<void(Result<T>)>)>& ask) {
  std::promise<Result<T>> promise;
  auto answer = promise.get_future();
  ask([&promise](Result<T> result) { promise.set_value(std::move(result)); });
  return answer.get();
}

media::MediaConfig media_config(const Options& options) {
  media::MediaConfig config;
  config.addresses = {{options.address, {}}};
  config.first_port = 0;
  config.workers = options.workers;
  return config;
}

class Sfu {
 public:
  explicit Sfu(const Options& options)
      : record_(options.record),
        engine_(media_config(options), clock_, random_, listener_),
        rooms_(engine_, files_, clock_, random_, {options.record, 0}),
        front_(options.address, static_cast<std::uint16_t>(options.http_port),
               [this](const HttpRequest& request) { return serve(request); }) {}

  [[nodiscard]] std::uint16_t port() const { return front_.port(); }

  void run() {
    constexpr int kLookUpMs = 200;  // how late a stop may be seen
    while (stop_asked == 0) {
      pollfd waiting{front_.fd(), POLLIN, 0};
      if (::poll(&waiting, 1, kLookUpMs) > 0) front_.serve_one();
    }
    rooms_.close_all();
  }

 private:
  HttpResponse serve(const HttpRequest& request) {
    const auto& path = request.path;
    if (request.method == "POST" && path.size() == 3 && path[0] == "whip") return join(request, true);
    if (request.method == "POST" && path.size() == 4 && path[0] == "whep") return join(request, false);
    if (request.method == "DELETE" && path.size() == 4 && path[0] == "session") return leave(path);
    return {.status = kNotFound, .headers = {}, .body = {}};
  }

  HttpResponse join(const HttpRequest& request, bool publish) {
    const auto room = room_named(request.path[1]);
    if (!room) return problem(room.error());
    const std::string& participant = request.path[2];
    const media::StreamKey stream{publish ? participant : request.path[3], kStream};
    const media::MediaRequest wanted{*room, participant, stream, request.body};
    const auto answer = await<media::SessionAnswer>([&](auto done) {
      if (publish) return engine_.publish(wanted, std::move(done));
      engine_.subscribe(wanted, std::move(done));
    });
    if (!answer) return problem(answer.error());
    return {.status = kOkWithBody,
            .headers = {"Content-Type: application/sdp",
                        "Location: /session/" + request.path[1] + "/" + participant + "/" + answer->session},
            .body = answer->sdp};
  }

  HttpResponse leave(const std::vector<std::string>& path) {
    const auto known = names_.find(path[1]);
    if (known == names_.end()) return {.status = kNotFound, .headers = {}, .body = {}};
    const media::SessionRef session{known->second.str(), path[2], path[3]};
    const auto left = await<void>([&](auto done) { engine_.close_session(session, std::move(done)); });
    return left ? HttpResponse{} : problem(left.error());
  }

  /// The engine's name of a room, which is opened (and recorded) when it is new.
  Result<std::string> room_named(const std::string& name) {
    if (const auto known = names_.find(name); known != names_.end()) return known->second.str();
    const auto interview = InterviewId::make(clock_.wall_now(), random_);
    if (!record_.empty()) {
      const auto started = rooms_.start_recording({.interview = interview,
                                                   .recording = RecordingId::make(clock_.wall_now(), random_),
                                                   .part = 1,
                                                   .folder = std::filesystem::path(record_) / name,
                                                   .key = SecretKey::make(random_)});
      if (!started) return tl::unexpected(started.error());
    } else {
      if (auto opened = rooms_.open(interview); !opened) return tl::unexpected(opened.error());
      const auto gate = await<void>([&](auto done) { engine_.set_gate(interview.str(), true, std::move(done)); });
      if (!gate) return tl::unexpected(gate.error());
    }
    return names_.emplace(name, interview).first->second.str();
  }

  static HttpResponse problem(const Error& error) {
    return {.status = kUnprocessable, .headers = {}, .body = error.code + ": " + error.message};
  }

  const std::string record_;
  SystemClock clock_;
  OsRandom random_;
  Silent listener_;
  recording::PosixFileSystem files_;
  media::MediaEngine engine_;
  service::LiveRooms rooms_;
  std::map<std::string, InterviewId> names_;
  HttpFront front_;
};

}  // namespace
}  // namespace tw::bench

int main(int argc, char** argv) {
  tw::bench::Options options;
  CLI::App app("The media engine of Telewitness behind a front without interviews, for measurements");
  app.add_option("--address", options.address, "IPv4 address for HTTP and media")->capture_default_str();
  app.add_option("--http-port", options.http_port, "0: any; it is printed")->check(CLI::Range(0U, 65'535U));
  app.add_option("--workers", options.workers, "media workers")->check(CLI::Range(1U, 64U));
  app.add_option("--record", options.record, "record every room into this folder");
  CLI11_PARSE(app, argc, argv);
  try {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // a measurement that dies leaves no server behind
    for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { tw::bench::stop_asked = 1; });
    tw::bench::Sfu sfu(options);
    std::printf("listening on http://%s:%u\n", options.address.c_str(), unsigned{sfu.port()});
    std::fflush(stdout);
    sfu.run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "telewitness-sfu: %s\n", error.what());
    return 1;
  }
  return 0;
}
