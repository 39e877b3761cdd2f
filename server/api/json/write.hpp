#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/words.hpp"

/// Small helpers that put a value under a name of the contract, so that each view reads like its schema.
namespace tw::api {

inline void put(boost::json::object& out, std::string_view name, const std::string& value) { out[name] = value; }
inline void put(boost::json::object& out, std::string_view name, const char* value) { out[name] = value; }
inline void put(boost::json::object& out, std::string_view name, std::int64_t value) { out[name] = value; }
inline void put(boost::json::object& out, std::string_view name, bool value) { out[name] = value; }
inline void put(boost::json::object& out, std::string_view name, double value) { out[name] = value; }
inline void put(boost::json::object& out, std::string_view name, WallTime value) { out[name] = to_rfc3339(value); }
template <class Tag>
void put(boost::json::object& out, std::string_view name, const Id<Tag>& value) {
  out[name] = value.str();
}
template <class Word>
  requires requires(Word word) { domain::to_text(word); }
void put(boost::json::object& out, std::string_view name, Word word) {
  const std::string_view text = domain::to_text(word);
  out[name] = boost::json::string_view(text.data(), text.size());
}
/// Left out when there is none.
template <class T>
void put(boost::json::object& out, std::string_view name, const std::optional<T>& value) {
  if (value) put(out, name, *value);
}
/// Left out when empty.
inline void put_text(boost::json::object& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out[name] = value;
}
template <class List, class Make>
void put_list(boost::json::object& out, std::string_view name, const List& list, Make make) {
  boost::json::array items;
  items.reserve(list.size());
  for (const auto& item : list) items.push_back(make(item));
  out[name] = std::move(items);
}
inline void put_texts(boost::json::object& out, std::string_view name, const std::vector<std::string>& texts) {
  put_list(out, name, texts, [](const std::string& text) { return boost::json::value(text); });
}
/// JSON that the store keeps as text; an empty object where it is none (it was written by us).
inline void put_json(boost::json::object& out, std::string_view name, const std::string& text) {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  out[name] = error ? boost::json::value(boost::json::object{}) : std::move(value);
}

}  // namespace tw::api
