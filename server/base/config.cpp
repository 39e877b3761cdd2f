#include "base/config.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <variant>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace tw {
namespace {

using Target = std::variant<std::string*, std::int64_t*, bool*, std::vector<std::string>*>;

/// One key: where it lives, what it means, and the range of a number or the words allowed for a text.
struct Setting {
  std::string_view section;
  std::string_view key;
  Target target;
  std::string_view meaning;
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string_view> words{};
};

std::vector<Setting> server_settings(Config::Server& server) {
  return {
      {"server", "listen", &server.listen, "Addresses that HTTPS listens on."},
      {"server", "port", &server.port, "0 lets the system choose; the log and data_dir/run/server.json then tell it.",
       0, 65'535},
      {"server", "public_url", &server.public_url, "How people reach this server; customer links begin with it."},
      {"server", "data_dir", &server.data_dir, "Database, recordings, keys. Back it up as a whole."},
      {"server", "tls_certificate", &server.tls_certificate,
       "PEM file of a certificate chain. Empty: a local authority is made at first start."},
      {"server", "tls_key", &server.tls_key, "PEM file of its private key."},
      {"server", "tls_names", &server.tls_names, "More host names for the certificate of the local authority."},
      {"server", "allowed_origins", &server.allowed_origins,
       "Origins besides our own whose pages may use the API and the WebSocket, like https://bank.example."},
      {"server", "trust_forwarded_for", &server.trust_forwarded_for,
       "Believe X-Forwarded-For. Only behind a proxy that sets it itself."},
      {"server", "drain_timeout_s", &server.drain_timeout_s, "How long a stopping server waits for calls to end.", 0,
       86'400},
      {"server", "worker_threads", &server.worker_threads, "Threads that run requests (database, files).", 1, 256},
  };
}

std::vector<Setting> media_settings(Config::Media& media) {
  return {
      {"media", "addresses", &media.addresses,
       "Addresses for sound and picture: \"bind\" or \"bind=advertised\" behind NAT. Empty: every address of this "
       "machine."},
      {"media", "first_port", &media.first_port, "UDP and TCP port of the first worker; the next worker uses the next.",
       0, 65'535},
      {"media", "tcp", &media.tcp, "Offer TCP as well, for networks that let no UDP out."},
      {"media", "workers", &media.workers, "Media threads. One carries some hundred calls.", 1, 64},
      {"media", "video_codec", &media.video_codec, "One for all rooms.", 0, 0, {"VP8", "H264"}},
      {"media", "video_kbps", &media.video_kbps, "What a camera is asked for.", 100, 20'000},
      {"media", "audio_kbps", &media.audio_kbps, "What a microphone is asked for.", 8, 510},
      {"media", "ice_servers", &media.ice_servers,
       "STUN and TURN servers for browsers: \"stun:host:3478\" or \"turn:host:3478|user|password\"."},
      {"media", "turn_servers", &media.turn_servers,
       "TURN servers that share turn_secret_file with us: \"turn:host:3478?transport=udp\", "
       "\"turns:host:5349?transport=tcp\". Everybody gets a credential of their own that expires."},
      {"media", "turn_secret_file", &media.turn_secret_file,
       "File with the secret of those servers (coturn: use-auth-secret, static-auth-secret), 1 to 64 bytes."},
      {"media", "unstable_after_ms", &media.unstable_after_ms, "Silence after which a connection counts as unstable.",
       500, 60'000},
      {"media", "lost_after_ms", &media.lost_after_ms, "Silence after which it counts as lost.", 1'000, 120'000},
      {"media", "freed_after_ms", &media.freed_after_ms, "Silence after which its resources are freed.", 2'000,
       600'000},
  };
}

std::vector<Setting> other_settings(Config& config) {
  return {
      {"log", "level", &config.log.level, "Least level written.", 0, 0, {"debug", "info", "warning", "error"}},
      {"log", "format", &config.log.format, "For people or for machines.", 0, 0, {"readable", "json"}},
      {"metrics", "listen", &config.metrics.listen, "Address of the metrics page (Prometheus text); keep it local."},
      {"metrics", "port", &config.metrics.port, "0 lets the system choose.", 0, 65'535},
      {"recording", "reserve_mb", &config.recording.reserve_mb,
       "Free disk space below which no new interview is accepted; what is left belongs to calls that run.", 0,
       100'000'000},
      {"recording", "mirror_dir", &config.recording.mirror_dir,
       "A folder on another disk: what is said is written there too, as it comes. Empty: on one disk only."},
      {"recording", "processors", &config.recording.processors, "How many recordings are composed at once.", 1, 64},
      {"recording", "threads", &config.recording.threads,
       "Threads of each composition. With processors, the most cores that composing takes; calls always come first.", 1,
       16},
      {"recording",
       "layout",
       &config.recording.layout,
       "How a composed film shows two people: beside each other, or the customer large and the agent in a corner.",
       0,
       0,
       {"side_by_side", "picture_in_picture"}},
      {"desk", "ring_timeout_s", &config.desk.ring_timeout_s, "How long an agent is rung before the next one.", 1, 600},
      {"desk", "longest_wait_s", &config.desk.longest_wait_s, "Waiting longer ends with queue_timeout.", 1, 86'400},
      {"desk", "agent_absence_s", &config.desk.agent_absence_s,
       "An agent away longer gives the customer back to the head of the queue.", 1, 600},
      {"desk", "customer_absence_s", &config.desk.customer_absence_s,
       "A customer away longer has left: left_queue, or connection_lost in a call.", 1, 3'600},
      {"outgoing", "allow_private", &config.outgoing.allow_private,
       "host:port pairs on private addresses that order endpoints and webhooks may use."},
      {"outgoing", "extra_ca_file", &config.outgoing.extra_ca_file,
       "PEM file of authorities trusted besides the system's."},
      {"outgoing", "allow_plain_http", &config.outgoing.allow_plain_http, "Allow http:// addresses. For tests only."},
      {"keys", "master_key_file", &config.keys.master_key_file,
       "File of the master key (mode 0600). Empty: data_dir/keys/master.key, made at first start. "
       "TELEWITNESS_MASTER_KEY in the environment (base64, 32 bytes) comes first."},
      {"keys", "master_key_command", &config.keys.master_key_command,
       "A command that prints the master key in base64."},
  };
}

std::vector<Setting> all_settings(Config& config) {
  std::vector<Setting> settings = server_settings(config.server);
  for (auto& part : {media_settings(config.media), other_settings(config)}) {
    settings.insert(settings.end(), part.begin(), part.end());
  }
  return settings;
}

std::string name_of(const Setting& setting) { return std::string(setting.section) + "." + std::string(setting.key); }

tl::unexpected<Error> wrong_type(const Setting& setting, std::string_view wanted) {
  return fail(ErrorKind::invalid, "config.wrong_type", name_of(setting) + " must be " + std::string(wanted) + ".",
              {{"key", name_of(setting)}});
}

tl::unexpected<Error> out_of_range(const Setting& setting, const std::string& allowed) {
  return fail(ErrorKind::invalid, "config.out_of_range", name_of(setting) + " must be " + allowed + ".",
              {{"key", name_of(setting)}});
}

Result<void> assign_text(const Setting& setting, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) return wrong_type(setting, "a text in quotes");
  if (!setting.words.empty() && std::ranges::find(setting.words, *value) == setting.words.end()) {
    std::string allowed = "one of";
    for (const auto word : setting.words) allowed += " \"" + std::string(word) + "\"";
    return out_of_range(setting, allowed);
  }
  *std::get<std::string*>(setting.target) = *value;
  return {};
}

Result<void> assign_list(const Setting& setting, const toml::node& node) {
  const auto* array = node.as_array();
  if (array == nullptr) return wrong_type(setting, "a list of texts, like [\"a\", \"b\"]");
  std::vector<std::string> values;
  for (const auto& item : *array) {
    const auto value = item.value_exact<std::string>();
    if (!value) return wrong_type(setting, "a list of texts, like [\"a\", \"b\"]");
    values.push_back(*value);
  }
  *std::get<std::vector<std::string>*>(setting.target) = std::move(values);
  return {};
}

Result<void> assign(const Setting& setting, const toml::node& node) {
  if (std::holds_alternative<std::string*>(setting.target)) return assign_text(setting, node);
  if (std::holds_alternative<std::vector<std::string>*>(setting.target)) return assign_list(setting, node);
  if (auto* const* flag = std::get_if<bool*>(&setting.target)) {
    const auto value = node.value_exact<bool>();
    if (!value) return wrong_type(setting, "true or false");
    **flag = *value;
    return {};
  }
  const auto value = node.value_exact<std::int64_t>();
  if (!value) return wrong_type(setting, "a whole number");
  if (*value < setting.least || *value > setting.most) {
    return out_of_range(setting, std::to_string(setting.least) + " to " + std::to_string(setting.most));
  }
  *std::get<std::int64_t*>(setting.target) = *value;
  return {};
}

tl::unexpected<Error> unknown_key(const std::string& name) {
  return fail(ErrorKind::invalid, "config.unknown_key",
              "There is no setting " + name + "; `telewitness config` prints all there are.", {{"key", name}});
}

Result<void> apply(Config& config, const toml::table& document) {
  const auto settings = all_settings(config);
  for (const auto& [section, node] : document) {
    const auto* table = node.as_table();
    const bool known = std::ranges::any_of(settings, [&](const Setting& s) { return s.section == section.str(); });
    if (table == nullptr || !known) return unknown_key(std::string(section.str()));
    for (const auto& [key, value] : *table) {
      const auto found = std::ranges::find_if(
          settings, [&](const Setting& s) { return s.section == section.str() && s.key == key.str(); });
      if (found == settings.end()) return unknown_key(std::string(section.str()) + "." + std::string(key.str()));
      if (auto assigned = assign(*found, value); !assigned) return assigned;
    }
  }
  return {};
}

std::string quoted(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>(text);
  return out.str();
}

std::string printed(const Target& target) {
  if (auto* const* text = std::get_if<std::string*>(&target)) return quoted(**text);
  if (auto* const* number = std::get_if<std::int64_t*>(&target)) return std::to_string(**number);
  if (auto* const* flag = std::get_if<bool*>(&target)) return **flag ? "true" : "false";
  std::string list = "[";
  for (const auto& item : *std::get<std::vector<std::string>*>(target)) {
    if (list.size() > 1) list += ", ";
    list += quoted(item);
  }
  return list + "]";
}

}  // namespace

Result<Config> parse_config(std::string_view toml_text, std::string_view source_name) {
  Config config;
  try {
    const toml::table document = toml::parse(toml_text, source_name);
    if (auto applied = apply(config, document); !applied) return tl::unexpected(applied.error());
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error.source().begin;
    return fail(ErrorKind::invalid, "config.malformed",
                std::string(source_name) + ": " + std::string(error.description()) + " (" + where.str() + ")");
  }
  return config;
}

Result<Config> load_config(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(ErrorKind::invalid, "config.unreadable",
                "Cannot open the configuration file " + path + "; `telewitness config > " + path + "` makes one.");
  }
  std::ostringstream text;
  text << file.rdbuf();
  return parse_config(text.str(), path);
}

std::string sample_config() {
  Config config;
  std::string text = "# Telewitness: every setting with its default. Delete what you do not change.\n";
  std::string_view section;
  for (const auto& setting : all_settings(config)) {
    if (setting.section != section) {
      section = setting.section;
      text += "\n[" + std::string(section) + "]\n";
    }
    text += "# " + std::string(setting.meaning);
    if (!setting.words.empty()) {
      text += " One of:";
      for (const auto word : setting.words) text += " " + std::string(word);
      text += ".";
    } else if (std::holds_alternative<std::int64_t*>(setting.target)) {
      text += " " + std::to_string(setting.least) + " to " + std::to_string(setting.most) + ".";
    }
    text += "\n" + std::string(setting.key) + " = " + printed(setting.target) + "\n";
  }
  return text;
}

}  // namespace tw
