#pragma once

#include <string>

#include "base/config.hpp"

/// What the command line can do besides serving. Each prints to standard output and gives the exit status.
namespace tw::app {

int run_doctor(const Config& config);
int run_migrate(const Config& config);
int print_sample_config();

struct NewTenantArguments {
  std::string account;
  std::string name;
  std::string administrator = "admin";
};
int create_tenant(const Config& config, const NewTenantArguments& arguments);
int list_tenants(const Config& config);

struct DemoTenantArguments {
  std::string account = "demo";
  bool as_json = false;
};
/// The demo company: made when missing, also while the server runs.
int demo_tenant(const Config& config, const DemoTenantArguments& arguments);

/// Serves until SIGINT or SIGTERM; see server.hpp.
int run_serve(const Config& config);

}  // namespace tw::app
