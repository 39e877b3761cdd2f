// Requests as the routes read them: a query line, a header line, then a JSON body under the limits of a contract.
#include <algorithm>

#include <boost/json.hpp>

#include "api/http/message.hpp"
#include "api/http/range.hpp"
#include "api/json/fields.hpp"
#include "base/encoding.hpp"
#include "base/utf8.hpp"
#include "fuzz/fuzz_input.hpp"

namespace {

using namespace tw::api;

std::string_view line_of(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

Request request_of(std::string_view text) {
  Request request;
  request.method = method_of(line_of(text));
  request.query = line_of(text);
  const std::string_view header = line_of(text);
  const std::size_t colon = header.find(':');
  if (colon != std::string_view::npos) {
    request.headers.add(std::string(header.substr(0, colon)), std::string(header.substr(colon + 1)));
  }
  if (!request.headers.find("content-type")) request.headers.set("Content-Type", "application/json; charset=utf-8");
  request.body = text;
  return request;
}

void read_query(const Request& request) {
  const auto decoded = percent_decode(request.query, true);
  if (decoded) {
    const auto again = percent_decode(percent_encode(*decoded), false);
    tw::fuzz::require(again == decoded && decoded->find('\0') == std::string::npos);
  }
  for (const char* name : {"cursor", "limit"}) (void)request.query_value(name);
  tw::fuzz::require(request.bearer().empty() || request.bearer().front() != ' ');
  tw::fuzz::require(!name_of(request.method).empty());
  tw::fuzz::require(!attachment(request.query).empty());
}

class Zeros final : public BodySource {
 public:
  [[nodiscard]] std::uint64_t size() const override { return 1000; }
  [[nodiscard]] tw::Result<std::size_t> read_at(std::uint64_t /*offset*/, std::span<std::uint8_t> out) override {
    std::ranges::fill(out, std::uint8_t{0});
    return out.size();
  }
};

/// What a router puts there is found again; every status has words.
void name(Request request) {
  request.path_values = {{"first", "1"}, {"id", request.query}};
  tw::fuzz::require(request.path_value("id") == request.query);
  for (unsigned status = 100; status < 600; ++status) tw::fuzz::require(!reason_phrase(status).empty());
}

void send(const Request& request) {
  const Response response = send_file(request, std::make_shared<Zeros>(), "video/mp4", "e1");
  const auto allowed = {200U, 206U, 304U, 416U};
  tw::fuzz::require(std::ranges::find(allowed, response.status) != allowed.end());
  tw::fuzz::require(!response.source || response.source_offset + response.source_length <= 1000);
  tw::fuzz::require(!reason_phrase(response.status).empty());
}

/// Every kind of field once, with one list inside another.
void read_fields(const boost::json::object& object) {
  Fields fields(object);
  const std::string text = fields.text("text", {1, 8});
  const auto maybe = fields.optional_text("maybe", {0, 4});
  const std::string word = fields.word("word", {"red", "green"});
  (void)fields.flag("flag");
  const auto whole = fields.optional_whole("whole", -5, 5);
  const auto number = fields.optional_number("number", {-1.5, 1.5});
  const auto texts = fields.optional_texts("texts", 2, {1, 3});
  (void)fields.objects("items", 3, false, [](Fields& item) {
    (void)item.text("text", {1, 8});
    (void)item.objects("items", 3, true, [](Fields& inner) { (void)inner.optional_flag("flag"); });
  });
  if (text == "both") fields.refuse("text", "is refused");
  tw::fuzz::require(fields.good() == fields.finish().has_value());
  if (!fields.good()) {
    tw::fuzz::require(fields.finish().error().params.size() == 1);
    return;
  }
  tw::fuzz::require(tw::characters(text) >= 1 && tw::characters(text) <= 8 && (word == "red" || word == "green"));
  tw::fuzz::require(!maybe || tw::characters(*maybe) <= 4);
  tw::fuzz::require((!whole || (*whole >= -5 && *whole <= 5)) && (!number || (*number >= -1.5 && *number <= 1.5)));
  tw::fuzz::require(!texts || texts->size() <= 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Request request = request_of(tw::as_text({data, size}));
  read_query(request);
  send(request);
  name(request);
  if (const auto object = read_json(request)) read_fields(*object);
  return 0;
}
