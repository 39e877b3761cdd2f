#include "processing/scene.hpp"

#include <algorithm>
#include <utility>

namespace tw::processing {
namespace {

/// Somebody who comes back within this has not gone: a reconnection must not turn the picture over.
constexpr std::int64_t kReturnWithinUs = 5'000'000;

bool covers(const std::vector<Stretch>& stretches, std::int64_t at_us, std::int64_t longer_us = 0) {
  return std::any_of(stretches.begin(), stretches.end(), [&](const Stretch& stretch) {
    return at_us >= stretch.from_us && at_us < stretch.to_us + longer_us;
  });
}

}  // namespace

const char* words_for(Missing why) {
  switch (why) {
    case Missing::unknown: return "无画面 No picture";
    case Missing::absent: return "未连接 Not connected";
    case Missing::voice_only: return "仅语音 Voice only";
    case Missing::camera_off: return "摄像头已关闭 Camera off";
    case Missing::left_page: return "已离开页面 Left the page";
    case Missing::on_hold: return "通话保持 On hold";
  }
  return "";
}

ScenePlan::ScenePlan(std::vector<Person> people, std::map<media::StreamKey, Activity> activity,
                     std::vector<media::StreamKey> large, std::vector<Event> events)
    : people_(std::move(people)), activity_(std::move(activity)), large_(std::move(large)), events_(std::move(events)) {
  std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return a.at_us < b.at_us; });
}

void ScenePlan::follow_events(std::int64_t at_us) {
  for (; next_event_ < events_.size() && events_[next_event_].at_us <= at_us; ++next_event_) {
    const std::string& kind = events_[next_event_].kind;
    if (kind == "customer_left_page") customer_left_page_ = true;
    if (kind == "customer_returned") customer_left_page_ = false;
    if (kind == "hold_started") on_hold_ = true;
    if (kind == "hold_ended") on_hold_ = false;
  }
}

Scene ScenePlan::at(std::int64_t at_us) {
  follow_events(at_us);
  Scene scene;
  for (std::size_t i = 0; i < large_.size() && !scene.large; ++i) {
    const auto found = activity_.find(large_[i]);
    if (found != activity_.end() && covers(found->second.picture, at_us)) scene.large = i;
  }
  for (std::size_t i = 0; i < people_.size(); ++i) {
    bool there = people_[i].always;
    const auto camera = activity_.find({people_[i].participant, kCamera});
    if (!there && camera != activity_.end()) {
      there = covers(camera->second.sound, at_us, kReturnWithinUs) ||
              covers(camera->second.picture, at_us, kReturnWithinUs);
    }
    if (there) scene.faces.push_back(i);
  }
  return scene;
}

Missing ScenePlan::why_missing(std::size_t person, std::int64_t at_us) const {
  const std::string& participant = people_[person].participant;
  const bool customer = participant == kCustomer;
  if (customer && on_hold_) return Missing::on_hold;
  if (customer && customer_left_page_) return Missing::left_page;
  const auto camera = activity_.find({participant, kCamera});
  if (camera == activity_.end()) return Missing::absent;
  const bool heard = covers(camera->second.sound, at_us);
  if (covers(camera->second.picture, at_us)) return heard ? Missing::camera_off : Missing::unknown;
  return heard ? Missing::voice_only : Missing::absent;
}

}  // namespace tw::processing
