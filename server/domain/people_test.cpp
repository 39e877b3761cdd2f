#include "domain/people.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace tw::domain {
namespace {

constexpr Party kCustomer{Part::customer, {}};
constexpr Party kAgent{Part::agent, {}};
constexpr Party kGuest{Part::guest, {}};
constexpr Party kPlayer{Part::player, {}};
constexpr Party kListener{Part::supervisor, SupervisionMode::listen};
constexpr Party kWhisperer{Part::supervisor, SupervisionMode::whisper};
constexpr Party kJoiner{Part::supervisor, SupervisionMode::join};

std::string name(const Party& party) {
  std::string text(to_text(party.part));
  if (party.part == Part::supervisor) text += " " + std::string(to_text(party.mode));
  return text;
}

/// Every viewer × every owner × every stream: what may be watched is this list and nothing else.
TEST(People, WhoMayPublishAndWatchWhatIsThisTable) {
  struct Row {
    Party owner;
    std::string_view stream;
    std::vector<Party> viewers;
  };
  const std::vector<Party> humans{kCustomer, kAgent, kGuest, kListener, kWhisperer, kJoiner};
  const std::vector<Row> allowed{
      {kCustomer, kCamera, humans}, {kCustomer, kScreen, humans},  {kAgent, kCamera, humans},
      {kAgent, kScreen, humans},    {kGuest, kCamera, humans},     {kGuest, kScreen, humans},
      {kJoiner, kCamera, humans},   {kPlayer, kBroadcast, humans}, {kWhisperer, kWhisper, {kAgent}},
  };
  const std::vector<Party> everybody{kCustomer, kAgent, kGuest, kPlayer, kListener, kWhisperer, kJoiner};
  const auto same = [](const Party& a, const Party& b) { return name(a) == name(b); };
  for (const Party& owner : everybody) {
    for (const std::string_view stream : {kCamera, kScreen, kWhisper, kBroadcast, std::string_view("other")}) {
      const Row* row = nullptr;
      for (const Row& candidate : allowed) {
        if (same(candidate.owner, owner) && candidate.stream == stream) row = &candidate;
      }
      EXPECT_EQ(may_publish(owner, stream), row != nullptr) << name(owner) << " publishes " << stream;
      for (const Party& viewer : everybody) {
        bool listed = false;
        if (row != nullptr) {
          for (const Party& v : row->viewers) listed |= same(v, viewer);
        }
        EXPECT_EQ(may_watch(viewer, owner, stream), listed)
            << name(viewer) << " watches " << stream << " of " << name(owner);
      }
    }
  }
}

TEST(People, ASupervisorIsSeenAsFarAsTheirModeSays) {
  for (const Party& viewer : {kCustomer, kGuest}) {
    EXPECT_FALSE(may_see(viewer, kListener));
    EXPECT_FALSE(may_see(viewer, kWhisperer));
    EXPECT_TRUE(may_see(viewer, kJoiner));
  }
  EXPECT_FALSE(may_see(kAgent, kListener)) << "listening is unseen by the agent as well";
  EXPECT_TRUE(may_see(kAgent, kWhisperer));
  EXPECT_TRUE(may_see(kListener, kWhisperer));
}

TEST(People, NamesInARoomTellTheirPart) {
  const std::string ulid = "_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  EXPECT_EQ(part_of("customer"), Part::customer);
  EXPECT_EQ(part_of("agent"), Part::agent);
  EXPECT_EQ(part_of("player"), Part::player);
  EXPECT_EQ(part_of("gst" + ulid), Part::guest);
  EXPECT_EQ(part_of("sup" + ulid), Part::supervisor);
  for (const char* text : {"", "gst_", "Customer", "sup_x", "agt_01ARZ3NDEKTSV4RRFFQ69G5FAV"}) {
    EXPECT_EQ(part_of(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tw::domain
