#include "processing/stage.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "evidence/watermark_text.hpp"

namespace tw::processing {
namespace {

constexpr double kMarkFontPx = 20;
constexpr double kNameFontPx = 18;
constexpr double kCardFontPx = 28;
/// A picture that is missing for less (the first keyframe's way at the start) is no news to whoever watches.
constexpr std::int64_t kCaptionAfterUs = 1'000'000;
constexpr const char* kNoPicture = "无画面 No picture";
constexpr const char* kInterrupted = "录制中断 Recording interrupted";

struct Yuv {
  std::uint8_t y, u, v;
};
constexpr Yuv kGround{20, 130, 126};  // beside a picture
constexpr Yuv kCalm{44, 134, 122};    // instead of one

}  // namespace

Stage::Stage(std::vector<Person> people, recording::Watermark watermark, int width, int height)
    : watermark_(std::move(watermark)),
      zone_(watermark_.time_zone),
      clean_(width, height),
      marked_(make_picture(width, height, AV_PIX_FMT_YUV420P)) {
  const int columns = std::max(1, static_cast<int>(people.size()));
  for (int i = 0; i < static_cast<int>(people.size()); ++i) {
    Tile tile{.person = std::move(people[static_cast<std::size_t>(i)]), .area = {}, .missing_since_us = {}, .name = {}};
    const int left = width * i / columns & ~1;
    const int right = width * (i + 1) / columns & ~1;
    tile.area = {left, 0, right - left, height};
    const std::string name = evidence::clean_line(tile.person.caption);
    if (!name.empty()) {
      TextStyle style;
      style.font_px = kNameFontPx;
      style.width = tile.area.width;
      style.shrink = true;
      style.ground[3] = 0.35;
      tile.name = Overlay(paint_text({name}, style));
    }
    tiles_.push_back(std::move(tile));
  }
}

void Stage::show_card(Tile& tile, Shown shown) {
  if (tile.shown == shown) return;
  tile.shown = shown;
  clean_.fill(tile.area, kCalm.y, kCalm.u, kCalm.v);
  if (shown == Shown::waiting) return;
  TextStyle style;
  style.font_px = kCardFontPx;
  style.width = tile.area.width;
  style.centred = true;
  style.ground[3] = 0;
  std::vector<std::string> lines;
  if (auto caption = evidence::clean_line(tile.person.caption); !caption.empty()) lines.push_back(std::move(caption));
  lines.emplace_back(shown == Shown::interrupted ? kInterrupted : kNoPicture);
  const Overlay text(paint_text(lines, style));
  text.blend(clean_.frame(), tile.area.x, tile.area.y + std::max(0, (tile.area.height - text.height()) / 4 * 2));
}

void Stage::show_picture(Tile& tile, const AVFrame& picture) {
  const media::Rotation rotation = tile.person.picture->rotation();
  const bool same_place = tile.shown == Shown::picture && tile.drawn_width == picture.width &&
                          tile.drawn_height == picture.height && tile.rotation == rotation;
  if (same_place && tile.picture == tile.person.picture->number()) return;
  if (!same_place) clean_.fill(tile.area, kGround.y, kGround.u, kGround.v);
  if (!clean_.draw(picture, rotation, tile.area)) return;
  tile.shown = Shown::picture;
  tile.picture = tile.person.picture->number();
  tile.drawn_width = picture.width;
  tile.drawn_height = picture.height;
  tile.rotation = rotation;
}

Result<void> Stage::update(Tile& tile, std::int64_t position_us, std::int64_t tolerance_us, bool interrupted) {
  const AVFrame* picture = nullptr;
  if (tile.person.picture) {
    auto found = tile.person.picture->at(position_us, tolerance_us);
    if (!found) return tl::unexpected(found.error());
    picture = *found;
  }
  if (picture != nullptr && !interrupted) {
    tile.missing_since_us.reset();
    show_picture(tile, *picture);
    return {};
  }
  if (!tile.missing_since_us) tile.missing_since_us = position_us;
  const bool for_long = position_us - *tile.missing_since_us >= kCaptionAfterUs;
  show_card(tile, interrupted ? Shown::interrupted : for_long ? Shown::missing : Shown::waiting);
  return {};
}

void Stage::update_mark(WallTime wall) {
  const auto second = std::chrono::floor<std::chrono::seconds>(wall);
  if (mark_second_ == second) return;
  mark_second_ = second;
  std::string line;
  for (const std::string& fact : evidence::watermark_lines({.company = watermark_.company,
                                 .at = wall,
                                 .utc_offset = zone_.offset_at(wall),
                                 .place = watermark_.place})) {
    line += (line.empty() ? "" : "  ·  ") + fact;
  }
  TextStyle style;
  style.font_px = kMarkFontPx;
  style.width = clean_.frame().width;
  style.padding_px = 6;
  style.centred = true;
  mark_ = Overlay(paint_text({line}, style));
}

Result<AVFrame*> Stage::at(std::int64_t position_us, std::int64_t tolerance_us, bool interrupted, WallTime wall) {
  for (Tile& tile : tiles_) {
    if (auto updated = update(tile, position_us, tolerance_us, interrupted); !updated)
      return tl::unexpected(updated.error());
  }
  update_mark(wall);
  // An encoder may still hold the last picture's buffers.
  if (av_frame_make_writable(marked_.get()) < 0 || av_frame_copy(marked_.get(), &clean_.frame()) < 0)
    throw std::bad_alloc();
  for (const Tile& tile : tiles_) {
    if (tile.shown == Shown::picture) tile.name.blend(*marked_, tile.area.x, tile.area.y);
  }
  mark_.blend(*marked_, 0, (marked_->height - mark_.height()) & ~1);
  return marked_.get();
}

}  // namespace tw::processing
