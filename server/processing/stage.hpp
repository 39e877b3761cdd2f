#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "processing/canvas.hpp"
#include "processing/layout.hpp"
#include "processing/local_time_zone.hpp"
#include "processing/picture_source.hpp"
#include "processing/scene.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// The picture of a composed film: whoever the scene names, each upright and whole in a place of their own, over it the
/// mark with company, names, running time and place. Only what changed is drawn again.
class Stage {
 public:
  struct Source {
    std::string caption;
    std::unique_ptr<PictureSource> picture;  ///< null: never sent one
    /// Captions that follow, each from its position on; in order.
    std::deque<std::pair<std::int64_t, std::string>> captions{};
  };
  struct Setting {
    std::vector<Source> people;  ///< as the scene plan counts them
    std::vector<Source> large;   ///< screens and films, as the scene plan counts them
    recording::Watermark watermark;
    recording::LayoutStyle style = recording::LayoutStyle::side_by_side;
    int width = 1280;
    int height = 720;
  };
  explicit Stage(Setting setting);

  /// What one moment shows.
  struct Moment {
    std::int64_t position_us = 0;
    std::int64_t tolerance_us = 0;
    WallTime wall;
    bool interrupted = false;  ///< nothing was recorded then
  };
  /// Valid until the next call.
  [[nodiscard]] Result<AVFrame*> at(const Moment& moment, ScenePlan& plan);
  [[nodiscard]] const Source& person(std::size_t index) const { return people_[index].source; }

 private:
  struct Tile {
    enum class Shown { nothing, waiting, card, picture };
    Source source;
    Area area{};
    Shown shown = Shown::nothing;
    const char* words = nullptr;  ///< of the card
    std::optional<std::int64_t> missing_since_us;
    std::uint64_t picture = 0;
    int drawn_width = 0;
    int drawn_height = 0;
    media::Rotation rotation = media::Rotation::none;
    Overlay name;
  };
  void set_up(const Scene& scene);
  void follow_captions(std::int64_t at_us);
  void place(Tile& tile, const Area& area);
  [[nodiscard]] Result<bool> update_picture(Tile& tile, const Moment& moment, bool redraw);
  [[nodiscard]] Result<bool> update_face(Tile& tile, std::size_t index, const Moment& moment, const ScenePlan& plan,
                                         bool redraw);
  void show_card(Tile& tile, const char* words);
  [[nodiscard]] bool show_picture(Tile& tile, const AVFrame& picture, bool redraw);
  void update_mark(WallTime wall);

  std::vector<Tile> people_;
  std::vector<Tile> large_;
  recording::Watermark watermark_;
  recording::LayoutStyle style_;
  std::optional<Scene> scene_;
  LocalTimeZone zone_;
  Canvas clean_;
  FramePtr marked_;
  Overlay mark_;
  std::optional<std::chrono::sys_seconds> mark_second_;
};

}  // namespace tw::processing
