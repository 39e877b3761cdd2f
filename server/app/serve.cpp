#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/commands.hpp"
#include "app/data_folder.hpp"
#include "app/instance_lock.hpp"
#include "app/server.hpp"
#include "app/stop_signal.hpp"
#include "base/log.hpp"

namespace tw::app {
namespace {

/// Each arena of the allocator keeps memory of its own; a server of a dozen threads does not need a dozen.
constexpr int kMaxArenas = 2;
/// How often a draining server looks whether the last call has ended.
constexpr std::chrono::milliseconds kDrainLook{200};

void use_what_the_system_allows() {
  ::mallopt(M_ARENA_MAX, kMaxArenas);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

/// Tests and scripts wait for this file: it appears whole, once everything answers.
void write_running_file(const std::filesystem::path& folder, const Server& server) {
  const auto file = folder / "server.json";
  const auto fresh = folder / "server.json.new";
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << "{\"pid\": " << ::getpid() << ", \"port\": " << server.port() << ", \"mediaPort\": " << server.media_port()
        << ", \"metricsPort\": " << server.metrics_port() << "}\n";
  }
  std::filesystem::rename(fresh, file);
}

void greet(const Server& server) {
  const std::string& url = server.public_url();
  std::cout << "Telewitness is ready.\n"
            << "  Customers  " << url << "/i/          (by the link of their interview)\n"
            << "  Workbench  " << url << "/workbench/\n"
            << "  Console    " << url << "/console/\n"
            << "  API        " << url << "/docs\n";
  if (!server.authority_file().empty()) {
    std::cout << "Browsers do not know this server's own authority yet. Add " << server.authority_file()
              << "\nto the trusted authorities of the machines that use it, or set server.tls_certificate and "
                 "server.tls_key.\n";
  }
  std::cout << std::flush;
}

/// Waits until the last call has ended, the time is up, or somebody signals again.
void wait_for_calls(Server& server, StopSignal& signal, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (server.running_calls() > 0 && std::chrono::steady_clock::now() < until) {
    if (signal.wait(kDrainLook)) return;
  }
}

int complain(const Error& error) {
  std::cerr << "telewitness: " << error.message << " (" << error.code << ")\n";
  return 1;
}

}  // namespace

int run_serve(const Config& config) {
  use_what_the_system_allows();
  StopSignal signal;
  const DataFolder folder(config.server.data_dir);
  const auto lock = InstanceLock::take(folder.run() / "lock");
  if (!lock) return complain(lock.error());
  std::filesystem::remove(folder.run() / "server.json");

  auto server = Server::start(config);
  if (!server) return complain(server.error());
  write_running_file(folder.run(), **server);
  greet(**server);
  log::info("serving", {{"port", (*server)->port()}, {"mediaPort", (*server)->media_port()}});

  while (!signal.wait(std::chrono::milliseconds{-1})) {
  }
  log::info("draining", {{"calls", (*server)->running_calls()}});
  (*server)->drain();
  wait_for_calls(**server, signal, std::chrono::seconds{config.server.drain_timeout_s});
  std::filesystem::remove(folder.run() / "server.json");
  (*server)->stop();
  log::info("stopped");
  return 0;
}

}  // namespace tw::app
