#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "processing/canvas.hpp"
#include "processing/local_time_zone.hpp"
#include "processing/picture_source.hpp"
#include "recording/processor.hpp"

namespace tw::processing {

/// The picture of a composed file: people side by side, each upright and whole in a column of their own, over it the
/// mark with company, running time and place. Only what changed is drawn again.
class Stage {
 public:
  struct Person {
    std::string caption;
    std::unique_ptr<PictureSource> picture;  ///< null: never sent one
  };
  Stage(std::vector<Person> people, recording::Watermark watermark, int width, int height);

  /// The picture for one moment. `interrupted`: nothing was recorded then. Valid until the next call.
  [[nodiscard]] Result<AVFrame*> at(std::int64_t position_us, std::int64_t tolerance_us, bool interrupted,
                                    WallTime wall);
  [[nodiscard]] const Person& person(std::size_t index) const { return tiles_[index].person; }

 private:
  enum class Shown { nothing, waiting, missing, interrupted, picture };
  struct Tile {
    Person person;
    Area area;
    Shown shown = Shown::nothing;
    std::optional<std::int64_t> missing_since_us;
    std::uint64_t picture = 0;
    int drawn_width = 0;
    int drawn_height = 0;
    media::Rotation rotation = media::Rotation::none;
    Overlay name;
  };
  [[nodiscard]] Result<void> update(Tile& tile, std::int64_t position_us, std::int64_t tolerance_us, bool interrupted);
  void show_card(Tile& tile, Shown shown);
  void show_picture(Tile& tile, const AVFrame& picture);
  void update_mark(WallTime wall);

  std::vector<Tile> tiles_;
  recording::Watermark watermark_;
  LocalTimeZone zone_;
  Canvas clean_;
  FramePtr marked_;
  Overlay mark_;
  std::optional<std::chrono::sys_seconds> mark_second_;
};

}  // namespace tw::processing
