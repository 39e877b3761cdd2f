#include "app/media_news.hpp"

#include <exception>

#include "base/log.hpp"

namespace tw::app {
namespace {
/// A session has about five stops in its life and a report every 2 s: thousands of calls fit while SQL is slow.
constexpr std::size_t kMaxWaitingNews = 65'536;
}  // namespace

MediaNews::MediaNews() : queue_(kMaxWaitingNews) {}

void MediaNews::start(std::function<void(const News&)> take) {
  thread_ = std::thread([this, take = std::move(take)] {
    while (auto news = queue_.pop()) {
      try {
        take(*news);
      } catch (const std::exception& error) {
        log::error("media news could not be taken", {{"what", error.what()}});
      }
    }
  });
}

void MediaNews::stop() {
  queue_.close();
  while (queue_.try_pop()) {
  }
  if (thread_.joinable()) thread_.join();
}

void MediaNews::on_session(const media::SessionEvent& event) {
  if (!queue_.try_push(News(event))) log::error("media news are lost: the database does not keep up");
}

void MediaNews::on_quality(const media::SessionQuality& quality) {
  // A lost report is made good by the next.
  static_cast<void>(queue_.try_push(News(quality)));
}

void MediaNews::on_player(const media::PlayerEvent& event) {
  // Pages count on by themselves; how it ends they must be told.
  if (event.state != media::PlayerState::finished && event.state != media::PlayerState::stopped) return;
  if (!queue_.try_push(News(event))) log::error("media news are lost: the database does not keep up");
}

}  // namespace tw::app
