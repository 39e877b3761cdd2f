#pragma once

#include <optional>

namespace tw::place {

/// A point on the earth in degrees.
struct Position {
  double latitude = 0;   ///< -90 (south) to 90
  double longitude = 0;  ///< -180 (west) to 180
};

/// Finite and within the ranges.
[[nodiscard]] bool is_valid(const Position& position);

/// Along a great circle of a sphere with the earth's mean radius; within 0.6 % of the ellipsoid's.
[[nodiscard]] double distance_m(const Position& from, const Position& to);

/// WGS-84, as browsers tell it, in the datum that maps of mainland China use by law (GCJ-02): up to some 700 m away.
/// Outside the rectangle around China where providers shift it is the same point.
[[nodiscard]] Position wgs84_to_gcj02(const Position& position);

}  // namespace tw::place
