#include "media/session/viewer_bandwidth.hpp"

#include <algorithm>

#include "media/session/viewer_session.hpp"

namespace tw::media {
namespace {

/// A shared screen is what everybody looks at; then what was subscribed to first.
int importance(const ViewerSession& session) {
  const std::string& name = session.identity().stream.name;
  return name == "screen" || name == "broadcast" ? 0 : 1;
}

}  // namespace

void ViewerBandwidth::add(ViewerSession& session) {
  sessions_.push_back(&session);
  ordered_ = sessions_;
  std::ranges::stable_sort(ordered_, {}, [](const ViewerSession* s) { return importance(*s); });
  demands_.reserve(sessions_.size());
  if (!session.tells_of_path() && !estimator_.informed()) estimator_.assume(kUninformedBps);
}

void ViewerBandwidth::remove(const MediaSession& session) {
  const auto is_it = [&](const ViewerSession* s) { return s == &session; };
  std::erase_if(sessions_, is_it);
  std::erase_if(ordered_, is_it);
  if (probing_ == &session) probing_ = nullptr;
}

void ViewerBandwidth::on_feedback(ViewerSession& from, PathFeedback feedback, MediaTime now) {
  for (ViewerSession* session : sessions_) feedback.acked_bps += session->acked_bps(now);
  estimator_.on_feedback(feedback, now.steady);
  standing_ms_ = feedback.standing_ms;
  shown_bps_ = feedback.standing_ms < kNoQueueMs ? feedback.acked_bps / 100 * kShownPercent : 0;
  if (probing_ == &from && from.probe() && from.probe()->finished(now.steady)) {
    const auto reached = from.probe()->result_bps();
    planner_.on_result(reached, from.probe()->target_bps(), estimator_.bps(), now.steady);
    if (reached) estimator_.on_probe(*reached, now.steady);
    from.end_probe();
    probing_ = nullptr;
  }
  allocate(now);
  probe(now);
}

void ViewerBandwidth::on_remb(std::uint64_t bps, MediaTime now) {
  estimator_.on_remb(bps, now.steady);
  allocate(now);
}

void ViewerBandwidth::on_loss_report(double share, MediaTime now) {
  estimator_.on_loss_report(share, now.steady);
  allocate(now);
}

void ViewerBandwidth::allocate(MediaTime now, bool at_once) {
  if (!at_once && now.steady - allocated_ < kAllocateEvery) return;
  allocated_ = now.steady;
  if (estimator_.forget_old_remb(now.steady)) estimator_.assume(kUninformedBps);
  demands_.clear();
  std::uint32_t sound = 0;
  for (ViewerSession* session : ordered_) {
    sound += session->sound_bps(now);
    demands_.push_back({session->picture(now), &session->choice()});
  }
  wanted_bps_ = LayerAllocator::allocate(estimator_.bps(), shown_bps_, sound, estimator_.congested(now.steady),
                                         demands_, now.steady);
  for (ViewerSession* session : ordered_) session->apply_choice(now);
}

/// Only where padding can travel: beside a picture with retransmissions, whose path tells of arrivals.
void ViewerBandwidth::probe(MediaTime now) {
  if (probing_ != nullptr || wanted_bps_ == 0) return;
  const auto able = std::ranges::find_if(ordered_, [](const ViewerSession* s) { return s->can_probe(); });
  if (able == ordered_.end()) return;
  const auto rate = planner_.due(estimator_.bps(), wanted_bps_, estimator_.congested(now.steady), now.steady);
  if (!rate) return;
  std::uint32_t media = 0;
  for (ViewerSession* session : sessions_) media += session->acked_bps(now);
  const std::uint32_t own = (*able)->acked_bps(now);
  if (++probes_ == 0) probes_ = 1;
  probing_ = *able;
  probing_->begin_probe(ProbeTrain(probes_, *rate > media ? *rate - media : *rate / 2, media, media - own, now.steady),
                        now);
}

}  // namespace tw::media
