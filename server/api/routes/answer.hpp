#pragma once

#include <charconv>
#include <string>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/http/message.hpp"
#include "api/json/fields.hpp"
#include "api/json/views.hpp"
#include "service/page.hpp"

/// What the routes share: answers from results.
namespace tw::api {

[[nodiscard]] inline Response json_response(unsigned status, const boost::json::object& body) {
  Response response;
  response.status = status;
  response.body = boost::json::serialize(body);
  response.headers.add("Content-Type", "application/json");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

[[nodiscard]] inline Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

/// The JSON of a result, or its error.
template <class View>
[[nodiscard]] Result<Response> answer(const Result<View>& result, unsigned status = 200) {
  if (!result) return tl::unexpected(result.error());
  return json_response(status, to_json(*result));
}
[[nodiscard]] inline Result<Response> answer(const Result<void>& result) {
  if (!result) return tl::unexpected(result.error());
  return no_content();
}
template <class View>
[[nodiscard]] Result<Response> answer_list(const Result<std::vector<View>>& result) {
  if (!result) return tl::unexpected(result.error());
  boost::json::array items;
  items.reserve(result->size());
  for (const auto& item : *result) items.push_back(to_json(item));
  return json_response(200, {{"items", std::move(items)}});
}
template <class View>
[[nodiscard]] Result<Response> answer_page(const Result<service::Page<View>>& result) {
  if (!result) return tl::unexpected(result.error());
  boost::json::array items;
  items.reserve(result->items.size());
  for (const auto& item : result->items) items.push_back(to_json(item));
  boost::json::object body{{"items", std::move(items)}};
  if (!result->next_cursor.empty()) body["nextCursor"] = result->next_cursor;
  return json_response(200, body);
}

[[nodiscard]] inline tl::unexpected<Error> bad_parameter(std::string_view name, std::string_view why) {
  return fail(ErrorKind::invalid, "field.invalid", "The parameter " + std::string(name) + " " + std::string(why) + ".",
              {{"field", std::string(name)}});
}

/// `cursor` and `limit` of the query.
[[nodiscard]] inline Result<service::PageRequest> page_request(const Request& request) {
  service::PageRequest page;
  page.cursor = request.query_value("cursor").value_or(std::string());
  if (const auto limit = request.query_value("limit")) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc() || end != limit->data() + limit->size() || page.limit < 1 ||
        page.limit > service::PageRequest::kMostItems) {
      return bad_parameter("limit", "must be a whole number from 1 to 200");
    }
  }
  return page;
}

}  // namespace tw::api
