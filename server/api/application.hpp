#pragma once

#include <functional>

#include "api/http/origins.hpp"
#include "api/http/router.hpp"
#include "api/metrics.hpp"
#include "api/net/https_server.hpp"
#include "api/pages/pages.hpp"
#include "api/services.hpp"

namespace tw::api {

/// The whole outside: from a request to its answer. Middle steps in order: pages and health, route, preflight,
/// credentials, role, idempotency, operation, problem details, cross-origin headers.
class Application final : public RequestHandler {
 public:
  /// `ready` tells whether the server can do its work (for /readyz).
  Application(Services services, Origins origins, SocketEvents& sockets, Metrics& metrics, std::function<bool()> ready);

  std::optional<Response> answer_at_once(const Request& request) override;
  Response answer(Request request) override;
  [[nodiscard]] bool takes_upload(const Request& head) const override;
  Result<std::unique_ptr<BodySink>> begin_upload(Request head) override;
  Response upload_answer(const Request& head, Result<Response> result) override;
  Response refuse(const Error& error) override;
  std::optional<Response> refuse_socket(const Request& request) override;
  SocketEvents& socket_events() override { return sockets_; }
  void answered(const Request& request, unsigned status, std::chrono::microseconds took) override;

  [[nodiscard]] const Router& router() const { return router_; }

 private:
  [[nodiscard]] std::vector<std::string> framed_by(const Request& request) const;
  [[nodiscard]] Result<Response> run(Request& request);
  [[nodiscard]] Result<Response> run_once(const Request& request, const Route& route);
  [[nodiscard]] Result<service::Caller> authenticate(const Request& request, Access access) const;

  Services services_;
  Origins origins_;
  SocketEvents& sockets_;
  Metrics& metrics_;
  std::function<bool()> ready_;
  Router router_;
  Pages pages_;
};

}  // namespace tw::api
