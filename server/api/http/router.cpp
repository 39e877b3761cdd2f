#include "api/http/router.hpp"

#include <algorithm>
#include <cassert>

namespace tw::api {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    const auto slash = path.find('/');
    segments.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_name(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// How many fixed segments matched; nullopt when the pattern does not match.
std::optional<std::size_t> match(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
                                 std::vector<std::pair<std::string, std::string>>& values) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::size_t fixed = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_name(pattern[i])) {
      auto value = percent_decode(path[i], false);
      if (!value || value->empty()) return std::nullopt;
      values.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), std::move(*value));
    } else if (pattern[i] == path[i]) {
      ++fixed;
    } else {
      return std::nullopt;
    }
  }
  return fixed;
}

}  // namespace

void Router::add(Method method, std::string pattern, Access access, Handler handler) {
  assert(std::ranges::none_of(routes_, [&](const Route& r) { return r.method == method && r.pattern == pattern; }));
  segments_.push_back(split(pattern));
  routes_.push_back({method, std::move(pattern), access, std::move(handler), {}});
}

void Router::add_upload(std::string pattern, Access access, UploadHandler begin) {
  add(Method::post, std::move(pattern), access, {});
  routes_.back().upload = std::move(begin);
}

std::variant<Router::Match, Router::WrongMethod, Router::Unknown> Router::find(Method method,
                                                                               std::string_view path) const {
  const Method wanted = method == Method::head ? Method::get : method;
  const auto asked = split(path);
  Match best;
  std::size_t best_fixed = 0;
  std::vector<std::string_view> allowed;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    std::vector<std::pair<std::string, std::string>> values;
    const auto fixed = match(segments_[i], asked, values);
    if (!fixed) continue;
    allowed.push_back(name_of(routes_[i].method));
    if (routes_[i].method == Method::get) allowed.push_back(name_of(Method::head));
    if (routes_[i].method != wanted || (best.route != nullptr && *fixed <= best_fixed)) continue;
    best = {&routes_[i], std::move(values)};
    best_fixed = *fixed;
  }
  if (best.route != nullptr) return best;
  if (allowed.empty()) return Unknown{};
  std::ranges::sort(allowed);
  const auto [first, last] = std::ranges::unique(allowed);
  allowed.erase(first, last);
  std::string allow;
  for (const auto name : allowed) allow += std::string(name) + ", ";
  return WrongMethod{allow + "OPTIONS"};
}

}  // namespace tw::api
