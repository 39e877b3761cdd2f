#include "api/json/fields.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/limits.hpp"

namespace tw::api {
namespace {

Result<boost::json::object> read(const std::string& body, const std::string& type = "application/json") {
  Request request;
  request.headers.add("Content-Type", type);
  request.body = body;
  return read_json(request);
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "{\"a\":";
  return text + "1" + std::string(depth, '}');
}

TEST(ReadJson, TakesOneObjectInUtf8) {
  EXPECT_TRUE(read("{\"a\":\"面\"}"));
  EXPECT_TRUE(read("{}", "application/json; charset=utf-8"));
  EXPECT_TRUE(read(nested(kMaxJsonDepth)));
  for (const std::string& body :
       {std::string("{"), std::string("[]"), std::string("1"), std::string(), std::string("{} x"),
        std::string("\xff\xfe"), std::string("{\"a\":\"\xc3\x28\"}"), nested(kMaxJsonDepth + 1)}) {
    const auto result = read(body);
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, "json.malformed");
  }
  EXPECT_EQ(read("{}", "text/plain").error().code, "body.wrong_type");
}

/// The field that is refused, or "" when all are good.
template <class Read>
std::string refused(const std::string& body, Read look) {
  const auto object = boost::json::parse(body).as_object();
  Fields fields(object);
  look(fields);
  const auto result = fields.finish();
  if (result) return "";
  EXPECT_EQ(result.error().code, "field.invalid");
  return result.error().params.at(0).second;
}

TEST(Fields, LengthsCountCharactersNotBytes) {
  const auto look = [](Fields& fields) { static_cast<void>(fields.text("name", {1, 3})); };
  EXPECT_EQ(refused(R"({"name":"面签票"})", look), "");
  EXPECT_EQ(refused(R"({"name":"面签票据"})", look), "name");
  EXPECT_EQ(refused(R"({"name":""})", look), "name");
  EXPECT_EQ(refused(R"({"name":7})", look), "name");
  EXPECT_EQ(refused(R"({"name":null})", look), "name");
  EXPECT_EQ(refused(R"({"name":"a\u0000b"})", look), "name");
  EXPECT_EQ(refused("{}", look), "name");
}

TEST(Fields, NumbersKeepTheirRange) {
  const auto whole = [](Fields& fields) { static_cast<void>(fields.optional_whole("n", 60, 100)); };
  EXPECT_EQ(refused(R"({"n":60})", whole), "");
  EXPECT_EQ(refused(R"({"n":100})", whole), "");
  EXPECT_EQ(refused("{}", whole), "");
  for (const char* body :
       {R"({"n":59})", R"({"n":101})", R"({"n":60.5})", R"({"n":"60"})", R"({"n":99999999999999999999})"}) {
    EXPECT_EQ(refused(body, whole), "n") << body;
  }
  const auto real = [](Fields& fields) { static_cast<void>(fields.optional_number("n", {-90, 90})); };
  EXPECT_EQ(refused(R"({"n":-90})", real), "");
  EXPECT_EQ(refused(R"({"n":31.25})", real), "");
  for (const char* body : {R"({"n":90.001})", R"({"n":true})", R"({"n":1e400})"}) {
    boost::system::error_code error;
    static_cast<void>(boost::json::parse(body, error));
    if (!error) {
      EXPECT_EQ(refused(body, real), "n") << body;
    }
  }
}

TEST(Fields, NullIsSomethingElseThanLeftOut) {
  const auto days = [](const std::string& body) {
    const auto object = read(body).value();
    return Fields(object).optional_whole_or_null("days", 1, 9);
  };
  EXPECT_FALSE(days("{}").has_value());
  ASSERT_TRUE(days("{\"days\":null}").has_value());
  EXPECT_FALSE(days("{\"days\":null}")->has_value());
  EXPECT_EQ(days("{\"days\":9}").value(), 9);
  EXPECT_FALSE(days("{\"days\":10}").has_value());
}

TEST(Fields, TheFirstWrongFieldIsNamedWithItsPlace) {
  const auto look = [](Fields& fields) {
    static_cast<void>(fields.objects("sections", 2, false, [](Fields& section) {
      static_cast<void>(section.word("kind", {"order", "product"}));
      static_cast<void>(section.objects("fields", 1, true, [](Fields& field) {
        static_cast<void>(field.text("label", {1, 5}));
      }));
    }));
    static_cast<void>(fields.flag("late"));
  };
  EXPECT_EQ(refused(R"({"sections":[{"kind":"order","fields":[{"label":"a"}]}],"late":true})", look), "");
  EXPECT_EQ(refused(R"({"sections":[{"kind":"order","fields":[]},{"kind":"x","fields":[]}]})", look),
            "sections[1].kind");
  EXPECT_EQ(refused(R"({"sections":[{"kind":"order","fields":[{"label":""}]}]})", look), "sections[0].fields[0].label");
  EXPECT_EQ(refused(R"({"sections":[{"kind":"order"}]})", look), "sections[0].fields");
  EXPECT_EQ(refused(R"({"sections":[1]})", look), "sections[0]");
  EXPECT_EQ(refused(R"({"sections":[{},{},{}]})", look), "sections");
  EXPECT_EQ(refused(R"({"sections":{}})", look), "sections");
  EXPECT_EQ(refused(R"({"late":1})", look), "late");
}

TEST(Fields, AListOfTextsChecksEach) {
  const auto look = [](Fields& fields) { static_cast<void>(fields.optional_texts("ids", 2, {1, 3})); };
  EXPECT_EQ(refused(R"({"ids":["a","b"]})", look), "");
  EXPECT_EQ(refused(R"({"ids":["a","long"]})", look), "ids[1]");
  EXPECT_EQ(refused(R"({"ids":["a","b","c"]})", look), "ids");
}

}  // namespace
}  // namespace tw::api
