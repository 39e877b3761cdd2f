#pragma once

namespace tw::processing {

/// A rectangle of a picture, in pixels; all bounds even, as 4:2:0 wants.
struct Area {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend bool operator==(const Area&, const Area&) = default;
};

}  // namespace tw::processing
