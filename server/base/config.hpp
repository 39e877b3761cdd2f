#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace tw {

/// Everything an operator can set, with its defaults. One TOML file; every key is optional. The sentences about each
/// are in config.cpp, from which `telewitness config` prints the commented sample.
struct Config {
  struct Server {
    std::vector<std::string> listen{"0.0.0.0", "::"};
    std::int64_t port = 8443;
    std::string public_url = "https://localhost:8443";
    std::string data_dir = "data";
    std::string tls_certificate;
    std::string tls_key;
    std::vector<std::string> tls_names;
    std::vector<std::string> allowed_origins;
    bool trust_forwarded_for = false;
    std::int64_t drain_timeout_s = 30;
    std::int64_t worker_threads = 8;
  } server;

  struct Log {
    std::string level = "info";
    std::string format = "readable";
  } log;

  struct Metrics {
    std::string listen = "127.0.0.1";
    std::int64_t port = 9464;
  } metrics;

  struct Media {
    std::vector<std::string> addresses;
    std::int64_t first_port = 50'000;
    std::int64_t workers = 1;
    bool tcp = true;
    std::string video_codec = "VP8";
    std::int64_t video_kbps = 1'500;
    std::int64_t audio_kbps = 40;
    std::vector<std::string> ice_servers;
    std::vector<std::string> turn_servers;
    std::string turn_secret_file;
    std::int64_t unstable_after_ms = 3'000;
    std::int64_t lost_after_ms = 7'500;
    std::int64_t freed_after_ms = 30'000;
  } media;

  struct Recording {
    std::int64_t reserve_mb = 1'024;
    std::string mirror_dir;
    std::int64_t processors = 1;
    std::int64_t threads = 1;
    std::string layout = "side_by_side";
  } recording;

  struct Desk {
    std::int64_t ring_timeout_s = 30;
    std::int64_t longest_wait_s = 600;
    std::int64_t agent_absence_s = 30;
    std::int64_t customer_absence_s = 60;
  } desk;

  struct Outgoing {
    std::vector<std::string> allow_private;
    std::string extra_ca_file;
    bool allow_plain_http = false;
  } outgoing;

  struct Keys {
    std::string master_key_file;
    std::string master_key_command;
  } keys;
};

/// Reads a TOML text. Unknown keys, wrong types and values out of range are refused by name:
/// `config.unknown_key`, `config.wrong_type`, `config.out_of_range`, `config.malformed`. Nothing is half applied.
[[nodiscard]] Result<Config> parse_config(std::string_view toml_text, std::string_view source_name);
/// Reads the file; `config.unreadable` where it cannot be opened.
[[nodiscard]] Result<Config> load_config(const std::string& path);
/// A TOML text with every key, its meaning and its default, that `parse_config` reads back to the defaults.
[[nodiscard]] std::string sample_config();

}  // namespace tw
