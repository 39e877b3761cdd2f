#include "service/recordings.hpp"
#include "api/http/range.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/photo_response.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/authenticator.hpp"
#include "service/photos.hpp"
#include "service/recording_custody.hpp"

namespace tw::api {
namespace {

using service::CallerKind;

/// A sealed file as a body. One request reads it, one piece after another.
class SealedSource final : public BodySource {
 public:
  explicit SealedSource(service::OpenedFile file) : file_(std::move(file)) {}
  [[nodiscard]] std::uint64_t size() const override { return file_.size; }
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override {
    return file_.reader.read_at(offset, out);
  }

 private:
  service::OpenedFile file_;
};

/// A video element cannot set a header: it carries `?ticket=`. Everybody else says who they are.
Result<service::OpenedFile> open_file(const Services& services, const Request& request) {
  const auto& interview = request.path_value("interviewId");
  const auto& name = request.path_value("fileName");
  const auto ticket = request.query_value("ticket");
  if (ticket && request.bearer().empty()) return services.recordings.open_by_ticket(*ticket, interview, name);
  const auto caller = services.authenticator.authenticate(request.bearer());
  if (!caller) return tl::unexpected(caller.error());
  const auto allowed = service::require(*caller, {CallerKind::api_key, CallerKind::agent, CallerKind::administrator});
  if (!allowed) return tl::unexpected(allowed.error());
  return services.recordings.open(*caller, interview, name);
}

Result<Response> send_recording(const Services& services, const Request& request) {
  auto file = open_file(services, request);
  if (!file) return tl::unexpected(file.error());
  const std::string type = file->content_type;
  const std::string name = file->name;
  const std::string etag = file->sha256;
  Response response = send_file(request, std::make_shared<SealedSource>(std::move(*file)), type, etag);
  if (request.query_value("download") == "true") response.headers.add("Content-Disposition", attachment(name));
  return response;
}

Result<Response> send_photo(service::Photos& photos, const Request& request) {
  const auto& variant = request.path_value("variant");
  if (variant != "original" && variant != "watermarked") {
    return fail(ErrorKind::not_found, "photo.unknown", "A photo is had as original or as watermarked.");
  }
  const auto& photo = request.path_value("photoId");
  return photo_response(request, photos.content(*request.caller, request.path_value("interviewId"), photo, variant),
                        photo + "-" + variant);
}

using Decide = Result<service::RecordingView> (service::RecordingCustody::*)(const service::Caller&, const std::string&,
                                                                             const std::string&);

/// What an administrator decides about a recording always has a reason.
Handler decision(service::RecordingCustody& custody, Decide decide) {
  return [&custody, decide](const Request& request) -> Result<Response> {
    const auto body = read_json(request);
    if (!body) return tl::unexpected(body.error());
    Fields fields(*body);
    const std::string reason = fields.text("reason", {1, service::RecordingCustody::kMostReasonCharacters});
    if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
    return answer((custody.*decide)(*request.caller, request.path_value("interviewId"), reason));
  };
}

}  // namespace

void add_recording_routes(Router& router, const Services& services) {
  auto& photos = services.photos;
  auto& recordings = services.recordings;
  constexpr Access kReaders = Access::api_key | Access::user;
  router.add(Method::get, "/interviews/{interviewId}/photos", kReaders, [&photos](const Request& request) {
    return answer_list(photos.list(*request.caller, request.path_value("interviewId")));
  });
  router.add(Method::get, "/interviews/{interviewId}/photos/{photoId}/{variant}", kReaders | Access::customer,
             [&photos](const Request& request) { return send_photo(photos, request); });
  router.add(Method::get, "/interviews/{interviewId}/recording", kReaders, [&recordings](const Request& request) {
    return answer(recordings.get(*request.caller, request.path_value("interviewId")));
  });
  using service::RecordingCustody;
  auto& custody = services.recording_custody;
  router.add(Method::del, "/interviews/{interviewId}/recording", Access::administrator,
             decision(custody, &RecordingCustody::remove));
  router.add(Method::put, "/interviews/{interviewId}/recording/legal-hold", Access::administrator,
             decision(custody, &RecordingCustody::hold));
  router.add(Method::del, "/interviews/{interviewId}/recording/legal-hold", Access::administrator,
             decision(custody, &RecordingCustody::lift_hold));
  router.add(Method::get, "/interviews/{interviewId}/recording/files/{fileName}", Access::own_check,
             [services](const Request& request) { return send_recording(services, request); });
  router.add(Method::post, "/interviews/{interviewId}/recording/tickets", kReaders,
             [&recordings](const Request& request) {
               return answer(recordings.create_ticket(*request.caller, request.path_value("interviewId")), 201);
             });
}

}  // namespace tw::api
