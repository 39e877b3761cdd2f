#include "service/ice_servers.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/scratch_folder_test_support.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;

const WallTime kNow{std::chrono::seconds{1'800'000'000}};

TEST(IceServers, FixedOnesAreGivenAsConfigured) {
  const auto servers =
      ice_servers_for({{"stun:stun.example:3478", "turn:turn.example:3478|me|se|cret"}, {}, {}}, "customer", kNow);
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].urls, std::vector<std::string>{"stun:stun.example:3478"});
  EXPECT_TRUE(servers[0].username.empty());
  EXPECT_EQ(servers[1].username, "me");
  EXPECT_EQ(servers[1].credential, "se|cret");
}

TEST(IceServers, TurnCredentialsExpireNameTheirHolderAndNeverShowTheSecret) {
  const IceServerSettings settings{{}, {"turn:turn.example:3478?transport=udp", "turns:turn.example:5349"}, "north"};
  const auto servers = ice_servers_for(settings, "customer", kNow);
  ASSERT_EQ(servers.size(), 1U);
  EXPECT_EQ(servers[0].urls, settings.turn_servers);
  const auto colon = servers[0].username.find(':');
  ASSERT_NE(colon, std::string::npos);
  EXPECT_EQ(servers[0].username.substr(colon + 1), "customer");
  const auto expires = std::stoll(servers[0].username.substr(0, colon));
  EXPECT_GE(expires, 1'800'000'000 + 12 * 3600);
  EXPECT_LE(expires, 1'800'000'000 + 24 * 3600);
  EXPECT_EQ(servers[0].credential.find("north"), std::string::npos);
  EXPECT_NE(servers[0].credential, ice_servers_for(settings, "agent", kNow)[0].credential);
  EXPECT_EQ(servers[0].credential, ice_servers_for(settings, "customer", kNow + 1min)[0].credential);
  EXPECT_NE(servers[0].credential, ice_servers_for(settings, "customer", kNow + 24h)[0].credential);
}

TEST(IceServers, TheSecretFileIsReadWithoutItsLineEndAndChecked) {
  const ScratchFolder folder;
  const auto file = folder.path() / "turn.secret";
  std::ofstream(file) << "north\n";
  EXPECT_EQ(read_turn_secret(file.string()), "north");
  EXPECT_EQ(read_turn_secret(""), "");
  std::ofstream(file) << "\n";
  EXPECT_THROW(static_cast<void>(read_turn_secret(file.string())), std::runtime_error);
  std::ofstream(file) << std::string(kMaxTurnSecretBytes + 1, 'x');
  EXPECT_THROW(static_cast<void>(read_turn_secret(file.string())), std::runtime_error);
  EXPECT_THROW(static_cast<void>(read_turn_secret((folder.path() / "none").string())), std::runtime_error);
}

}  // namespace
}  // namespace tw::service
