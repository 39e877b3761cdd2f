#include "api/http/range.hpp"

#include <algorithm>
#include <charconv>

#include "api/http/problem.hpp"

namespace tw::api {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Digits only. A number too large for 64 bits counts as the largest: it means "to the end".
std::optional<std::uint64_t> number(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return UINT64_MAX;
  return value;
}

bool lists_etag(std::string_view header, std::string_view quoted) {
  return trimmed(header) == "*" || header.find(quoted) != std::string_view::npos;
}

}  // namespace

RangeAnswer parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  header = trimmed(header);
  if (header.size() <= unit.size() || !equal_ignoring_case(header.substr(0, unit.size()), unit)) return WholeBody{};
  const std::string_view spec = trimmed(header.substr(unit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return WholeBody{};
  const auto first_text = trimmed(spec.substr(0, dash));
  const auto last_text = trimmed(spec.substr(dash + 1));

  if (first_text.empty()) {  // the last so many bytes
    const auto suffix = number(last_text);
    if (!suffix) return WholeBody{};
    const auto length = std::min(*suffix, size);
    if (length == 0) return Unsatisfiable{};
    return ByteRange{size - length, length};
  }
  const auto first = number(first_text);
  const auto last = last_text.empty() ? std::optional<std::uint64_t>(UINT64_MAX) : number(last_text);
  if (!first || !last || *last < *first) return WholeBody{};
  if (*first >= size) return Unsatisfiable{};
  return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

Response send_file(const Request& request, std::shared_ptr<BodySource> source, std::string_view content_type,
                   std::string_view etag) {
  const std::uint64_t size = source->size();
  const std::string quoted = '"' + std::string(etag) + '"';
  Response response;
  response.headers.add("Accept-Ranges", "bytes");
  response.headers.add("ETag", quoted);
  response.headers.add("Cache-Control", "private, no-cache");
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (const auto none_match = request.headers.find("If-None-Match"); none_match && lists_etag(*none_match, quoted)) {
    response.status = 304;
    return response;
  }
  RangeAnswer range = WholeBody{};
  const auto if_range = request.headers.find("If-Range");
  if (const auto asked = request.headers.find("Range"); asked && (!if_range || trimmed(*if_range) == quoted)) {
    range = parse_range(*asked, size);
  }
  if (std::holds_alternative<Unsatisfiable>(range)) {
    Response refused =
        problem(Error{ErrorKind::invalid, "range.not_satisfiable", "The range lies outside of the file.", {}});
    refused.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return refused;
  }
  response.headers.add("Content-Type", std::string(content_type));
  response.source = std::move(source);
  response.source_length = size;
  if (const auto* part = std::get_if<ByteRange>(&range)) {
    response.status = 206;
    response.source_offset = part->first;
    response.source_length = part->length;
    response.headers.add("Content-Range", "bytes " + std::to_string(part->first) + "-" +
                                              std::to_string(part->first + part->length - 1) + "/" +
                                              std::to_string(size));
  }
  return response;
}

std::string attachment(std::string_view file_name) {
  std::string plain;
  for (const char c : file_name) {
    const bool safe = c >= ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '/' && c != '%';
    plain.push_back(safe ? c : '_');
  }
  std::string value = "attachment; filename=\"" + plain + '"';
  if (plain != file_name) value += "; filename*=UTF-8''" + percent_encode(file_name);
  return value;
}

}  // namespace tw::api
