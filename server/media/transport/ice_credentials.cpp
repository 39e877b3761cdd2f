#include "media/transport/ice_credentials.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace tw::media {
namespace {

/// base64's alphabet is that of ice-char, and three bytes give four letters without padding.
template <std::size_t Bytes>
std::string random_letters(Random& random) {
  std::array<std::uint8_t, Bytes> bytes{};
  random.fill(bytes);
  return to_base64(bytes);
}

bool ice_chars(std::string_view text, std::size_t least) {
  constexpr std::size_t kMost = 256;
  return text.size() >= least && text.size() <= kMost && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

}  // namespace

IceCredentials IceCredentials::make(Random& random) { return {random_letters<6>(random), random_letters<18>(random)}; }

bool IceCredentials::well_formed() const {
  constexpr std::size_t kLeastUfrag = 4;
  constexpr std::size_t kLeastPwd = 22;
  return ice_chars(ufrag, kLeastUfrag) && ice_chars(pwd, kLeastPwd);
}

}  // namespace tw::media
