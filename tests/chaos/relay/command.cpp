#include "chaos/relay/command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tw::chaos {
namespace {

using std::chrono::microseconds;

constexpr double kLongestMs = 60'000;

/// A setting: its name, its greatest value, and where it goes.
struct Setting {
  std::string_view name;
  double most;
  void (*set)(Impairment&, double);
};

microseconds from_ms(double ms) { return microseconds{std::llround(ms * 1000)}; }

constexpr std::array<Setting, 9> kSettings{{
    {"loss", 1, [](Impairment& i, double v) { i.loss = v; }},
    {"burst_packets", 1000, [](Impairment& i, double v) { i.burst_packets = v; }},
    {"delay_ms", kLongestMs, [](Impairment& i, double v) { i.delay = from_ms(v); }},
    {"jitter_ms", kLongestMs, [](Impairment& i, double v) { i.jitter = from_ms(v); }},
    {"reorder", 1, [](Impairment& i, double v) { i.reorder = v; }},
    {"reorder_hold_ms", kLongestMs, [](Impairment& i, double v) { i.reorder_hold = from_ms(v); }},
    {"duplicate", 1, [](Impairment& i, double v) { i.duplicate = v; }},
    {"rate_kbps", 10'000'000, [](Impairment& i, double v) { i.rate_bps = static_cast<std::uint64_t>(v * 1000); }},
    {"queue_ms", kLongestMs, [](Impairment& i, double v) { i.queue = from_ms(v); }},
}};

const Setting* setting_of(std::string_view name) {
  const auto found = std::ranges::find(kSettings, name, &Setting::name);
  return found == kSettings.end() ? nullptr : &*found;
}

auto refuse(std::string what) { return fail(ErrorKind::invalid, "chaos.command", std::move(what)); }

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
    return std::nullopt;
  return value;
}

std::optional<Command::Verb> verb_of(std::string_view word) {
  using Verb = Command::Verb;
  constexpr std::array<std::pair<std::string_view, Verb>, 6> kVerbs{{{"set", Verb::set},
                                                                     {"clear", Verb::clear},
                                                                     {"blackout", Verb::blackout},
                                                                     {"rebind", Verb::rebind},
                                                                     {"flows", Verb::flows},
                                                                     {"stats", Verb::stats}}};
  for (const auto& [name, verb] : kVerbs) {
    if (name == word) return verb;
  }
  return std::nullopt;
}

/// Takes the next word from the line's front.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

bool select(Selector& selector, std::string_view key, std::string_view value) {
  if (key == "direction") {
    selector.up = value == "up" || value == "both";
    selector.down = value == "down" || value == "both";
    return selector.up || selector.down;
  }
  if (key == "flow") {
    const auto flow = number(value);
    if (flow) selector.flow = static_cast<std::uint32_t>(*flow);
    return flow.has_value();
  }
  if (key == "client") selector.client = value;
  if (key == "ufrag") selector.ufrag = value;
  return (key == "client" || key == "ufrag") && !value.empty();
}

}  // namespace

Result<Command> parse_command(std::string_view line) {
  Command command;
  const std::string_view first = next_word(line);
  const auto verb = verb_of(first);
  if (!verb) return refuse("Unknown command: " + std::string(first));
  command.verb = *verb;
  for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
    if (select(command.selector, key, value)) continue;
    const auto amount = number(value);
    const Setting* setting = command.verb == Command::Verb::set ? setting_of(key) : nullptr;
    if (setting != nullptr && amount && *amount <= setting->most) {
      command.settings.emplace_back(key, *amount);
    } else if (command.verb == Command::Verb::blackout && key == "ms" && amount && *amount <= kLongestMs) {
      command.duration = std::chrono::milliseconds{std::llround(*amount)};
    } else {
      return refuse("Not understood or out of range: " + std::string(word));
    }
  }
  return command;
}

void apply(const Command& command, Impairment& impairment) {
  if (command.verb == Command::Verb::clear) impairment = {};
  for (const auto& [name, value] : command.settings) {
    if (const Setting* setting = setting_of(name)) setting->set(impairment, value);
  }
}

}  // namespace tw::chaos
