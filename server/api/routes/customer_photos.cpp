#include "service/customer_photos.hpp"
#include "api/http/content_digest.hpp"
#include "api/routes/answer.hpp"
#include "api/routes/photo_response.hpp"
#include "api/routes/routes.hpp"

namespace tw::api {
namespace {

/// A photo that comes; it is small enough to be held.
class PhotoSink final : public BodySink {
 public:
  explicit PhotoSink(std::unique_ptr<service::PhotoUpload> upload) : upload_(std::move(upload)) {}
  Result<void> write(ByteView bytes) override { return upload_->write(bytes); }
  Result<Response> finish() override { return answer(upload_->finish(), 202); }

 private:
  std::unique_ptr<service::PhotoUpload> upload_;
};

Result<std::unique_ptr<BodySink>> begin_upload(service::CustomerPhotos& photos, const Request& request) {
  if (request.content_type() != "image/jpeg") {
    return fail(ErrorKind::unsupported, "photo.not_jpeg", "A photo is uploaded as image/jpeg.");
  }
  const auto digest = sha256_of_content(request.header("Content-Digest"));
  if (!digest) {
    return fail(ErrorKind::invalid, "photo.digest_missing",
                "Send the photo's SHA-256 as Content-Digest: sha-256=:…: (RFC 9530).");
  }
  auto upload = photos.begin_upload(*request.caller, request.path_value("photoId"), *digest);
  if (!upload) return tl::unexpected(upload.error());
  return std::make_unique<PhotoSink>(std::move(*upload));
}

Result<Response> refuse(service::CustomerPhotos& photos, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  const std::string code = fields.word("code", {"refused", "no_camera", "upload_failed"});
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(photos.refuse(*request.caller, request.path_value("photoId"), code));
}

}  // namespace

void add_customer_photo_routes(Router& router, const Services& services) {
  auto& photos = services.customer_photos;
  router.add(Method::get, "/customer/photos", Access::customer,
             [&photos](const Request& request) { return answer_list(photos.list(*request.caller)); });
  router.add_upload("/customer/photos/{photoId}/original", Access::customer,
                    [&photos](const Request& request) { return begin_upload(photos, request); });
  router.add(Method::post, "/customer/photos/{photoId}/refusal", Access::customer,
             [&photos](const Request& request) { return refuse(photos, request); });
  router.add(Method::get, "/customer/photos/{photoId}/{variant}", Access::customer, [&photos](const Request& request) {
    const auto& variant = request.path_value("variant");
    const auto& photo = request.path_value("photoId");
    return photo_response(request, photos.content(*request.caller, photo, variant), photo + "-" + variant);
  });
  router.add(Method::del, "/customer/photos/{photoId}", Access::customer, [&photos](const Request& request) {
    return answer(photos.remove(*request.caller, request.path_value("photoId")));
  });
}

}  // namespace tw::api
