#include "api/json/views.hpp"
#include "api/json/write.hpp"

namespace tw::api {
namespace json = boost::json;

json::object to_json(const service::BrandView& brand) {
  json::object out;
  put(out, "companyName", brand.company_name);
  put_text(out, "colour", brand.colour);
  put_text(out, "logoUrl", brand.logo_url);
  return out;
}

}  // namespace tw::api
