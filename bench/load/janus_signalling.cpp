#include <map>
#include <set>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "load/signalling.hpp"

namespace tw::bench {
namespace {

namespace json = boost::json;

/// Long polls without the event that is waited for, before it is given up.
constexpr int kMostPolls = 64;
constexpr std::int64_t kMostPublishers = 16;

tl::unexpected<Error> unexpected_answer(const std::string& what, const json::value& answer) {
  return fail(ErrorKind::unprocessable, "load.janus", what + ": " + json::serialize(answer).substr(0, 400));
}

/// One Janus session with a handle for each PeerConnection.
class JanusSignalling final : public Signalling {
 public:
  JanusSignalling(HttpClient& http, std::string target) : http_(http), target_(std::move(target)) {}

  Result<void> join(const Seat& seat, media::PeerSession& session) override {
    try {
      if (session_.empty()) {
        auto created = post(target_, {{"janus", "create"}});
        if (!created) return tl::unexpected(created.error());
        session_ = target_ + "/" + id_of(*created);
      }
      if (auto made = make_room(seat.room); !made) return made;
      return seat.publisher ? publish(seat, session) : watch(seat, session);
    } catch (const std::exception& error) {
      return fail(ErrorKind::unprocessable, "load.janus", std::string("Not what Janus should say: ") + error.what());
    }
  }

  void leave_all() override {
    if (!session_.empty()) (void)post(session_, {{"janus", "destroy"}});
    session_.clear();
  }

 private:
  static std::string id_of(const json::value& answer) {
    return std::to_string(answer.at("data").at("id").to_number<std::uint64_t>());
  }

  Result<json::value> post(const std::string& url, json::object message) {
    message["transaction"] = "t" + std::to_string(++transaction_);
    return read(http_.request("POST", url, "application/json", json::serialize(message), {}));
  }

  static Result<json::value> read(const Result<HttpAnswer>& answer) {
    if (!answer) return tl::unexpected(answer.error());
    json::value value = json::parse(answer->body);
    if (value.at("janus").as_string() == "error") return unexpected_answer("Janus refuses", value);
    return value;
  }

  /// Attaches a handle of the videoroom; its URL.
  Result<std::string> attach() {
    auto attached = post(session_, {{"janus", "attach"}, {"plugin", "janus.plugin.videoroom"}});
    if (!attached) return tl::unexpected(attached.error());
    return session_ + "/" + id_of(*attached);
  }

  Result<void> make_room(const std::string& room) {
    if (rooms_.contains(room)) return {};
    if (control_.empty()) {
      auto handle = attach();
      if (!handle) return tl::unexpected(handle.error());
      control_ = *handle;
    }
    const json::object body{{"request", "create"},     {"room", std::stoll(room)},     {"publishers", kMostPublishers},
                            {"audiocodec", "opus"},    {"videocodec", "vp8"},          {"bitrate", 0},
                            {"notify_joining", false}, {"require_pvtid", false},       {"fir_freq", 0},
                            {"is_private", false},     {"transport_wide_cc_ext", true}};
    auto answer = post(control_, {{"janus", "message"}, {"body", body}});
    if (!answer) return tl::unexpected(answer.error());
    const auto& data = answer->at("plugindata").at("data").as_object();
    if (data.contains("error")) return unexpected_answer("Janus makes no room", *answer);
    rooms_.insert(room);
    return {};
  }

  /// Sends a message that Janus answers by an event, and waits for that event.
  Result<json::value> ask(const std::string& handle, json::object body, json::object jsep = {}) {
    json::object message{{"janus", "message"}, {"body", std::move(body)}};
    if (!jsep.empty()) message["jsep"] = std::move(jsep);
    auto acknowledged = post(handle, std::move(message));
    if (!acknowledged) return acknowledged;
    const std::string transaction = "t" + std::to_string(transaction_);
    for (int poll = 0; poll < kMostPolls; ++poll) {
      auto event = read(http_.request("GET", session_, {}, {}, {}));
      if (!event) return event;
      const auto& object = event->as_object();
      if (object.contains("transaction") && object.at("transaction").as_string() == transaction) {
        const auto& data = event->at("plugindata").at("data").as_object();
        if (data.contains("error")) return unexpected_answer("Janus refuses", *event);
        return event;
      }
    }
    return fail(ErrorKind::unavailable, "load.janus", "Janus sends no event for a request.");
  }

  Result<void> publish(const Seat& seat, media::PeerSession& session) {
    auto handle = attach();
    if (!handle) return tl::unexpected(handle.error());
    auto event = ask(*handle,
                     {{"request", "joinandconfigure"},
                      {"ptype", "publisher"},
                      {"room", std::stoll(seat.room)},
                      {"display", seat.participant},
                      {"audiocodec", "opus"},
                      {"videocodec", "vp8"}},
                     {{"type", "offer"}, {"sdp", session.offer()}});
    if (!event) return tl::unexpected(event.error());
    feeds_[seat.room + "/" + seat.participant] = event->at("plugindata").at("data").at("id").to_number<std::uint64_t>();
    return session.set_answer(json::value_to<std::string>(event->at("jsep").at("sdp")));
  }

  Result<void> watch(const Seat& seat, media::PeerSession& session) {
    auto handle = attach();
    if (!handle) return tl::unexpected(handle.error());
    const std::uint64_t feed = feeds_.at(seat.room + "/" + seat.watched);
    auto event = ask(*handle, {{"request", "join"},
                               {"ptype", "subscriber"},
                               {"room", std::stoll(seat.room)},
                               {"streams", json::array{json::object{{"feed", feed}}}}});
    if (!event) return tl::unexpected(event.error());
    const auto answer = session.answer_offer(json::value_to<std::string>(event->at("jsep").at("sdp")));
    if (!answer) return tl::unexpected(answer.error());
    auto started = ask(*handle, {{"request", "start"}}, {{"type", "answer"}, {"sdp", *answer}});
    if (!started) return tl::unexpected(started.error());
    return {};
  }

  HttpClient& http_;
  std::string target_;
  std::string session_;
  std::string control_;
  std::set<std::string> rooms_;
  std::map<std::string, std::uint64_t> feeds_;
  std::uint64_t transaction_ = 0;
};

}  // namespace

std::unique_ptr<Signalling> make_janus_signalling(HttpClient& http, std::string target) {
  return std::make_unique<JanusSignalling>(http, std::move(target));
}

}  // namespace tw::bench
