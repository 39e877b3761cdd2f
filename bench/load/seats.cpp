#include <fstream>
#include <iterator>
#include <utility>

#include <boost/json.hpp>

#include "load/options.hpp"

namespace tw::bench {
namespace {

namespace json = boost::json;

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

std::vector<Seat> regular_seats(const Options& options) {
  std::vector<Seat> publishers;
  std::vector<Seat> viewers;
  for (unsigned room = 0; room < options.rooms; ++room) {
    const std::string room_name = std::to_string(1000 + room);
    for (unsigned person = 0; person < options.people; ++person) {
      const std::string name = "p" + std::to_string(person);
      const std::uint32_t stream = room * options.people + person;
      publishers.push_back(
          {.publisher = true,
           .room = room_name,
           .participant = name,
           .watched = {},
           .stream = stream,
           .url = filled(options.publish_url, {{"target", options.target}, {"room", room_name}, {"participant", name}}),
           .token = options.token});
      for (unsigned other = 0; other < options.people; ++other) {
        if (other == person) continue;
        const std::string watched = "p" + std::to_string(other);
        viewers.push_back(
            {.publisher = false,
             .room = room_name,
             .participant = name,
             .watched = watched,
             .stream = room * options.people + other,
             .url = filled(
                 options.watch_url,
                 {{"target", options.target}, {"room", room_name}, {"participant", name}, {"publisher", watched}}),
             .token = options.token});
      }
    }
  }
  publishers.insert(publishers.end(), std::make_move_iterator(viewers.begin()), std::make_move_iterator(viewers.end()));
  return publishers;
}

Seat seat_of(const json::object& object, bool publisher, std::uint32_t stream) {
  Seat seat;
  seat.publisher = publisher;
  seat.stream = stream;
  seat.url = json::value_to<std::string>(object.at("url"));
  seat.token = object.contains("token") ? json::value_to<std::string>(object.at("token")) : std::string{};
  return seat;
}

/// [{"publish": {"url", "token"}, "watch": [{"url", "token"}, …]}, …]: each stream and who watches it.
Result<std::vector<Seat>> planned_seats(const std::string& file) {
  try {
    std::ifstream in(file);
    if (!in) return fail(ErrorKind::not_found, "load.no_plan", "Cannot read the plan " + file + ".");
    const json::value plan = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    std::vector<Seat> seats;
    std::vector<Seat> viewers;
    std::uint32_t stream = 0;
    for (const auto& entry : plan.as_array()) {
      seats.push_back(seat_of(entry.at("publish").as_object(), true, stream));
      for (const auto& viewer : entry.at("watch").as_array()) {
        viewers.push_back(seat_of(viewer.as_object(), false, stream));
      }
      ++stream;
    }
    seats.insert(seats.end(), viewers.begin(), viewers.end());
    return seats;
  } catch (const std::exception& error) {
    return fail(ErrorKind::invalid, "load.bad_plan", std::string("The plan cannot be read: ") + error.what());
  }
}

}  // namespace

Result<std::vector<Seat>> make_seats(const Options& options) {
  if (!options.plan_file.empty()) return planned_seats(options.plan_file);
  return regular_seats(options);
}

}  // namespace tw::bench
