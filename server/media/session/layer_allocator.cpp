#include "media/session/layer_allocator.hpp"

#include <algorithm>

namespace tw::media {
namespace {

using Allocator = LayerAllocator;

std::uint32_t percent(std::uint32_t bps, unsigned of_hundred) {
  return static_cast<std::uint32_t>(std::uint64_t{bps} * of_hundred / 100);
}

/// Where in the view the chosen layer is; the smallest when it does not arrive (any more).
std::size_t place_of(const PictureView& view, std::uint8_t layer) {
  for (std::size_t i = 0; i < view.count; ++i) {
    if (view.layers[i].layer == layer) return i;
  }
  return 0;
}

/// True once what is over the budget has been so for `patience`.
bool over_for(PictureChoice& choice, bool over, std::chrono::milliseconds patience, SteadyTime now) {
  if (!over) {
    choice.over_since.reset();
    return false;
  }
  if (!choice.over_since) choice.over_since = now;
  return now - *choice.over_since >= patience;
}

void change(PictureChoice& choice, SteadyTime now) {
  choice.changed = now;
  choice.over_since.reset();
}

/// The first picture on a path, or one of a publisher who came back: what fits at once, no waiting.
void decide(PictureDemand& demand, std::uint32_t budget, SteadyTime now) {
  PictureChoice& choice = *demand.choice;
  choice.decided = true;
  choice.paused = false;
  std::size_t place = 0;
  while (place + 1 < demand.view.count && demand.view.layers[place + 1].bps > 0 &&
         percent(demand.view.layers[place + 1].bps, Allocator::kUpPercent) <= budget) {
    ++place;
  }
  choice.layer = demand.view.layers[place].layer;
  change(choice, now);
}

void step_down(PictureDemand& demand, std::size_t place, SteadyTime now) {
  PictureChoice& choice = *demand.choice;
  choice.layer = demand.view.layers[place - 1].layer;
  choice.hold = std::clamp(choice.hold * 2, std::chrono::seconds{Allocator::kFirstHold},
                           std::chrono::seconds{Allocator::kMostHold});
  change(choice, now);
}

/// The small layer: kept, paused or resumed. Returns what it takes of the budget.
std::uint32_t settle_base(PictureDemand& demand, std::uint32_t budget, std::uint32_t slack, bool congested,
                          SteadyTime now) {
  PictureChoice& choice = *demand.choice;
  const std::uint32_t base = demand.view.layers[0].bps;
  if (!choice.decided) decide(demand, budget, now);
  if (choice.paused) {
    if (congested || percent(base, Allocator::kResumePercent) > budget ||
        now - choice.changed < Allocator::kResumeAfter)
      return 0;
    choice.paused = false;
    choice.layer = demand.view.layers[0].layer;
    change(choice, now);
  } else if (place_of(demand.view, choice.layer) == 0) {
    choice.layer = demand.view.layers[0].layer;
    if (over_for(choice, congested && base > budget + slack, Allocator::kPauseAfter, now)) {
      choice.paused = true;
      change(choice, now);
      return 0;
    }
  }
  return base;
}

/// Layers above the small one, with what is left of the budget beside it. Returns what they take.
std::uint32_t settle_layer(PictureDemand& demand, std::uint32_t budget, std::uint32_t slack, bool congested,
                           SteadyTime now) {
  PictureChoice& choice = *demand.choice;
  const auto& layers = demand.view.layers;
  const std::uint32_t base = layers[0].bps;
  const auto above_base = [&](std::size_t i) { return layers[i].bps > base ? layers[i].bps - base : 0; };
  std::size_t place = place_of(demand.view, choice.layer);
  if (place > 0 && over_for(choice, congested && above_base(place) > budget + slack, Allocator::kStepDownAfter, now)) {
    step_down(demand, place--, now);
  } else if (place + 1 < demand.view.count && !congested && layers[place + 1].bps > 0 &&
             percent(above_base(place + 1), Allocator::kUpPercent) <= budget && now - choice.changed >= choice.hold) {
    choice.layer = layers[++place].layer;
    change(choice, now);
  }
  return std::min(above_base(place), budget);
}

}  // namespace

std::uint32_t LayerAllocator::allocate(std::uint32_t estimate_bps, std::uint32_t shown_bps, std::uint32_t sound_bps,
                                       bool congested, std::span<PictureDemand> pictures, SteadyTime now) {
  const std::uint32_t slack = shown_bps > estimate_bps ? shown_bps - estimate_bps : 0;
  std::uint32_t budget = estimate_bps > sound_bps ? estimate_bps - sound_bps : 0;
  std::uint32_t wanted = sound_bps;
  bool better_possible = false;
  for (auto& demand : pictures) {
    if (demand.view.count == 0) continue;
    const std::uint32_t taken = settle_base(demand, budget, slack, congested, now);
    budget -= std::min(taken, budget);
    const auto& best = demand.view.layers[demand.view.count - 1];
    const std::uint32_t goal = demand.choice->paused ? demand.view.layers[0].bps : best.bps;
    wanted += percent(goal, demand.choice->paused ? kResumePercent : kUpPercent);
  }
  for (auto& demand : pictures) {
    if (demand.view.count == 0) continue;
    if (!demand.choice->paused) budget -= std::min(settle_layer(demand, budget, slack, congested, now), budget);
    const auto& best = demand.view.layers[demand.view.count - 1];
    better_possible = better_possible || demand.choice->paused || demand.choice->layer != best.layer;
  }
  return better_possible ? wanted : 0;
}

}  // namespace tw::media
