#include "api/routes/answer.hpp"
#include "api/routes/routes.hpp"
#include "service/interviews.hpp"

namespace tw::api {

void add_queue_routes(Router& router, const Services& services) {
  auto& queues = services.queues;
  router.add(Method::get, "/queues", Access::api_key | Access::user,
             [&queues](const Request& request) { return answer_list(queues.list(*request.caller)); });
  router.add(Method::get, "/queues/{queueId}", Access::api_key | Access::user, [&queues](const Request& request) {
    return answer(queues.get(*request.caller, request.path_value("queueId")));
  });
}

}  // namespace tw::api
