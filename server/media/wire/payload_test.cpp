#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/wire/h264_payload.hpp"
#include "media/wire/opus_payload.hpp"
#include "media/wire/vp8_payload.hpp"

namespace tw::media {
namespace {

Bytes hex(std::string_view text) { return *from_hex(text); }

TEST(Vp8Payload, ReadsDescriptorsOfRfc7741) {
  const struct {
    const char* name;
    const char* hex;
    bool readable;
    std::size_t descriptor_bytes = 0;
    bool frame_start = false;
    int picture_id = -1;
    int tl0 = -1;
    bool keyframe = false;
    unsigned width = 0;
    unsigned height = 0;
  } cases[] = {
      {"keyframe 1280x720 without extension",
       "10"
       "5042019d012a0005d002",
       true, 1, true, -1, -1, true, 1280, 720},
      {"scaling bits are no size",
       "10"
       "5042019d012a0045d082",
       true, 1, true, -1, -1, true, 1280, 720},
      {"interframe",
       "10"
       "51420100",
       true, 1, true},
      {"continuation",
       "00"
       "5042",
       true, 1, false},
      {"second partition",
       "11"
       "5042",
       true, 1, false},
      {"PictureID of 7 bits",
       "90"
       "80"
       "7f"
       "51",
       true, 3, true, 127},
      {"PictureID of 15 bits",
       "90"
       "80"
       "ffff"
       "51",
       true, 4, true, 32'767},
      {"PictureID, TL0PICIDX and TID",
       "90"
       "e0"
       "8001"
       "05"
       "40"
       "51",
       true, 6, true, 1, 5},
      {"KEYIDX alone",
       "90"
       "10"
       "1f"
       "51",
       true, 3, true},
      {"keyframe without its start code",
       "10"
       "50420100000000000000",
       true, 1, true, -1, -1, true},
      {"keyframe cut",
       "10"
       "5042019d01",
       true, 1, true, -1, -1, true},
      {"empty", "", false},
      {"descriptor without frame", "10", false},
      {"extension cut", "90", false},
      {"PictureID cut", "9080", false},
      {"long PictureID cut", "908080", false},
      {"TL0PICIDX cut", "9040", false},
      {"TID cut", "9020", false},
      {"nothing behind the extension", "90807f", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto payload = Vp8Payload::parse(hex(c.hex));
    ASSERT_EQ(payload.has_value(), c.readable);
    if (!c.readable) continue;
    EXPECT_EQ(payload->descriptor_bytes, c.descriptor_bytes);
    EXPECT_EQ(payload->frame_start(), c.frame_start);
    EXPECT_EQ(payload->picture_id ? int{*payload->picture_id} : -1, c.picture_id);
    EXPECT_EQ(payload->tl0_picture_index ? int{*payload->tl0_picture_index} : -1, c.tl0);
    EXPECT_EQ(payload->keyframe, c.keyframe);
    EXPECT_EQ(payload->width, c.width);
    EXPECT_EQ(payload->height, c.height);
  }
}

TEST(Vp8Payload, RewritesNumbersInTheirOwnWidth) {
  const struct {
    const char* before;
    std::uint16_t picture_id;
    std::uint8_t tl0;
    const char* after;
  } cases[] = {
      {"90e080010540"
       "51",
       0x1234, 0x77,
       "90e092347740"
       "51"},
      {"90c00105"
       "51",
       0x1234, 0x77,
       "90c03477"
       "51"},
      {"1051", 0x1234, 0x77, "1051"},
      {"908001"
       "51",
       200, 0,
       "908048"
       "51"},
  };
  for (const auto& c : cases) {
    Bytes payload = hex(c.before);
    rewrite_vp8(payload, *Vp8Payload::parse(payload), c.picture_id, c.tl0);
    EXPECT_EQ(to_hex(payload), c.after);
  }
}

TEST(H264Payload, FindsKeyframesWhereverTheyHide) {
  const struct {
    const char* name;
    const char* hex;
    bool readable;
    bool idr = false;
    bool parameter_sets = false;
    bool keyframe_start = false;
    const char* annex_b = "";
  } cases[] = {
      {"IDR slice", "6588", true, true, false, true, "000000016588"},
      {"other slice", "419a", true, false, false, false, "00000001419a"},
      {"SPS", "6742", true, false, true, true, "000000016742"},
      {"STAP-A of SPS, PPS and IDR",
       "78"
       "00026742"
       "000168"
       "00026588",
       true, true, true, true,
       "000000016742"
       "0000000168"
       "000000016588"},
      {"STAP-A of slices",
       "78"
       "0002419a"
       "0002419b",
       true, false, false, false,
       "00000001419a"
       "00000001419b"},
      {"FU-A, IDR begins",
       "7c85"
       "88",
       true, true, false, true,
       "0000000165"
       "88"},
      {"FU-A, IDR goes on",
       "7c05"
       "88",
       true, true, false, false, "88"},
      {"FU-A, IDR ends",
       "7c45"
       "88",
       true, true, false, false, "88"},
      {"FU-A, other slice begins",
       "5c81"
       "9a",
       true, false, false, false,
       "0000000141"
       "9a"},
      {"empty", "", false},
      {"STAP-A without units", "78", false},
      {"STAP-A, length cut", "7800", false},
      {"STAP-A, unit cut",
       "78"
       "00036742",
       false},
      {"STAP-A, empty unit",
       "78"
       "0000",
       false},
      {"FU-A without data", "7c85", false},
      {"FU-A of an aggregate",
       "7c98"
       "88",
       false},
      {"FU-B",
       "7d85"
       "000088",
       false},
      {"STAP-B", "7900016742", false},
      {"type 0", "0001", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Bytes payload = hex(c.hex);
    const auto parsed = H264Payload::parse(payload);
    ASSERT_EQ(parsed.has_value(), c.readable);
    if (!c.readable) continue;
    EXPECT_EQ(parsed->idr, c.idr);
    EXPECT_EQ(parsed->parameter_sets, c.parameter_sets);
    EXPECT_EQ(parsed->keyframe_start(), c.keyframe_start);
    Bytes out;
    append_annex_b(payload, *parsed, out);
    EXPECT_EQ(to_hex(out), c.annex_b);
  }
}

TEST(OpusPayload, CountsSamplesByRfc6716) {
  const struct {
    const char* name;
    const char* hex;
    std::optional<std::uint32_t> samples;
  } cases[] = {
      {"SILK 10 ms", "00ff", 480},           {"SILK 20 ms", "08ff", 960},
      {"SILK 60 ms", "18ff", 2880},          {"hybrid 10 ms", "60ff", 480},
      {"hybrid 20 ms", "68ff", 960},         {"CELT 2.5 ms", "80ff", 120},
      {"CELT 20 ms", "98ff", 960},           {"CELT 20 ms, stereo", "fcff", 960},
      {"two frames", "f9ff", 1920},          {"two unequal frames", "faff", 1920},
      {"six frames of 20 ms", "fb06", 5760}, {"seven frames of 20 ms", "fb07", std::nullopt},
      {"no frames", "fb00", std::nullopt},   {"count cut", "fb", std::nullopt},
      {"empty", "", std::nullopt},           {"DTX, TOC alone", "f8", 960},
  };
  for (const auto& c : cases) EXPECT_EQ(opus_samples(hex(c.hex)), c.samples) << c.name;
}

}  // namespace
}  // namespace tw::media
