#include "service/customer_photos.hpp"

#include <gmock/gmock.h>

#include <map>

#include "service/interviews_test_support.hpp"

namespace tw::service {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

Bytes jpeg(std::size_t size = 2'000) {
  Bytes bytes(size, 7);
  bytes[0] = 0xFF;
  bytes[1] = 0xD8;
  bytes[2] = 0xFF;
  return bytes;
}

/// A conversation between a customer and Ann.
class CustomerPhotosTest : public InterviewsTest {
 protected:
  CustomerPhotosTest() {
    customer_ = talk(ann_);
    id_ = customer_.interview.str();
  }
  Photos photos() { return Photos(*core_); }
  CustomerPhotos& theirs() {
    if (!theirs_) theirs_ = std::make_unique<CustomerPhotos>(*core_);
    return *theirs_;
  }
  Result<PhotoView> take(const NewPhoto& wanted) { return photos().take(agent(ann_), id_, wanted); }
  std::string ask(const std::string& category = "id_front") { return take({category, "local", {}}).value().id.str(); }
  std::string upload(const Caller& who, const std::string& photo, const Bytes& bytes) {
    auto begun = theirs().begin_upload(who, photo, sha256(bytes));
    if (!begun) return begun.error().code;
    if (auto written = (*begun)->write(bytes); !written) return written.error().code;
    return code_of((*begun)->finish());
  }
  void run_jobs() {
    for (auto& job : std::exchange(jobs_, {})) job();
  }
  PhotoView seen(const std::string& photo) {
    const auto all = photos().list(agent(ann_), id_).value();
    for (const auto& view : all) {
      if (view.id.str() == photo) return view;
    }
    return {};
  }
  CustomerState state() { return CustomerSteps(*core_).state(customer_).value(); }
  void allow(const std::string& what) {
    execute("UPDATE tenants SET customer_photos = :what WHERE id = :id", {{"what", what}, {"id", tenant_}});
  }
  /// A local photo that is ready.
  std::string taken() {
    const std::string photo = ask();
    EXPECT_EQ(upload(customer_, photo, jpeg()), "");
    run_jobs();
    EXPECT_EQ(seen(photo).status, "ready");
    return photo;
  }

  Caller customer_;
  std::string id_;
  std::unique_ptr<CustomerPhotos> theirs_;
};

TEST_F(CustomerPhotosTest, WhatTheDeviceTookIsKeptByteForByteAndMarked) {
  const std::string photo = ask("id_back");
  ASSERT_TRUE(state().photo_request);
  EXPECT_EQ(state().photo_request->photo.str(), photo);
  EXPECT_EQ(state().photo_request->category, "id_back");
  EXPECT_EQ(state().photo_request->until, clock_.wall_now() + 30s);
  EXPECT_TRUE(seen(photo).until);
  EXPECT_THAT(jobs_, IsEmpty()) << "the server takes nothing itself";

  advance(5s);
  EXPECT_EQ(upload(customer_, photo, jpeg()), "");
  EXPECT_FALSE(state().photo_request);
  EXPECT_EQ(seen(photo).status, "pending");
  run_jobs();
  const PhotoView view = seen(photo);
  EXPECT_EQ(view.status, "ready");
  EXPECT_EQ(view.source, "local");
  EXPECT_EQ(view.category, "id_back");
  EXPECT_EQ(view.sha256, to_hex(sha256(jpeg())));
  EXPECT_EQ(view.taken_at, clock_.wall_now());
  EXPECT_EQ(photos().content(agent(ann_), id_, photo, "original").value(), jpeg());
  EXPECT_EQ(processor_.watermark.company, "演示银行");
  EXPECT_EQ(processor_.watermark.place, "31.230400,121.473700");
  const auto happened = kinds(customer_.interview);
  EXPECT_THAT(happened, Contains("photo_requested"));
  EXPECT_THAT(happened, Contains("photo_taken"));
}

TEST_F(CustomerPhotosTest, OnlyTheCustomerOfThisInterviewUploads) {
  const std::string photo = ask();
  Caller other = customer_;
  other.interview = InterviewId::make(clock_.wall_now(), random_);
  EXPECT_EQ(upload(other, photo, jpeg()), "interview.unknown");
  Caller stranger = customer_;
  stranger.tenant = TenantId::make(clock_.wall_now(), random_);
  EXPECT_EQ(upload(stranger, photo, jpeg()), "interview.unknown");
  EXPECT_EQ(upload(agent(ann_), photo, jpeg()), "auth.wrong_role");
  EXPECT_EQ(upload(customer_, "pho_none", jpeg()), "photo.unknown");
  // Another interview of the same company, with a photo asked for there.
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  const Caller second = talk(bob_);
  EXPECT_EQ(upload(second, photo, jpeg()), "photo.unknown");
  EXPECT_EQ(code_of(theirs().refuse(second, photo, "refused")), "photo.unknown");
  EXPECT_EQ(code_of(theirs().content(second, photo, "watermarked")), "photo.unknown");
}

TEST_F(CustomerPhotosTest, WhatIsWrongIsRefusedAndMayBeSentAgainInTime) {
  const std::string photo = ask();
  auto begun = theirs().begin_upload(customer_, photo, sha256(as_bytes("something else"))).value();
  EXPECT_EQ(code_of(theirs().begin_upload(customer_, photo, {})), "photo.being_uploaded");
  ASSERT_TRUE(begun->write(jpeg()));
  EXPECT_EQ(code_of(begun->finish()), "photo.digest_mismatch");
  begun.reset();

  EXPECT_EQ(upload(customer_, photo, Bytes{'G', 'I', 'F', '8'}), "photo.not_jpeg");
  EXPECT_EQ(upload(customer_, photo, Bytes{0xFF, 0xD8}), "photo.not_jpeg");
  EXPECT_EQ(upload(customer_, photo, jpeg(recording::kMostPhotoBytes + 1)), "photo.too_large");
  EXPECT_EQ(seen(photo).status, "pending") << "none of this counts";
  EXPECT_THAT(jobs_, IsEmpty());

  EXPECT_EQ(upload(customer_, photo, jpeg(recording::kMostPhotoBytes)), "");
  EXPECT_EQ(upload(customer_, photo, jpeg()), "photo.not_asked") << "once only";
  run_jobs();
  EXPECT_EQ(upload(customer_, photo, jpeg()), "photo.not_asked");
  EXPECT_EQ(seen(photo).sha256, to_hex(sha256(jpeg(recording::kMostPhotoBytes))));
}

TEST_F(CustomerPhotosTest, ADeviceThatDoesNotAnswerInTimeLeavesAFailedPhoto) {
  const std::string photo = ask();
  advance(29s);
  EXPECT_EQ(seen(photo).status, "pending");
  advance(1s);
  EXPECT_EQ(seen(photo).status, "failed");
  EXPECT_EQ(seen(photo).failure, "photo.timed_out");
  EXPECT_FALSE(state().photo_request);
  EXPECT_EQ(upload(customer_, photo, jpeg()), "photo.not_asked");
  EXPECT_EQ(kinds(customer_.interview).back(), "photo_failed");
}

TEST_F(CustomerPhotosTest, AnUploadThatBeganInTimeMayTakeLongerButNotForEver) {
  const std::string photo = ask();
  advance(29s);
  auto slow = theirs().begin_upload(customer_, photo, sha256(jpeg())).value();
  advance(60s);
  ASSERT_TRUE(slow->write(jpeg()));
  EXPECT_EQ(code_of(slow->finish()), "");
  slow.reset();

  const std::string second = ask();
  for (int n = 0; n < 10; ++n) {
    auto again = theirs().begin_upload(customer_, second, {});
    advance(20s);
  }
  EXPECT_EQ(seen(second).failure, "photo.timed_out") << "beginning again prolongs nothing";
}

TEST_F(CustomerPhotosTest, ARefusalIsToldWithItsReason) {
  for (const char* code : {"refused", "no_camera", "upload_failed"}) {
    const std::string photo = ask();
    ASSERT_TRUE(theirs().refuse(customer_, photo, code));
    EXPECT_EQ(seen(photo).failure, std::string("photo.") + code);
    EXPECT_TRUE(theirs().refuse(customer_, photo, code)) << "a repetition changes nothing";
    EXPECT_EQ(upload(customer_, photo, jpeg()), "photo.not_asked");
  }
  EXPECT_EQ(std::ranges::count(kinds(customer_.interview), "photo_failed"), 3);
}

TEST_F(CustomerPhotosTest, OneIsAskedForAtATimeAndOnlyWhereThereIsACamera) {
  const std::string photo = ask();
  EXPECT_EQ(code_of(take({"other", "local", {}})), "photo.already_asked");
  EXPECT_TRUE(take({"other", "cloud", {}})) << "the server's own copy is always there";
  ASSERT_TRUE(theirs().refuse(customer_, photo, "refused"));
  EXPECT_TRUE(take({"other", "local", {}}));
  execute("UPDATE interviews SET voice_only = 1 WHERE id = :id", {{"id", customer_.interview}});
  EXPECT_EQ(code_of(take({"other", "local", {}})), "photo.no_camera");
}

TEST_F(CustomerPhotosTest, AfterTheEndNothingIsTakenAndWhatWasAskedForFails) {
  const std::string photo = ask();
  ASSERT_TRUE(Conclude(*core_).conclude(agent(ann_), id_, {domain::OutcomeKind::passed, {}}));
  EXPECT_EQ(upload(customer_, photo, jpeg()), "interview.not_talking");
  EXPECT_FALSE(state().photo_request);
  EXPECT_THAT(*read(customer_.interview).outcome->photos, IsEmpty()) << "what nobody took is no result";
  advance(30s);
  EXPECT_EQ(seen(photo).failure, "photo.timed_out");
}

TEST_F(CustomerPhotosTest, ARetakeStandsInThePlaceOfTheOneBefore) {
  const std::string first = taken();
  EXPECT_EQ(code_of(take({"", "local", "pho_01ARZ3NDEKTSV4RRFFQ69G5FAV"})), "photo.unknown");
  const auto retake = take({"", "cloud", first}).value();
  EXPECT_EQ(retake.category, "id_front") << "that of the one before";
  EXPECT_EQ(code_of(take({"", "cloud", retake.id.str()})), "photo.pending");
  EXPECT_EQ(seen(first).replaced_by, "") << "until it is ready";
  run_jobs();
  EXPECT_EQ(seen(first).replaced_by, retake.id.str());
  EXPECT_EQ(seen(retake.id.str()).replaces, first);
  ASSERT_TRUE(Conclude(*core_).conclude(agent(ann_), id_, {domain::OutcomeKind::passed, {}}));
  const auto outcome = read(customer_.interview).outcome->photos.value();
  ASSERT_EQ(outcome.size(), 1U);
  EXPECT_EQ(outcome.front().id, retake.id);
  EXPECT_EQ(outcome.front().source, "cloud");
  ASSERT_TRUE(photos().remove(agent(ann_), id_, retake.id.str()));
  EXPECT_EQ(read(customer_.interview).outcome->photos->front().id.str(), first) << "it stands again";
}

TEST_F(CustomerPhotosTest, CustomersSeeAndDeleteWhatTheTenantLetsThem) {
  const std::string photo = taken();
  EXPECT_EQ(state().customer_photos, "view");
  EXPECT_EQ(state().photos.size(), 1U);
  EXPECT_EQ(theirs().list(customer_)->front().watermarked_url, "/api/v1/customer/photos/" + photo + "/watermarked");
  EXPECT_EQ(as_text(*theirs().content(customer_, photo, "watermarked")), "marked");
  EXPECT_EQ(code_of(theirs().content(customer_, photo, "original")), "photo.unknown");
  EXPECT_EQ(code_of(theirs().remove(customer_, photo)), "photo.not_allowed");

  allow("none");
  EXPECT_THAT(state().photos, IsEmpty());
  EXPECT_THAT(*theirs().list(customer_), IsEmpty());
  EXPECT_EQ(code_of(theirs().content(customer_, photo, "watermarked")), "photo.unknown");
  EXPECT_EQ(code_of(photos().content(customer_, id_, photo, "watermarked")), "photo.unknown");

  allow("view_and_delete");
  ASSERT_TRUE(theirs().remove(customer_, photo));
  EXPECT_THAT(state().photos, IsEmpty());
  EXPECT_THAT(*photos().list(agent(ann_), id_), IsEmpty());
  EXPECT_EQ(code_of(theirs().content(customer_, photo, "watermarked")), "photo.unknown");
  EXPECT_EQ(code_of(theirs().remove(customer_, photo)), "photo.unknown");
  EXPECT_THAT(audit_actions(), Contains("photo.deleted"));
  EXPECT_EQ(kinds(customer_.interview).back(), "photo_deleted");
  EXPECT_EQ(photos().content(api_key(), id_, photo, "original").value(), jpeg()) << "the original is kept";

  const std::string second = taken();
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  EXPECT_EQ(code_of(theirs().remove(customer_, second)), "interview.not_talking");
}

TEST_F(CustomerPhotosTest, WhatCannotBeDecodedFailsAndWhatWasAskedForOutlivesARestart) {
  std::string photo = ask();
  processor_.fails_with = "photo.damaged";
  EXPECT_EQ(upload(customer_, photo, jpeg()), "");
  run_jobs();
  EXPECT_EQ(seen(photo).failure, "photo.damaged");
  processor_.fails_with = "";

  photo = ask();
  most_jobs_ = 0;
  EXPECT_EQ(upload(customer_, photo, jpeg()), "server.overloaded");
  EXPECT_EQ(seen(photo).failure, "server.overloaded");
  most_jobs_ = 100;

  photo = ask();
  restart();
  theirs_.reset();
  ASSERT_TRUE(Recovery(*core_).run());
  EXPECT_EQ(seen(photo).status, "pending");
  EXPECT_EQ(upload(customer_, photo, jpeg()), "");
  run_jobs();
  EXPECT_EQ(seen(photo).status, "ready");
}

// ------------------------------------------------------------------ devices and how the call is shown

TEST_F(CustomerPhotosTest, ADeviceThatIsTakenAwayAndComesBackIsShownAndNotedOnce) {
  Connections connections(*core_);
  const auto devices = [&] { return Calls(*core_).agent_interview(agent(ann_), id_).value().customer_devices; };
  const auto noted = [&](const char* kind) { return std::ranges::count(kinds(customer_.interview), kind); };
  EXPECT_THAT(devices(), IsEmpty());
  connections.customer_device(customer_, "camera", "resumed");
  EXPECT_THAT(devices(), IsEmpty()) << "it was never away";
  connections.customer_device(customer_, "camera", "interrupted");
  const WallTime since = clock_.wall_now();
  advance(3s);
  connections.customer_device(customer_, "camera", "lost");
  ASSERT_EQ(devices().size(), 1U);
  EXPECT_EQ(devices().front().state, "lost");
  EXPECT_EQ(devices().front().since, since);
  EXPECT_EQ(noted("customer_device_lost"), 1);
  connections.customer_device(customer_, "camera", "replaced");
  EXPECT_EQ(devices().front().state, "replaced");
  connections.customer_device(customer_, "microphone", "replaced");
  EXPECT_EQ(noted("customer_device_back"), 2) << "a headset that was plugged in is news of its own";
  connections.customer_device(agent(ann_), "camera", "lost");
  EXPECT_EQ(noted("customer_device_lost"), 1) << "only customers say so";
  for (int n = 0; n < 500; ++n) connections.customer_device(customer_, "camera", n % 2 == 0 ? "lost" : "resumed");
  EXPECT_LE(noted("customer_device_lost"), 101) << "bounded";
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  const auto before = kinds(customer_.interview).size();
  connections.customer_device(customer_, "camera", "lost");
  EXPECT_EQ(kinds(customer_.interview).size(), before);
}

TEST_F(CustomerPhotosTest, TheAgentAsksForLandscapeAndTheTenantMayAlways) {
  const auto ask_for = [&](const AgentId& who, const char* orientation) {
    return code_of(Calls(*core_).set_orientation(agent(who), id_, orientation));
  };
  EXPECT_EQ(state().orientation, "any");
  EXPECT_EQ(ask_for(bob_, "landscape"), "interview.not_yours");
  EXPECT_EQ(ask_for(ann_, "landscape"), "");
  EXPECT_EQ(ask_for(ann_, "landscape"), "");
  EXPECT_EQ(state().orientation, "landscape");
  EXPECT_EQ(std::ranges::count(kinds(customer_.interview), "orientation_asked"), 1);
  EXPECT_EQ(ask_for(ann_, "any"), "");
  EXPECT_EQ(state().orientation, "any");
  execute("UPDATE tenants SET call_orientation = 'landscape' WHERE id = :id", {{"id", tenant_}});
  EXPECT_EQ(state().orientation, "any") << "what the agent asked counts";
  ASSERT_TRUE(Desk(*core_).hang_up(agent(ann_), id_));
  EXPECT_EQ(ask_for(ann_, "landscape"), "interview.not_talking");
  EXPECT_EQ(CustomerSteps(*core_).state(talk(bob_))->orientation, "landscape");
}

}  // namespace
}  // namespace tw::service
