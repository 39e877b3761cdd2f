#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/accounts/admin_place_provider.hpp"

namespace tw::api {
namespace {

using service::PlaceProviderRules;

Result<Response> set_provider(service::AdminPlaceProvider& service, const Request& request) {
  const auto body = read_json(request);
  if (!body) return tl::unexpected(body.error());
  Fields fields(*body);
  service::AdminPlaceProvider::Provider provider;
  provider.rules.url = fields.text("url", {1, PlaceProviderRules::kMostUrlBytes});
  provider.rules.address_pointer = fields.text("addressPointer", {1, PlaceProviderRules::kMostPointerBytes});
  provider.rules.shifted = fields.optional_word("coordinates", {"wgs84", "gcj02"}).value_or("wgs84") == "gcj02";
  provider.key = fields.optional_text("key", {0, PlaceProviderRules::kMostKeyBytes}).value_or("");
  if (auto good = fields.finish(); !good) return tl::unexpected(good.error());
  return answer(service.set(*request.caller, provider));
}

}  // namespace

void add_place_provider_routes(Router& router, const Services& services) {
  auto& provider = services.admin_place_provider;
  router.add(Method::get, "/admin/place-provider", Access::administrator,
             [&provider](const Request& request) { return answer(provider.read(*request.caller)); });
  router.add(Method::put, "/admin/place-provider", Access::administrator,
             [&provider](const Request& request) { return set_provider(provider, request); });
  router.add(Method::del, "/admin/place-provider", Access::administrator,
             [&provider](const Request& request) { return answer(provider.remove(*request.caller)); });
}

}  // namespace tw::api
