#pragma once

#include <string>

#include "api/http/message.hpp"
#include "api/http/range.hpp"
#include "base/encoding.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"

namespace tw::api {

/// A JPEG as an answer; `?download=true` gives it a name.
[[nodiscard]] inline Result<Response> photo_response(const Request& request, const Result<Bytes>& jpeg,
                                                     const std::string& name) {
  if (!jpeg) return tl::unexpected(jpeg.error());
  Response response;
  response.headers.add("Content-Type", "image/jpeg");
  response.headers.add("Cache-Control", "private, no-cache");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("ETag", '"' + to_hex(sha256(*jpeg)) + '"');
  if (request.query_value("download") == "true") {
    response.headers.add("Content-Disposition", attachment(name + ".jpg"));
  }
  response.body.assign(jpeg->begin(), jpeg->end());
  return response;
}

}  // namespace tw::api
