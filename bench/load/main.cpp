/// telewitness-load: WebRTC clients without pictures or people, for any server that speaks WHIP and WHEP.
#include <sys/prctl.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <map>

#include <CLI/CLI.hpp>

#include "load/run.hpp"

namespace {

void add_options(CLI::App& app, tw::bench::Options& options) {
  const std::map<std::string, tw::bench::ServerKind> kinds{{"whip", tw::bench::ServerKind::whip},
                                                           {"janus", tw::bench::ServerKind::janus}};
  constexpr unsigned kMostRooms = 1000;
  constexpr unsigned kMostPeople = 16;
  constexpr double kMostSeconds = 24 * 3600;
  app.add_option("--server", options.server, "whip (WHIP and WHEP) or janus (videoroom over HTTP)")
      ->transform(CLI::CheckedTransformer(kinds));
  app.add_option("--target", options.target, "base URL; of Janus the one that ends with /janus");
  app.add_option("--publish-url", options.publish_url,
                 "WHIP endpoint; {target}, {room} and {participant} are filled in")
      ->default_val("{target}/whip/{room}/{participant}");
  app.add_option("--watch-url", options.watch_url, "WHEP endpoint; also {publisher}")
      ->default_val("{target}/whep/{room}/{participant}/{publisher}");
  app.add_option("--token", options.token, "bearer token for every request")->envname("TELEWITNESS_LOAD_TOKEN");
  app.add_option("--plan", options.plan_file, "JSON file: a URL and a token for each publisher and viewer");
  app.add_flag("--insecure", options.insecure, "take any TLS certificate");
  app.add_option("--address", options.address, "numeric address that media leaves from");
  app.add_option("--rooms", options.rooms)->check(CLI::Range(1U, kMostRooms))->capture_default_str();
  app.add_option("--people", options.people, "a room; each publishes and watches the others")
      ->check(CLI::Range(1U, kMostPeople))
      ->capture_default_str();
  app.add_option("--profile", options.profile, "offer only this SRTP profile: any, gcm, cm")
      ->check(CLI::IsMember({"any", "gcm", "cm"}));
  app.add_option("--seconds", options.seconds, "how long to measure")
      ->check(CLI::Range(0.1, kMostSeconds))
      ->capture_default_str();
  app.add_option("--warm-up", options.warm_up_seconds, "seconds before")
      ->check(CLI::Range(0.0, kMostSeconds))
      ->capture_default_str();
  app.add_option("--loss", options.loss, "fraction of media packets to throw away in each direction")
      ->check(CLI::Range(0.0, 0.5));
  app.add_flag("--runs-apart", options.runs_apart, "let the kernel take runs of packets apart on the sender's time");
  app.add_flag("--join-only", options.join_only, "connect everybody, send nothing");
  app.add_option("--watch-pid", options.watched_pid, "the server's process: its CPU time and memory are measured");
  app.add_option("--seed", options.seed, "of phases and losses")->capture_default_str();
  app.add_option("--output", options.output, "write the result here instead of standard output");
}

int report(const tw::bench::Options& options, const tw::bench::Findings& findings) {
  const std::string text = to_json(options, findings) + "\n";
  if (options.output.empty()) {
    std::fputs(text.c_str(), stdout);
    return 0;
  }
  std::ofstream out(options.output);
  out << text;
  return out.good() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  tw::bench::Options options;
  CLI::App app("Measures a media server from outside: sends on time, receives, tells delay, loss and cost.");
  add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  if (options.target.empty() && options.plan_file.empty() && options.publish_url.starts_with('{')) {
    std::fputs("telewitness-load: say where to: --target, --publish-url with --watch-url, or --plan.\n", stderr);
    return 2;
  }
  try {
    ::prctl(PR_SET_TIMERSLACK, 1UL);  // packets leave when they are due
    const auto findings = tw::bench::run(options);
    if (findings) return report(options, *findings);
    std::fprintf(stderr, "telewitness-load: %s: %s\n", findings.error().code.c_str(), findings.error().message.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "telewitness-load: %s\n", error.what());
  }
  return 1;
}
