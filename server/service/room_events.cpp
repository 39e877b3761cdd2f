#include "service/room_events.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <string_view>

namespace tw::service {
namespace {

struct Known {
  std::string_view kind;
  std::string_view title;  ///< of a chapter; empty: the event only changes the picture
};
/// Titles are in both languages, because a file is read where its catalogue is not.
constexpr std::array kKnown{
    Known{"answered", "接通 Answered"},
    Known{"photo_taken", "拍照 Photo"},
    Known{"connection_lost", "连接中断 Connection lost"},
    Known{"connection_restored", "连接恢复 Connection restored"},
    Known{"guest_joined", "来宾加入 Guest joined"},
    Known{"guest_left", "来宾离开 Guest left"},
    Known{"transfer_completed", "转接完成 Transferred"},
    Known{"hold_started", "通话保持 On hold"},
    Known{"hold_ended", "恢复通话 Resumed"},
    Known{"supervisor_joined", "主管加入 Supervisor joined"},
    Known{"supervisor_left", ""},
    Known{"screen_started", "共享屏幕 Screen shared"},
    Known{"screen_stopped", "停止共享屏幕 Screen no longer shared"},
    Known{"player_started", "播放开始 Playing"},
    Known{"player_ended", "播放结束 Played"},
    Known{"prompt_spoken", "语音提示 Prompt"},
    Known{"customer_left_page", "客户离开页面 Customer left the page"},
    Known{"customer_device_lost", "设备中断 Device lost"},
    Known{"customer_device_back", "设备恢复 Device back"},
    Known{"customer_returned", "客户返回 Customer returned"},
};

/// A film's list is refused when it is longer; an interview has some dozens.
constexpr std::size_t kMostEvents = 10'000;

std::string text_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// Empty where an entry has none.
boost::json::object data_of(const domain::TimelineEntry& entry) {
  boost::system::error_code error;
  const auto data = boost::json::parse(entry.data_json, error);
  return error || !data.is_object() ? boost::json::object() : data.as_object();
}

}  // namespace

std::vector<recording::RoomEvent> room_events(const std::vector<domain::TimelineEntry>& timeline) {
  std::vector<recording::RoomEvent> events;
  for (const auto& entry : timeline) {
    const auto* known =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& item) { return item.kind == entry.kind; });
    if (events.size() >= kMostEvents) break;
    // A mark is called as the agent's list called it.
    if (entry.kind == "mark_set") events.push_back({entry.at, entry.kind, text_of(data_of(entry), "label")});
    if (known != kKnown.end()) events.push_back({entry.at, entry.kind, std::string(known->title)});
  }
  return events;
}

std::vector<recording::ComposeJob::Person> guests_in(const std::vector<domain::TimelineEntry>& timeline) {
  std::vector<recording::ComposeJob::Person> guests;
  for (const auto& entry : timeline) {
    if (entry.kind != "guest_joined") continue;
    const auto data = data_of(entry);
    const std::string participant = text_of(data, "guestId");
    const bool known =
        std::any_of(guests.begin(), guests.end(), [&](const auto& guest) { return guest.participant == participant; });
    if (!participant.empty() && !known) guests.push_back({participant, text_of(data, "displayName"), false});
  }
  return guests;
}

std::vector<HeardSupervisor> supervisors_in(const std::vector<domain::TimelineEntry>& timeline, bool joined_only) {
  std::vector<HeardSupervisor> supervisors;
  for (const auto& entry : timeline) {
    if (entry.kind != "supervisor_joined" && (joined_only || entry.kind != "supervisor_whispering")) continue;
    const auto data = data_of(entry);
    const std::string participant = text_of(data, "sessionId");
    const bool known = std::any_of(supervisors.begin(), supervisors.end(),
                                   [&](const auto& heard) { return heard.participant == participant; });
    if (!participant.empty() && !known) supervisors.push_back({participant, text_of(data, "userId")});
  }
  return supervisors;
}

std::vector<SeatedAgent> agents_in(const std::vector<domain::TimelineEntry>& timeline) {
  std::vector<SeatedAgent> agents;
  for (const auto& entry : timeline) {
    if (entry.kind != "answered" && entry.kind != "transfer_completed") continue;
    std::string user = text_of(data_of(entry), "agentId");
    if (!user.empty() && (agents.empty() || agents.back().user != user)) agents.push_back({entry.at, std::move(user)});
  }
  return agents;
}

}  // namespace tw::service
