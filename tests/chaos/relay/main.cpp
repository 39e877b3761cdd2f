// chaos_relay: a bad network between clients and a server, controlled while it runs. See tests/chaos/README.md.
#include <signal.h>
#include <sys/signalfd.h>

#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "chaos/relay/relay.hpp"

namespace {

using tw::chaos::RelayConfig;
using tw::chaos::RelayPair;
using tw::media::SocketAddress;

constexpr const char* kUsage =
    "chaos_relay --pair LISTEN_IP:PORT=SERVER_IP:PORT [--pair ...] [--control PATH] [--seed N]\n"
    "Relays UDP between clients and a server. Prints a line with its ports when it is ready, and its counters at its "
    "end.\n";

std::optional<SocketAddress> address_of(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view ip = text.substr(0, colon);
  if (ip.starts_with('[') && ip.ends_with(']')) ip = ip.substr(1, ip.size() - 2);
  std::uint16_t port = 0;
  const auto digits = text.substr(colon + 1);
  if (std::from_chars(digits.data(), digits.data() + digits.size(), port).ptr != digits.data() + digits.size())
    return std::nullopt;
  return SocketAddress::parse(ip, port);
}

std::optional<RelayPair> pair_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto listen = address_of(text.substr(0, equals));
  const auto server = address_of(text.substr(equals + 1));
  if (!listen || !server) return std::nullopt;
  return RelayPair{*listen, *server};
}

std::optional<RelayConfig> config_of(int count, char** words) {
  RelayConfig config;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    const std::string_view value = words[i + 1];
    if (name == "--pair") {
      const auto pair = pair_of(value);
      if (!pair) return std::nullopt;
      config.pairs.push_back(*pair);
    } else if (name == "--control") {
      config.control_path = value;
    } else if (name == "--seed") {
      if (std::from_chars(value.data(), value.data() + value.size(), config.seed).ec != std::errc{})
        return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (config.pairs.empty() || count % 2 == 0) return std::nullopt;
  return config;
}

int signals_to_read() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

}  // namespace

int main(int count, char** words) {
  const auto config = config_of(count, words);
  if (!config) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    const tw::media::FileDescriptor signals(signals_to_read());
    tw::chaos::Relay relay(*config);
    std::printf("{\"ready\":true,\"port\":%u}\n", static_cast<unsigned>(relay.port()));
    std::fflush(stdout);
    relay.run(signals.get());
    std::printf("%s\n", relay.summary().c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chaos_relay: %s\n", error.what());
    return 1;
  }
}
