#pragma once

#include <functional>
#include <thread>
#include <variant>

#include "base/bounded_queue.hpp"
#include "media/media_engine.hpp"

namespace tw::app {

/// Carries what media workers report to the use cases, which block: a worker's thread only queues it. One thread hands
/// everything on, in order.
class MediaNews final : public media::MediaListener {
 public:
  using News = std::variant<media::SessionEvent, media::SessionQuality, media::PlayerEvent>;

  MediaNews();
  ~MediaNews() override { stop(); }
  MediaNews(const MediaNews&) = delete;
  MediaNews& operator=(const MediaNews&) = delete;

  /// From now on news go to `take`; those from before are kept for it.
  void start(std::function<void(const News&)> take);
  /// Nothing is handed on afterwards.
  void stop();

  void on_session(const media::SessionEvent& event) override;
  void on_quality(const media::SessionQuality& quality) override;
  void on_player(const media::PlayerEvent& event) override;

 private:
  BoundedQueue<News> queue_;
  std::thread thread_;
};

}  // namespace tw::app
