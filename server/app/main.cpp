#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "app/commands.hpp"
#include "base/log.hpp"
#include "processing/processor_child.hpp"

namespace {

/// What every command takes, and what is laid over the file.
struct CommonOptions {
  std::string config_file;
  std::string data_dir;
  std::int64_t port = -1;
};

void add_common(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.config_file, "Configuration file; `telewitness config` prints a sample");
  command.add_option("--data", options.data_dir, "Data folder, before the file's server.data_dir");
}

tw::Result<tw::Config> load(const CommonOptions& options) {
  tw::Config config;
  if (!options.config_file.empty()) {
    auto loaded = tw::load_config(options.config_file);
    if (!loaded) return loaded;
    config = std::move(*loaded);
  }
  if (!options.data_dir.empty()) config.server.data_dir = options.data_dir;
  if (options.port >= 0) config.server.port = options.port;
  return config;
}

void configure_log(const tw::Config& config) {
  using tw::log::Level;
  const Level level = config.log.level == "debug"     ? Level::debug
                      : config.log.level == "warning" ? Level::warning
                      : config.log.level == "error"   ? Level::error
                                                      : Level::info;
  tw::log::configure(level, config.log.format == "json" ? tw::log::Format::json : tw::log::Format::readable);
}

template <class Command>
int with_config(const CommonOptions& options, Command command) {
  const auto config = load(options);
  if (!config) {
    std::cerr << "telewitness: " << config.error().message << '\n';
    return 2;
  }
  configure_log(*config);
  return command(*config);
}

int run(int argc, char** argv) {
  CLI::App app{"Telewitness: remote video interview-signing on a server of your own."};
  app.require_subcommand(1);
  CommonOptions options;
  int status = 0;

  auto* serve = app.add_subcommand("serve", "Serve until SIGINT or SIGTERM");
  add_common(*serve, options);
  serve->add_option("--port", options.port, "HTTPS port, before the file's server.port")->check(CLI::Range(0, 65535));
  serve->callback([&] { status = with_config(options, tw::app::run_serve); });

  auto* doctor = app.add_subcommand("doctor", "Say what is missing or wrong on this machine");
  add_common(*doctor, options);
  doctor->callback([&] { status = with_config(options, tw::app::run_doctor); });

  auto* config = app.add_subcommand("config", "Print a commented configuration with every default");
  config->callback([&] { status = tw::app::print_sample_config(); });

  auto* migrate = app.add_subcommand("migrate", "Bring the database to this version (serve does it too)");
  add_common(*migrate, options);
  migrate->callback([&] { status = with_config(options, tw::app::run_migrate); });

  auto* tenant = app.add_subcommand("tenant", "Companies on this server");
  tenant->require_subcommand(1);
  tw::app::NewTenantArguments new_tenant;
  auto* create = tenant->add_subcommand("create", "Make a company and its first administrator");
  add_common(*create, options);
  create->add_option("account", new_tenant.account, "Short name that people type at sign-in")->required();
  create->add_option("--name", new_tenant.name, "Name of the company")->required();
  create->add_option("--administrator", new_tenant.administrator, "Login name of the first administrator");
  create->callback(
      [&] { status = with_config(options, [&](const auto& c) { return tw::app::create_tenant(c, new_tenant); }); });
  auto* list = tenant->add_subcommand("list", "List the companies");
  add_common(*list, options);
  list->callback([&] { status = with_config(options, tw::app::list_tenants); });

  auto* demo = app.add_subcommand("demo-tenant", "The demo company's sign-ins and API key, made when missing");
  tw::app::DemoTenantArguments demo_arguments;
  bool show = false;
  add_common(*demo, options);
  demo->add_option("--account", demo_arguments.account, "Another account than \"demo\"");
  auto* as_json = demo->add_flag("--json", demo_arguments.as_json, "For programs");
  demo->add_flag("--show", show, "For people (the default)")->excludes(as_json);
  demo->callback(
      [&] { status = with_config(options, [&](const auto& c) { return tw::app::demo_tenant(c, demo_arguments); }); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // The processor is started by the server only, and gives up every right before it looks at anything.
  if (argc == 2 && std::string_view(argv[1]) == "processor") ::_exit(tw::processing::run_processor());
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "telewitness: " << error.what() << '\n';
    return 1;
  }
}
