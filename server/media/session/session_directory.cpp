#include "media/session/session_directory.hpp"

#include <algorithm>
#include <utility>

namespace tw::media {

HostedSession& SessionDirectory::add(std::unique_ptr<MediaSession> session, Room& room, const std::string& ufrag) {
  auto hosted = std::make_unique<HostedSession>();
  hosted->number = next_number_++;
  hosted->session = std::move(session);
  hosted->room = &room;
  HostedSession& result = *hosted;
  by_id_.emplace(result.session->identity().id, &result);
  by_number_.emplace(result.number, std::move(hosted));
  learn_ufrag(result, ufrag);
  return result;
}

void SessionDirectory::remove(HostedSession& hosted) {
  newest_ = nullptr;
  for (const auto& path : hosted.paths) {
    // The path may have passed to another session of the same peer meanwhile.
    if (const auto found = by_path_.find(path); found != by_path_.end() && found->second == &hosted)
      by_path_.erase(found);
  }
  for (const auto& ufrag : hosted.ufrags) by_ufrag_.erase(ufrag);
  by_id_.erase(hosted.session->identity().id);
  by_number_.erase(hosted.number);
}

void SessionDirectory::learn_path(HostedSession& hosted, const NetworkPath& path) {
  const auto [at, inserted] = by_path_.try_emplace(path, &hosted);
  if (!inserted && at->second == &hosted) return;
  newest_ = nullptr;
  at->second = &hosted;
  if (hosted.paths.size() >= kMaxPaths) {
    const NetworkPath oldest = hosted.paths.front();
    hosted.paths.erase(hosted.paths.begin());
    if (const auto found = by_path_.find(oldest); found != by_path_.end() && found->second == &hosted)
      by_path_.erase(found);
  }
  hosted.paths.push_back(path);
}

void SessionDirectory::learn_ufrag(HostedSession& hosted, const std::string& ufrag) {
  if (hosted.ufrags.size() >= kMaxUfrags) {
    // Neither the one in use nor the newest: the one that a repeated restart replaced.
    const auto& used = hosted.session->ice().local().ufrag;
    const auto stale = std::ranges::find_if(hosted.ufrags, [&](const auto& name) { return name != used; });
    by_ufrag_.erase(*stale);
    hosted.ufrags.erase(stale);
  }
  by_ufrag_[ufrag] = &hosted;
  hosted.ufrags.push_back(ufrag);
}

HostedSession* SessionDirectory::find(const Names& names, std::string_view name) {
  const auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

HostedSession* SessionDirectory::by_number(std::uint64_t number) {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : found->second.get();
}

HostedSession* SessionDirectory::by_id(std::string_view id) { return find(by_id_, id); }

HostedSession* SessionDirectory::by_ufrag(std::string_view ufrag) { return find(by_ufrag_, ufrag); }

HostedSession* SessionDirectory::by_path(const NetworkPath& path) {
  if (newest_ != nullptr && newest_path_ == path) return newest_;
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return nullptr;
  newest_path_ = path;
  newest_ = found->second;
  return newest_;
}

HostedSession* SessionDirectory::forget_path(const NetworkPath& path) {
  newest_ = nullptr;
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return nullptr;
  HostedSession* hosted = found->second;
  by_path_.erase(found);
  std::erase(hosted->paths, path);
  return hosted;
}

}  // namespace tw::media
