#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/brands.hpp"

namespace tw::api {
namespace {

Result<Response> put_logo(service::Brands& brands, const Request& request) {
  const std::string type = request.content_type();
  if (type != "image/png" && type != "image/jpeg") {
    return fail(ErrorKind::unsupported, "logo.not_picture", "A logo is sent as image/png or image/jpeg.");
  }
  return answer(brands.put_logo(*request.caller, as_bytes(request.body)));
}

/// The address names the picture's digest, so it may be kept for ever. Sent with a type that is ours, never guessed.
Result<Response> get_logo(service::Brands& brands, const Request& request) {
  const auto logo = brands.logo(request.path_value("tenantId"), request.path_value("sha256"));
  if (!logo) return tl::unexpected(logo.error());
  Response response;
  response.headers.add("Content-Type", logo->media_type);
  response.headers.add("Cache-Control", "public, max-age=31536000, immutable");
  response.headers.add("ETag", '"' + logo->sha256 + '"');
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Content-Security-Policy", "default-src 'none'; sandbox");
  // Integrators' pages show it beside their own.
  response.headers.add("Cross-Origin-Resource-Policy", "cross-origin");
  response.body.assign(logo->picture.begin(), logo->picture.end());
  return response;
}

}  // namespace

void add_brand_routes(Router& router, const Services& services) {
  auto& brands = services.brands;
  router.add(Method::put, "/admin/logo", Access::administrator,
             [&brands](const Request& request) { return put_logo(brands, request); });
  router.add(Method::del, "/admin/logo", Access::administrator,
             [&brands](const Request& request) { return answer(brands.remove_logo(*request.caller)); });
  router.add(Method::get, "/tenants/{tenantId}/logos/{sha256}", Access::anyone,
             [&brands](const Request& request) { return get_logo(brands, request); });
}

}  // namespace tw::api
