#include "base/config.hpp"

#include <gtest/gtest.h>

namespace tw {
namespace {

TEST(Config, EmptyTextGivesTheDefaults) {
  const auto config = parse_config("", "test");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->server.port, 8443);
  EXPECT_EQ(config->desk.ring_timeout_s, 30);
}

TEST(Config, TheSampleIsReadBackToTheDefaults) {
  const auto config = parse_config(sample_config(), "sample");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server.listen, Config{}.server.listen);
  EXPECT_EQ(config->media.video_kbps, Config{}.media.video_kbps);
}

TEST(Config, ValuesOfEveryTypeAreTaken) {
  const auto config = parse_config(
      "[server]\nport = 9000\nlisten = [\"127.0.0.1\"]\ntrust_forwarded_for = true\n[log]\nformat = \"json\"\n",
      "test");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->server.port, 9000);
  EXPECT_EQ(config->server.listen, std::vector<std::string>{"127.0.0.1"});
  EXPECT_TRUE(config->server.trust_forwarded_for);
  EXPECT_EQ(config->log.format, "json");
}

TEST(Config, BadInputIsRefusedByName) {
  struct Case {
    const char* text;
    const char* code;
    const char* named;
  };
  const Case cases[] = {
      {"[server]\nprot = 1\n", "config.unknown_key", "server.prot"},
      {"[sever]\nport = 1\n", "config.unknown_key", "sever"},
      {"port = 1\n", "config.unknown_key", "port"},
      {"[server]\nport = \"8443\"\n", "config.wrong_type", "server.port"},
      {"[server]\nport = 65536\n", "config.out_of_range", "server.port"},
      {"[server]\nport = -1\n", "config.out_of_range", "server.port"},
      {"[server]\nlisten = \"::\"\n", "config.wrong_type", "server.listen"},
      {"[server]\nlisten = [1]\n", "config.wrong_type", "server.listen"},
      {"[server]\ntrust_forwarded_for = 1\n", "config.wrong_type", "server.trust_forwarded_for"},
      {"[media]\nvideo_codec = \"AV1\"\n", "config.out_of_range", "media.video_codec"},
      {"[recording]\nlayout = \"mosaic\"\n", "config.out_of_range", "recording.layout"},
      {"[server\n", "config.malformed", "test"},
  };
  for (const auto& c : cases) {
    const auto config = parse_config(c.text, "test");
    ASSERT_FALSE(config) << c.text;
    EXPECT_EQ(config.error().code, c.code) << c.text;
    EXPECT_NE(config.error().message.find(c.named), std::string::npos) << config.error().message;
  }
}

}  // namespace
}  // namespace tw
