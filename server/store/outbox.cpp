#include "store/outbox.hpp"

namespace tw::store {

void append_outbox(Transaction& transaction, const OutboxEvent& event, Random& random) {
  transaction.execute(
      "INSERT INTO outbox (tenant_id, id, interview_id, type, payload_json, at) "
      "VALUES (:tenant, :id, :interview, :type, :payload, :at)",
      {{"tenant", event.tenant},
       {"id", "evt_" + make_ulid(event.at, random)},
       {"interview", event.interview},
       {"type", event.type},
       {"payload", event.payload_json},
       {"at", event.at}});
}

}  // namespace tw::store
