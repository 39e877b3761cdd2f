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
/// Places narrower than this have smaller letters.
constexpr int kNarrowPx = 480;
constexpr double kNarrowFontPx = 15;
/// A picture that is missing for less (the first keyframe's way at the start) is no news to whoever watches.
constexpr std::int64_t kCaptionAfterUs = 1'000'000;
constexpr const char* kInterrupted = "录制中断 Recording interrupted";

struct Yuv {
  std::uint8_t y, u, v;
};
constexpr Yuv kGround{20, 130, 126};  // beside a picture
constexpr Yuv kCalm{44, 134, 122};    // instead of one

bool overlap(const Area& a, const Area& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

}  // namespace

Stage::Stage(Setting setting)
    : watermark_(std::move(setting.watermark)),
      style_(setting.style),
      zone_(watermark_.time_zone),
      clean_(setting.width, setting.height),
      marked_(make_picture(setting.width, setting.height, AV_PIX_FMT_YUV420P)) {
  const auto tiles_of = [](std::vector<Source>& sources) {
    std::vector<Tile> tiles(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) tiles[i].source = std::move(sources[i]);
    return tiles;
  };
  people_ = tiles_of(setting.people);
  large_ = tiles_of(setting.large);
}

void Stage::place(Tile& tile, const Area& area) {
  tile.shown = Tile::Shown::nothing;
  if (tile.area == area) return;
  tile.area = area;
  tile.name = Overlay();
  const std::string name = evidence::clean_line(tile.source.caption);
  if (name.empty()) return;
  TextStyle style;
  style.font_px = area.width < kNarrowPx ? kNarrowFontPx : kNameFontPx;
  style.width = area.width;
  style.shrink = true;
  style.ground[3] = 0.35;
  tile.name = Overlay(paint_text({name}, style));
}

void Stage::set_up(const Scene& scene) {
  if (scene_ == scene) return;
  scene_ = scene;
  AVFrame& frame = clean_.frame();
  clean_.fill({0, 0, frame.width, frame.height}, kGround.y, kGround.u, kGround.v);
  const Layout layout = lay_out(scene.faces.size(), scene.large.has_value(), style_, frame.width, frame.height);
  if (scene.large) place(large_[*scene.large], layout.large);
  for (std::size_t i = 0; i < scene.faces.size(); ++i) place(people_[scene.faces[i]], layout.faces[i]);
}

/// The next set-up paints the new name; the mark is drawn again with it.
void Stage::follow_captions(std::int64_t at_us) {
  for (Tile& tile : people_) {
    auto& coming = tile.source.captions;
    while (!coming.empty() && coming.front().first <= at_us) {
      tile.source.caption = std::move(coming.front().second);
      coming.pop_front();
      tile.area = {};
      scene_.reset();
      mark_second_.reset();
    }
  }
}

void Stage::show_card(Tile& tile, const char* words) {
  tile.shown = words == nullptr ? Tile::Shown::waiting : Tile::Shown::card;
  tile.words = words;
  clean_.fill(tile.area, kCalm.y, kCalm.u, kCalm.v);
  if (words == nullptr) return;
  TextStyle style;
  style.font_px = tile.area.width < kNarrowPx ? kNarrowFontPx : kCardFontPx;
  style.width = tile.area.width;
  style.centred = true;
  style.ground[3] = 0;
  std::vector<std::string> lines;
  if (auto caption = evidence::clean_line(tile.source.caption); !caption.empty()) lines.push_back(std::move(caption));
  lines.emplace_back(words);
  const Overlay text(paint_text(lines, style));
  text.blend(clean_.frame(), tile.area.x, tile.area.y + std::max(0, (tile.area.height - text.height()) / 4 * 2));
}

bool Stage::show_picture(Tile& tile, const AVFrame& picture, bool redraw) {
  const media::Rotation rotation = tile.source.picture->rotation();
  const bool same_place = tile.shown == Tile::Shown::picture && tile.drawn_width == picture.width &&
                          tile.drawn_height == picture.height && tile.rotation == rotation;
  if (same_place && !redraw && tile.picture == tile.source.picture->number()) return false;
  if (!same_place || redraw) clean_.fill(tile.area, kGround.y, kGround.u, kGround.v);
  if (!clean_.draw(picture, rotation, tile.area)) return false;
  tile.shown = Tile::Shown::picture;
  tile.picture = tile.source.picture->number();
  tile.drawn_width = picture.width;
  tile.drawn_height = picture.height;
  tile.rotation = rotation;
  return true;
}

/// A screen or a film: between two of its pictures the last one stays.
Result<bool> Stage::update_picture(Tile& tile, const Moment& moment, bool redraw) {
  if (!tile.source.picture) return false;
  const auto found = tile.source.picture->newest(moment.position_us, moment.tolerance_us);
  if (!found) return tl::unexpected(found.error());
  return *found != nullptr && show_picture(tile, **found, redraw);
}

/// True when something was drawn.
Result<bool> Stage::update_face(Tile& tile, std::size_t index, const Moment& moment, const ScenePlan& plan,
                                bool redraw) {
  const AVFrame* picture = nullptr;
  if (tile.source.picture) {
    auto found = tile.source.picture->at(moment.position_us, moment.tolerance_us);
    if (!found) return tl::unexpected(found.error());
    picture = *found;
  }
  if (picture != nullptr && !moment.interrupted) {
    tile.missing_since_us.reset();
    return show_picture(tile, *picture, redraw);
  }
  if (!tile.missing_since_us) tile.missing_since_us = moment.position_us;
  const bool for_long = moment.position_us - *tile.missing_since_us >= kCaptionAfterUs;
  const char* words = moment.interrupted ? kInterrupted
                      : for_long         ? words_for(plan.why_missing(index, moment.position_us))
                                         : nullptr;
  const auto wanted = words == nullptr ? Tile::Shown::waiting : Tile::Shown::card;
  if (!redraw && tile.shown == wanted && tile.words == words) return false;
  show_card(tile, words);
  return true;
}

void Stage::update_mark(WallTime wall) {
  const auto second = std::chrono::floor<std::chrono::seconds>(wall);
  if (mark_second_ == second) return;
  mark_second_ = second;
  std::string names;
  for (const std::size_t index : scene_->faces) {
    const std::string& caption = people_[index].source.caption;
    if (!caption.empty()) names += (names.empty() ? "" : " / ") + caption;
  }
  std::string line;
  for (const std::string& fact : evidence::watermark_lines({.company = watermark_.company,
                                 .names = names,
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

Result<AVFrame*> Stage::at(const Moment& moment, ScenePlan& plan) {
  follow_captions(moment.position_us);
  set_up(plan.at(moment.position_us));
  std::vector<const Tile*> drawn;  // what lies over one of these must be drawn again
  const auto covered = [&drawn](const Tile& tile) {
    return std::any_of(drawn.begin(), drawn.end(),
                       [&tile](const Tile* below) { return overlap(below->area, tile.area); });
  };
  if (scene_->large) {
    Tile& tile = large_[*scene_->large];
    const auto updated = update_picture(tile, moment, false);
    if (!updated) return tl::unexpected(updated.error());
    if (*updated) drawn.push_back(&tile);
  }
  for (const std::size_t index : scene_->faces) {
    Tile& tile = people_[index];
    const auto updated = update_face(tile, index, moment, plan, covered(tile));
    if (!updated) return tl::unexpected(updated.error());
    if (*updated) drawn.push_back(&tile);
  }
  update_mark(moment.wall);
  // An encoder may still hold the last picture's buffers.
  if (av_frame_make_writable(marked_.get()) < 0 || av_frame_copy(marked_.get(), &clean_.frame()) < 0)
    throw std::bad_alloc();
  if (scene_->large && large_[*scene_->large].shown == Tile::Shown::picture) {
    const Tile& tile = large_[*scene_->large];
    tile.name.blend(*marked_, tile.area.x, tile.area.y);
  }
  for (const std::size_t index : scene_->faces) {
    const Tile& tile = people_[index];
    if (tile.shown == Tile::Shown::picture) tile.name.blend(*marked_, tile.area.x, tile.area.y);
  }
  mark_.blend(*marked_, 0, (marked_->height - mark_.height()) & ~1);
  return marked_.get();
}

}  // namespace tw::processing
