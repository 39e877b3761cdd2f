#include "store/agents.hpp"

#include <map>

namespace tw::store::agents {

domain::Agent find(Connection& connection, const TenantId& tenant, const AgentId& agent) {
  domain::Agent found;
  found.id = agent;
  const auto row = connection.first(
      "SELECT presence, connected, activity, interview_id, idle_since, absent_until FROM agent_states "
      "WHERE tenant_id = :tenant AND agent_id = :agent",
      {{"tenant", tenant}, {"agent", agent}});
  if (!row) return found;
  found.presence = domain::parse<domain::Presence>(row->text(0)).value();
  found.connected = row->flag(1);
  found.activity = domain::parse<domain::Activity>(row->text(2)).value();
  found.interview = row->opt_id<InterviewId>(3);
  found.idle_since = row->time(4);
  found.absent_until = row->opt_time(5);
  return found;
}

void save(Transaction& transaction, const TenantId& tenant, const domain::Agent& agent) {
  transaction.execute(
      "INSERT INTO agent_states (tenant_id, agent_id, presence, connected, activity, interview_id, idle_since, "
      "absent_until) "
      "VALUES (:tenant, :agent, :presence, :connected, :activity, :interview, :idle_since, :absent_until) "
      "ON CONFLICT (tenant_id, agent_id) DO UPDATE SET presence = :presence, connected = :connected, activity = "
      ":activity, "
      "interview_id = :interview, idle_since = :idle_since, absent_until = :absent_until",
      {{"tenant", tenant},
       {"agent", agent.id},
       {"presence", domain::to_text(agent.presence)},
       {"connected", agent.connected},
       {"activity", domain::to_text(agent.activity)},
       {"interview", agent.interview},
       {"idle_since", agent.idle_since},
       {"absent_until", agent.absent_until}});
}

std::vector<domain::IdleAgent> idle(Connection& connection, const TenantId& tenant) {
  std::map<AgentId, domain::IdleAgent> found;
  for (const Row& row : connection.query(
           "SELECT s.agent_id, s.idle_since, q.queue_id FROM agent_states s "
           "JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.agent_id AND u.enabled = 1 "
           "JOIN user_queues q ON q.tenant_id = s.tenant_id AND q.user_id = s.agent_id "
           "WHERE s.tenant_id = :tenant AND s.presence = 'online' AND s.connected = 1 AND s.activity = 'idle'",
           {{"tenant", tenant}})) {
    domain::IdleAgent& agent = found[row.id<AgentId>(0)];
    agent.id = row.id<AgentId>(0);
    agent.idle_since = row.time(1);
    agent.queues.insert(row.id<QueueId>(2));
  }
  std::vector<domain::IdleAgent> result;
  result.reserve(found.size());
  for (auto& [id, agent] : found) result.push_back(std::move(agent));
  return result;
}

std::int64_t online(Connection& connection, const TenantId& tenant, const QueueId& queue) {
  const auto row = connection.first(
      "SELECT COUNT(*) FROM agent_states s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.agent_id AND "
      "u.enabled = 1 "
      "JOIN user_queues q ON q.tenant_id = s.tenant_id AND q.user_id = s.agent_id AND q.queue_id = :queue "
      "WHERE s.tenant_id = :tenant AND s.presence = 'online' AND s.connected = 1",
      {{"tenant", tenant}, {"queue", queue}});
  return row ? row->i64(0) : 0;
}

std::int64_t online_besides(Connection& connection, const TenantId& tenant, const QueueId& queue,
                            const AgentId& besides) {
  return connection
      .first(
          "SELECT COUNT(*) FROM agent_states s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.agent_id AND "
          "u.enabled = 1 "
          "JOIN user_queues q ON q.tenant_id = s.tenant_id AND q.user_id = s.agent_id AND q.queue_id = :queue "
          "WHERE s.tenant_id = :tenant AND s.presence = 'online' AND s.connected = 1 AND s.agent_id <> :besides",
          {{"tenant", tenant}, {"queue", queue}, {"besides", besides}})
      ->i64(0);
}

std::vector<Colleague> colleagues(Connection& connection, const TenantId& tenant, const AgentId& besides,
                                  std::size_t limit) {
  std::vector<Colleague> found;
  for (const Row& row :
       connection.query("SELECT s.agent_id, s.presence, s.connected, s.activity, u.display_name FROM agent_states s "
                        "JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.agent_id AND u.enabled = 1 "
                        "WHERE s.tenant_id = :tenant AND s.presence <> 'offline' AND s.agent_id <> :besides "
                        "ORDER BY u.display_name, s.agent_id LIMIT :limit",
                        {{"tenant", tenant}, {"besides", besides}, {"limit", limit}})) {
    Colleague colleague;
    colleague.agent.id = row.id<AgentId>(0);
    colleague.agent.presence = domain::parse<domain::Presence>(row.text(1)).value();
    colleague.agent.connected = row.flag(2);
    colleague.agent.activity = domain::parse<domain::Activity>(row.text(3)).value();
    colleague.display_name = row.text(4);
    found.push_back(std::move(colleague));
  }
  return found;
}

std::vector<Key> due(Connection& connection, WallTime now, std::size_t limit) {
  std::vector<Key> keys;
  for (const Row& row : connection.query(
           "SELECT tenant_id, agent_id FROM agent_states WHERE absent_until <= :now ORDER BY absent_until LIMIT :limit",
           {{"now", now}, {"limit", limit}})) {
    keys.push_back({row.id<TenantId>(0), row.id<AgentId>(1)});
  }
  return keys;
}

std::optional<WallTime> first_deadline(Connection& connection) {
  const auto row = connection.first("SELECT MIN(absent_until) FROM agent_states");
  return row ? row->opt_time(0) : std::nullopt;
}

void disconnect_all(Transaction& transaction, WallTime absent_until) {
  transaction.execute("UPDATE agent_states SET connected = 0");
  transaction.execute("UPDATE agent_states SET absent_until = :until WHERE presence <> 'offline' OR activity <> 'idle'",
                      {{"until", absent_until}});
}

std::string display_name(Connection& connection, const TenantId& tenant, const AgentId& agent) {
  const auto row = connection.first("SELECT display_name FROM users WHERE tenant_id = :tenant AND id = :id",
                                    {{"tenant", tenant}, {"id", agent}});
  return row ? row->text(0) : std::string();
}

std::vector<ServedQueue> queues_of(Connection& connection, const TenantId& tenant, const AgentId& agent) {
  std::vector<ServedQueue> queues;
  for (const Row& row : connection.query(
           "SELECT q.id, q.name FROM user_queues s JOIN queues q ON q.tenant_id = s.tenant_id AND q.id = s.queue_id "
           "WHERE s.tenant_id = :tenant AND s.user_id = :user AND q.enabled = 1 ORDER BY q.number",
           {{"tenant", tenant}, {"user", agent}})) {
    queues.push_back({row.id<QueueId>(0), row.text(1)});
  }
  return queues;
}

bool serves(Connection& connection, const TenantId& tenant, const AgentId& agent, const QueueId& queue) {
  return connection
      .first("SELECT 1 FROM user_queues WHERE tenant_id = :tenant AND user_id = :user AND queue_id = :queue",
             {{"tenant", tenant}, {"user", agent}, {"queue", queue}})
      .has_value();
}

}  // namespace tw::store::agents
