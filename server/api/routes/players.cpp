#include "service/players.hpp"

#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "base/utf8.hpp"
#include "service/media_library.hpp"

namespace tw::api {
namespace {

constexpr std::size_t kMaxIdCharacters = 64;
constexpr std::size_t kMaxUrlCharacters = 1024;
constexpr std::size_t kMaxSpokenCharacters = 1'000;
constexpr Fields::Length kTitle{1, service::MediaLibrary::kMaxTitleCharacters};

/// A file that goes into the library while it comes.
class LibrarySink final : public BodySink {
 public:
  explicit LibrarySink(std::unique_ptr<service::MediaUpload> upload) : upload_(std::move(upload)) {}
  Result<void> write(ByteView bytes) override { return upload_->write(bytes); }
  Result<Response> finish() override { return answer(upload_->finish(), 201); }

 private:
  std::unique_ptr<service::MediaUpload> upload_;
};

/// Title and kind stand in the query: the body is the file and nothing else.
Result<std::unique_ptr<BodySink>> begin_upload(service::MediaLibrary& library, const Request& request) {
  const std::string title = request.query_value("title").value_or(std::string());
  if (title.empty() || characters(title) > kTitle.most) return bad_parameter("title", "must have 1 to 100 characters");
  const std::string kind = request.query_value("kind").value_or("video");
  if (kind != "video" && kind != "prompt" && kind != "music") {
    return bad_parameter("kind", "must be video, prompt or music");
  }
  auto upload = library.begin_upload(*request.caller, title, kind);
  if (!upload) return tl::unexpected(upload.error());
  return std::make_unique<LibrarySink>(std::move(*upload));
}

Result<Response> add_from_url(service::MediaLibrary& library, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string url = fields.text("url", {1, kMaxUrlCharacters});
  const std::string title = fields.text("title", kTitle);
  const std::string kind = fields.optional_word("kind", {"video", "prompt", "music"}).value_or("video");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(library.add_from_url(*request.caller, url, title, kind), 201);
}

Result<Response> play(service::Players& players, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::Players::Wanted wanted;
  wanted.media_id = fields.optional_text("mediaId", {1, kMaxIdCharacters}).value_or(std::string());
  wanted.prompt_id = fields.optional_text("promptId", {1, kMaxIdCharacters}).value_or(std::string());
  wanted.text = fields.optional_text("text", {1, kMaxSpokenCharacters}).value_or(std::string());
  wanted.language = fields.optional_word("language", {"zh-CN", "en"}).value_or("zh-CN");
  const int given =
      (wanted.media_id.empty() ? 0 : 1) + (wanted.prompt_id.empty() ? 0 : 1) + (wanted.text.empty() ? 0 : 1);
  if (given != 1) fields.refuse("mediaId", "or promptId or text must be given, and only one of them");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(players.play(*request.caller, request.path_value("interviewId"), wanted));
}

Result<Response> control(service::Players& players, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string action = fields.word("action", {"play", "pause", "seek"});
  const auto position =
      fields.optional_whole("positionMs", 0, std::chrono::milliseconds(std::chrono::hours(1)).count());
  if (action == "seek" && !position) fields.refuse("positionMs", "must be given for a seek");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  using Action = media::PlayerCommand::Action;
  const Action wanted = action == "play" ? Action::resume : action == "pause" ? Action::pause : Action::seek;
  return answer(players.control(*request.caller, request.path_value("interviewId"),
                                {wanted, std::chrono::milliseconds(position.value_or(0))}));
}

}  // namespace

void add_player_routes(Router& router, const Services& services) {
  auto& library = services.media_library;
  auto& players = services.players;
  router.add(Method::get, "/admin/media", Access::administrator,
             [&library](const Request& request) { return answer_list(library.list(*request.caller)); });
  router.add_upload("/admin/media", Access::administrator,
                    [&library](const Request& request) { return begin_upload(library, request); });
  router.add(Method::post, "/admin/media/from-url", Access::administrator,
             [&library](const Request& request) { return add_from_url(library, request); });
  router.add(Method::del, "/admin/media/{mediaId}", Access::administrator, [&library](const Request& request) {
    return answer(library.remove(*request.caller, request.path_value("mediaId")));
  });
  router.add(Method::get, "/agent/media", Access::user,
             [&library](const Request& request) { return answer_list(library.playable(*request.caller)); });
  router.add(Method::post, "/agent/interviews/{interviewId}/player", Access::user,
             [&players](const Request& request) { return play(players, request); });
  router.add(Method::patch, "/agent/interviews/{interviewId}/player", Access::user,
             [&players](const Request& request) { return control(players, request); });
  router.add(Method::del, "/agent/interviews/{interviewId}/player", Access::user, [&players](const Request& request) {
    return answer(players.stop(*request.caller, request.path_value("interviewId")));
  });
}

}  // namespace tw::api
