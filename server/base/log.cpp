#include "base/log.hpp"

#include <atomic>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"

namespace tw::log {
namespace {

std::atomic<Format> g_format{Format::readable};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "info";
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_line(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line = R"({"time":")" + to_rfc3339(SystemClock{}.wall_now()) + R"(","level":")";
  line += name_of(level);
  line += R"(","event":)";
  append_json_string(line, event);
  for (const auto& field : fields) {
    line += ',';
    append_json_string(line, field.key());
    line += ':';
    if (field.is_number()) {
      line += field.value();
    } else {
      append_json_string(line, field.value());
    }
  }
  return line + '}';
}

std::string readable_line(std::string_view event, std::initializer_list<Field> fields) {
  std::string line(event);
  for (const auto& field : fields) {
    line += "  ";
    line += field.key();
    line += '=';
    for (const char c : field.value()) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return line;
}

}  // namespace

void configure(Level least, Format format) {
  g_format = format;
  auto logger = spdlog::get("telewitness");
  if (!logger) logger = spdlog::stderr_color_mt("telewitness");
  logger->set_level(to_spdlog(least));
  logger->set_pattern(format == Format::json ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(logger);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  auto* logger = spdlog::default_logger_raw();
  if (!logger->should_log(to_spdlog(level))) return;
  const std::string line = g_format == Format::json ? json_line(level, event, fields) : readable_line(event, fields);
  logger->log(to_spdlog(level), "{}", line);
}

}  // namespace tw::log
