#include "app/commands.hpp"

#include <functional>
#include <iostream>

#include "app/doctor.hpp"
#include "app/notifier_relay.hpp"
#include "app/state_store.hpp"
#include "service/accounts/operator.hpp"
#include "store/migrator.hpp"

namespace tw::app {
namespace {

int complain(const Error& error) {
  std::cerr << "telewitness: " << error.message << " (" << error.code << ")\n";
  return 1;
}

/// Runs `work` with the operator's use cases over the data folder.
int as_operator(const Config& config, const std::function<int(service::Operator&)>& work) {
  SystemClock clock;
  OsRandom random;
  NotifierRelay nobody;
  const auto state = StateStore::open(config, random);
  if (!state) return complain(state.error());
  service::Operator operators({(*state)->database(), clock, random, nobody, (*state)->tenant_keys()});
  return work(operators);
}

void show(const service::Operator::DemoTenant& demo, const Config& config) {
  const std::string& url = config.server.public_url;
  std::cout << "Demo company \"" << demo.account << "\"\n"
            << "  Workbench  " << url << "/workbench/  name " << demo.agent.name << "  password " << demo.agent.password
            << '\n'
            << "  Console    " << url << "/console/    name " << demo.administrator.name << "  password "
            << demo.administrator.password << '\n'
            << "  API key    " << demo.api_key << '\n'
            << "A customer's link, once the server runs:\n"
            << "  curl -s --cacert " << config.server.data_dir << "/tls/authority.pem -H 'Authorization: Bearer "
            << demo.api_key
            << "' \\\n    -H 'Content-Type: application/json' -d '{\"businessId\":\"B-1\",\"queueId\":\""
            << demo.queue_id << "\",\"companyName\":\"Demo\",\"nickName\":\"customer-1\"}' \\\n    " << url
            << "/api/v1/interviews\n";
}

}  // namespace

int run_doctor(const Config& config) { return print(examine(config), std::cout) ? 0 : 1; }

int print_sample_config() {
  std::cout << sample_config();
  return 0;
}

int run_migrate(const Config& config) {
  const DataFolder folder(config.server.data_dir);
  const auto database = store::Database::open(folder.database());
  if (!database) return complain(database.error());
  const auto outcome = store::Migrator(**database).run();
  if (!outcome) return complain(outcome.error());
  for (const auto& name : outcome->applied) std::cout << "applied " << name << '\n';
  std::cout << "The database is at version " << outcome->version << ".\n";
  return 0;
}

int create_tenant(const Config& config, const NewTenantArguments& arguments) {
  return as_operator(config, [&](service::Operator& operators) {
    const auto created = operators.create_tenant({arguments.account, arguments.name, arguments.administrator});
    if (!created) return complain(created.error());
    std::cout << "Company " << created->account << " (" << created->id.str() << ")\n"
              << "  administrator " << created->administrator_name << "\n  password      "
              << created->administrator_password << "\nThe password is shown only now.\n";
    return 0;
  });
}

int list_tenants(const Config& config) {
  return as_operator(config, [](service::Operator& operators) {
    const auto tenants = operators.list_tenants();
    if (!tenants) return complain(tenants.error());
    for (const auto& tenant : *tenants) {
      std::cout << tenant.id.str() << '\t' << tenant.account << '\t' << tenant.name << '\t'
                << (tenant.enabled ? "enabled" : "disabled") << '\t' << to_rfc3339(tenant.created_at) << '\n';
    }
    return 0;
  });
}

int demo_tenant(const Config& config, const DemoTenantArguments& arguments) {
  return as_operator(config, [&](service::Operator& operators) {
    const auto demo = operators.demo_tenant(arguments.account);
    if (!demo) return complain(demo.error());
    if (arguments.as_json) {
      std::cout << service::to_json(*demo) << '\n';
    } else {
      show(*demo, config);
    }
    return 0;
  });
}

}  // namespace tw::app
