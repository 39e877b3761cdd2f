#include <string>
#include <utility>
#include <vector>

#include "load/signalling.hpp"

namespace tw::bench {
namespace {

constexpr long kCreated = 201;

class WhipSignalling final : public Signalling {
 public:
  explicit WhipSignalling(HttpClient& http) : http_(http) {}

  Result<void> join(const Seat& seat, media::PeerSession& session) override {
    const auto answer = http_.request("POST", seat.url, "application/sdp", session.offer(), seat.token);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->status != kCreated) {
      return fail(ErrorKind::unprocessable, "load.refused",
                  seat.url + " answered " + std::to_string(answer->status) + ": " + answer->body.substr(0, 300));
    }
    if (!answer->location.empty()) resources_.emplace_back(answer->location, seat.token);
    return session.set_answer(answer->body);
  }

  void leave_all() override {
    for (const auto& [url, token] : std::exchange(resources_, {})) (void)http_.request("DELETE", url, {}, {}, token);
  }

 private:
  HttpClient& http_;
  std::vector<std::pair<std::string, std::string>> resources_;  // URL and token
};

}  // namespace

std::unique_ptr<Signalling> make_whip_signalling(HttpClient& http) { return std::make_unique<WhipSignalling>(http); }

}  // namespace tw::bench
