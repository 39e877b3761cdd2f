#include "processing/layout.hpp"

#include <gtest/gtest.h>

namespace tw::processing {
namespace {

using recording::LayoutStyle;
constexpr int kWidth = 1280;
constexpr int kHeight = 720;

bool apart(const Area& a, const Area& b) {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

TEST(Layout, NobodyLeavesThePictureNorCoversAnother) {
  for (const bool large : {false, true}) {
    for (std::size_t faces = 0; faces <= 10; ++faces) {
      const Layout layout = lay_out(faces, large, LayoutStyle::side_by_side, kWidth, kHeight);
      ASSERT_EQ(layout.faces.size(), faces);
      std::vector<Area> areas = layout.faces;
      if (large) areas.push_back(layout.large);
      for (std::size_t i = 0; i < areas.size(); ++i) {
        const Area& area = areas[i];
        EXPECT_TRUE(area.x >= 0 && area.y >= 0 && area.x + area.width <= kWidth && area.y + area.height <= kHeight);
        EXPECT_TRUE((area.x | area.y | area.width | area.height) % 2 == 0) << faces;
        EXPECT_GE(area.width, 150) << faces;
        EXPECT_GE(area.height, 84) << faces;
        for (std::size_t j = 0; j < i; ++j) EXPECT_TRUE(apart(area, areas[j])) << faces << ": " << i << ", " << j;
      }
    }
  }
}

TEST(Layout, TwoStandBesideEachOther) {
  const Layout layout = lay_out(2, false, LayoutStyle::side_by_side, kWidth, kHeight);
  EXPECT_EQ(layout.faces[0], (Area{0, 0, 640, 720}));
  EXPECT_EQ(layout.faces[1], (Area{640, 0, 640, 720}));
}

TEST(Layout, PictureInPicturePutsTheSecondIntoACornerAboveTheMark) {
  const Layout layout = lay_out(2, false, LayoutStyle::picture_in_picture, kWidth, kHeight);
  EXPECT_EQ(layout.faces[0], (Area{0, 0, 1280, 720}));
  EXPECT_EQ(layout.faces[1], (Area{944, 492, 320, 180}));
  // It is for two: with a third, everybody has a place of their own.
  EXPECT_EQ(lay_out(3, false, LayoutStyle::picture_in_picture, kWidth, kHeight).faces,
            lay_out(3, false, LayoutStyle::side_by_side, kWidth, kHeight).faces);
}

TEST(Layout, AScreenIsLargeAndFacesSmallBesideIt) {
  const Layout layout = lay_out(3, true, LayoutStyle::side_by_side, kWidth, kHeight);
  EXPECT_EQ(layout.large, (Area{0, 0, 960, 720}));
  for (const Area& face : layout.faces) {
    EXPECT_EQ(face.x, 960);
    EXPECT_EQ(face.width, 320);
    EXPECT_EQ(face.height, 180);
  }
  EXPECT_EQ(lay_out(0, true, LayoutStyle::side_by_side, kWidth, kHeight).large, (Area{0, 0, 1280, 720}));
}

}  // namespace
}  // namespace tw::processing
