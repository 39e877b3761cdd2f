#pragma once

#include <string>

#include "place/gazetteer.hpp"

namespace tw::place {

/// A fix rougher than this says no town: there is no address then.
constexpr double kRoughestM = 50'000;
/// Nor is anything farther from the nearest town: seas, ice, deserts.
constexpr double kFarthestM = 300'000;

/// Where a position is, in Chinese: "中国上海市黄浦区附近", "距中国西藏自治区宗嘎约 12 公里"; with the error where it
/// is a kilometre or more. It claims no more than the table knows: near a town or so far from it, never in a street,
/// and not even in that town. Empty where there is nothing to say. `accuracy_m`: radius, 0 where nobody told it.
[[nodiscard]] std::string address_words(const Gazetteer& gazetteer, const Position& position, double accuracy_m);

}  // namespace tw::place
