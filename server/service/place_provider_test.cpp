#include "service/place_provider.hpp"

#include <gtest/gtest.h>

namespace tw::service {
namespace {

constexpr place::Position kBund{31.238, 121.49};

std::string field_of(const PlaceProviderRules& rules, std::string_view key) {
  const auto good = check_rules(rules, key);
  if (good) return "";
  EXPECT_EQ(good.error().code, "tenant.place_provider");
  EXPECT_EQ(good.error().kind, ErrorKind::unprocessable);
  return good.error().params.front().second;
}

TEST(PlaceProvider, KnowsRulesThatCannotWork) {
  const std::string url = "https://geo.example/v1?at={longitude},{latitude}";
  const struct {
    const char* what;
    PlaceProviderRules rules;
    const char* key;
    const char* field;
  } kCases[]{
      {"a good one", {url, "/result/address"}, "", ""},
      {"one with a key", {url + "&key={key}", "/result/address"}, "s3cret", ""},
      {"tokens with escapes", {url, "/a~1b/0/~0"}, "", ""},
      {"no longitude", {"https://geo.example/?lat={latitude}", "/a"}, "", "url"},
      {"no latitude", {"https://geo.example/?lon={longitude}", "/a"}, "", "url"},
      {"a placeholder that there is not", {url + "&who={customer}", "/a"}, "", "url"},
      {"a host made of what the customer sends", {"https://{latitude}.example/{longitude}", "/a"}, "", "url"},
      {"no path", {"https://geo.example", "/a"}, "", "url"},
      {"no scheme", {"geo.example/{latitude}/{longitude}", "/a"}, "", "url"},
      {"too long", {url + std::string(PlaceProviderRules::kMostUrlBytes, 'x'), "/a"}, "", "url"},
      {"a key without a place", {url, "/a"}, "s3cret", "key"},
      {"a place without a key", {url + "&key={key}", "/a"}, "", "key"},
      {"a pointer without its slash", {url, "result.address"}, "", "addressPointer"},
      {"an empty pointer", {url, ""}, "", "addressPointer"},
      {"a broken escape", {url, "/a~2"}, "", "addressPointer"},
      {"an escape that is cut off", {url, "/a~"}, "", "addressPointer"},
  };
  for (const auto& one : kCases) EXPECT_EQ(field_of(one.rules, one.key), one.field) << one.what;
}

TEST(PlaceProvider, FillsItsAddress) {
  EXPECT_EQ(provider_url({"https://geo.example/v1?at={longitude},{latitude}&key={key}", "/a"}, "a b&c=%", kBund),
            "https://geo.example/v1?at=121.490000,31.238000&key=a%20b%26c%3D%25");
  const std::string shifted = provider_url({"https://geo.example/{latitude}/{longitude}", "/a", true}, "", kBund);
  EXPECT_TRUE(shifted.starts_with("https://geo.example/31.23")) << shifted;
  EXPECT_NE(shifted, provider_url({"https://geo.example/{latitude}/{longitude}", "/a"}, "", kBund));
  EXPECT_EQ(provider_url({"https://geo.example/{latitude}/{longitude}", "/a"}, "", {-0.5, -180}),
            "https://geo.example/-0.500000/-180.000000");
}

TEST(PlaceProvider, ReadsTheAddressAsOneCleanLine) {
  const auto read = [](std::string_view body, const std::string& pointer) {
    const auto address = address_in(body, pointer);
    if (address) return *address;
    EXPECT_EQ(address.error().code, "place.no_address");
    return std::string("-");
  };
  EXPECT_EQ(read(R"({"regeocode":{"formatted_address":"上海市黄浦区中山东一路"}})", "/regeocode/formatted_address"),
            "上海市黄浦区中山东一路");
  EXPECT_EQ(read(R"({"results":[{"name":"a\n  b\u202e"}]})", "/results/0/name"), "a b");
  // What Amap answers for the sea, other shapes, no JSON at all.
  EXPECT_EQ(read(R"({"regeocode":{"formatted_address":[]}})", "/regeocode/formatted_address"), "-");
  EXPECT_EQ(read(R"({"a":"  "})", "/a"), "-");
  EXPECT_EQ(read(R"({"a":7})", "/a"), "-");
  EXPECT_EQ(read(R"({"a":"x"})", "/b/c"), "-");
  EXPECT_EQ(read(R"([])", "/0"), "-");
  EXPECT_EQ(read("<html>", "/a"), "-");
  EXPECT_EQ(read("", "/a"), "-");
  EXPECT_EQ(read(std::string(100, '['), "/0"), "-");
  const std::string endless = read(R"({"a":")" + std::string(4'000, 'x') + R"("})", "/a");
  EXPECT_TRUE(endless.ends_with("…"));
  EXPECT_LT(endless.size(), 4U * kMostAddressCharacters);
}

}  // namespace
}  // namespace tw::service
