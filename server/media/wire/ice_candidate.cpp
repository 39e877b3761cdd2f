#include "media/wire/ice_candidate.hpp"

#include <charconv>

namespace tw::media {
namespace {

constexpr std::size_t kMostFoundation = 32;

std::string_view take_word(std::string_view& rest) {
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  const std::size_t at = rest.find(' ');
  const std::string_view word = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return word;
}

template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool same_letters(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<IceCandidate> IceCandidate::parse(std::string_view value) {
  IceCandidate candidate;
  candidate.foundation = std::string(take_word(value));
  const auto component = to_number<std::uint16_t>(take_word(value));
  const std::string_view transport = take_word(value);
  const auto priority = to_number<std::uint32_t>(take_word(value));
  const std::string_view ip = take_word(value);
  const auto port = to_number<std::uint16_t>(take_word(value));
  const bool typed = take_word(value) == "typ";
  candidate.type = std::string(take_word(value));
  if (candidate.foundation.empty() || candidate.foundation.size() > kMostFoundation) return std::nullopt;
  if (!component || *component == 0 || !priority || !port || !typed || candidate.type.empty()) return std::nullopt;
  const auto address = SocketAddress::parse(ip, *port);
  if (!address) return std::nullopt;
  candidate.component = *component;
  candidate.udp = same_letters(transport, "udp");
  candidate.priority = *priority;
  candidate.address = *address;
  return candidate;
}

}  // namespace tw::media
