#include "api/http/content_digest.hpp"

#include <algorithm>

namespace tw::api {
namespace {

constexpr std::string_view kBegins = "sha-256=:";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<Sha256Digest> sha256_of_content(std::string_view field) {
  while (!field.empty()) {
    const auto comma = field.find(',');
    const std::string_view member = trimmed(field.substr(0, comma));
    field = comma == std::string_view::npos ? std::string_view() : field.substr(comma + 1);
    if (!member.starts_with(kBegins)) continue;
    if (!member.ends_with(':') || member.size() == kBegins.size()) return std::nullopt;
    const auto bytes = from_base64(member.substr(kBegins.size(), member.size() - kBegins.size() - 1));
    Sha256Digest digest{};
    if (!bytes || bytes->size() != digest.size()) return std::nullopt;
    std::ranges::copy(*bytes, digest.begin());
    return digest;
  }
  return std::nullopt;
}

}  // namespace tw::api
