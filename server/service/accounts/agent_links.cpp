#include "service/accounts/agent_links.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "crypto/token.hpp"
#include "service/accounts/rules.hpp"
#include "service/return_address.hpp"
#include "store/accounts/audit.hpp"
#include "store/accounts/credentials.hpp"
#include "store/accounts/queues.hpp"
#include "store/accounts/tenants.hpp"
#include "store/accounts/users.hpp"
#include "store/database.hpp"

namespace tw::service {
namespace {

constexpr std::size_t kMostReturnUrlBytes = 1'024;

tl::unexpected<Error> unknown_link() {
  return fail(ErrorKind::not_found, "link.unknown", "This link is none of this server's; ask for a new one.");
}

std::string new_nonce(Random& random) {
  std::array<std::uint8_t, 16> bytes;
  random.fill(bytes);
  return to_base64url(bytes);
}

}  // namespace

bool has_registered_origin(const std::string& url, const std::vector<std::string>& origins) {
  const auto origin = origin_of(url);
  return origin && std::find(origins.begin(), origins.end(), *origin) != origins.end();
}

AgentLinks::AgentLinks(AccountsContext context, const SecretKey& master, std::string public_url)
    : context_(context), key_(master.derive("agent links")), public_url_(std::move(public_url)) {}

Result<Link> AgentLinks::create(const Caller& caller, const NewLink& link) {
  if (auto allowed = require(caller, {CallerKind::api_key}); !allowed) return tl::unexpected(allowed.error());
  if (link.return_url.size() > kMostReturnUrlBytes)
    return field_invalid("returnUrl", "returnUrl is longer than an address can be.");
  const WallTime now = context_.clock.wall_now();
  const WallTime expires = now + kValidFor;
  return context_.database.write([&](store::Transaction& transaction) -> Result<Link> {
    const auto tenant = store::find_tenant(transaction, caller.tenant);
    const auto user = store::find_user_by_name(transaction, caller.tenant, link.user_name);
    if (!tenant || !user || !user->enabled) {
      return fail(ErrorKind::unprocessable, "user.unknown", "There is no enabled user of this login name.");
    }
    const auto queue_id = QueueId::parse(link.queue_id);
    const auto queue = queue_id ? store::admin_queue(transaction, caller.tenant, *queue_id) : std::nullopt;
    if (!queue || !queue->enabled)
      return fail(ErrorKind::unprocessable, "queue.unknown", "There is no enabled queue of this id.");
    const auto served = store::queues_of_user(transaction, caller.tenant, user->id);
    if (std::find(served.begin(), served.end(), *queue_id) == served.end()) {
      return fail(ErrorKind::unprocessable, "queue.not_served",
                  "The user does not serve this queue; an administrator can assign it.");
    }
    if (!link.return_url.empty() && !has_registered_origin(link.return_url, tenant->return_origins)) {
      return fail(ErrorKind::unprocessable, "return_url.not_registered",
                  "Register the origin of the return address with the company first.");
    }
    const boost::json::object claims{{"tenant", caller.tenant.str()},
                                     {"user", user->id.str()},
                                     {"queue", queue_id->str()},
                                     {"return", link.return_url},
                                     {"nonce", new_nonce(context_.random)}};
    store::append_audit(transaction, {caller.tenant, now, caller.actor(), "agent_link.created", user->id.str()},
                        context_.random);
    return Link{
        public_url_ + "/workbench/#t=" + sign_token(kAgentLinkPrefix, boost::json::serialize(claims), expires, key_),
        expires};
  });
}

Result<AgentLinks::Claims> AgentLinks::redeem(const std::string& token) {
  const WallTime now = context_.clock.wall_now();
  const auto text = verify_token(kAgentLinkPrefix, token, now, key_);
  if (!text) {
    if (text.error().code == "token.expired")
      return fail(ErrorKind::gone, "link.expired", "The link's time is over; ask for a new one.");
    return unknown_link();
  }
  boost::system::error_code error;
  const auto value = boost::json::parse(*text, error);
  const auto* object = error ? nullptr : value.if_object();
  if (object == nullptr) return unknown_link();
  const auto member = [&](const char* name) {
    const auto* found = object->if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
  };
  Claims claims{TenantId::trusted(member("tenant")), AgentId::trusted(member("user")),
                QueueId::trusted(member("queue")), member("return")};
  return context_.database.write([&](store::Transaction& transaction) -> Result<Claims> {
    // Kept a little beyond the link's own time, whatever this server's clock does meanwhile.
    if (!store::use_agent_link(transaction, claims.tenant, token_hash(member("nonce")), now, now + 2 * kValidFor)) {
      return fail(ErrorKind::gone, "link.used", "The link was used before; ask for a new one.");
    }
    return claims;
  });
}

}  // namespace tw::service
