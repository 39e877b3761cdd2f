#include "place/position.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tw::place {
namespace {

constexpr double kEarthRadiusM = 6'371'008.8;  // IUGG mean radius
constexpr double kRadians = std::numbers::pi / 180.0;

/// Krasovsky's ellipsoid, which the shift is defined on.
constexpr double kAxisM = 6'378'245.0;
constexpr double kEccentricitySquared = 0.00669342162296594323;

/// The three waves that both components of the shift share the shape of, in metres.
double wave(double first, double second) {
  return (20.0 * std::sin(6.0 * first * std::numbers::pi) + 20.0 * std::sin(2.0 * first * std::numbers::pi)) * 2.0 /
             3.0 +
         second;
}

double north_shift_m(double x, double y) {
  const double slow = (20.0 * std::sin(y * std::numbers::pi) + 40.0 * std::sin(y / 3.0 * std::numbers::pi)) * 2.0 / 3.0;
  const double slowest =
      (160.0 * std::sin(y / 12.0 * std::numbers::pi) + 320.0 * std::sin(y / 30.0 * std::numbers::pi)) * 2.0 / 3.0;
  return -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) +
         wave(x, slow + slowest);
}

double east_shift_m(double x, double y) {
  const double slow = (20.0 * std::sin(x * std::numbers::pi) + 40.0 * std::sin(x / 3.0 * std::numbers::pi)) * 2.0 / 3.0;
  const double slowest =
      (150.0 * std::sin(x / 12.0 * std::numbers::pi) + 300.0 * std::sin(x / 30.0 * std::numbers::pi)) * 2.0 / 3.0;
  return 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) + wave(x, slow + slowest);
}

bool is_shifted(const Position& p) {
  return p.longitude >= 72.004 && p.longitude <= 137.8347 && p.latitude >= 0.8293 && p.latitude <= 55.8271;
}

}  // namespace

bool is_valid(const Position& position) {
  return std::isfinite(position.latitude) && std::isfinite(position.longitude) && std::abs(position.latitude) <= 90 &&
         std::abs(position.longitude) <= 180;
}

double distance_m(const Position& from, const Position& to) {
  const double from_latitude = from.latitude * kRadians;
  const double to_latitude = to.latitude * kRadians;
  const double up = std::sin((to_latitude - from_latitude) / 2);
  const double along = std::sin((to.longitude - from.longitude) * kRadians / 2);
  const double haversine = up * up + std::cos(from_latitude) * std::cos(to_latitude) * along * along;
  return 2 * kEarthRadiusM * std::asin(std::sqrt(std::clamp(haversine, 0.0, 1.0)));
}

Position wgs84_to_gcj02(const Position& position) {
  if (!is_shifted(position)) return position;
  const double x = position.longitude - 105.0;
  const double y = position.latitude - 35.0;
  const double latitude = position.latitude * kRadians;
  const double flattened = 1 - kEccentricitySquared * std::sin(latitude) * std::sin(latitude);
  const double meridian_m = kAxisM * (1 - kEccentricitySquared) / (flattened * std::sqrt(flattened));
  const double parallel_m = kAxisM / std::sqrt(flattened) * std::cos(latitude);
  return {position.latitude + north_shift_m(x, y) / meridian_m / kRadians,
          position.longitude + east_shift_m(x, y) / parallel_m / kRadians};
}

}  // namespace tw::place
