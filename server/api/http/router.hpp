#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http/message.hpp"
#include "api/http/upload.hpp"

namespace tw::api {

/// Answers one operation. Runs on a worker thread and may block.
using Handler = std::function<Result<Response>(const Request&)>;

/// Who may call an operation. The sets are small, so they are bits.
enum class Access : unsigned {
  anyone = 0,
  api_key = 1,
  agent = 2,
  administrator = 4,
  customer = 8,
  /// The handler checks a credential of its own: a media token or a file ticket.
  own_check = 16,
  guest = 32,
  user = agent | administrator,
};
[[nodiscard]] constexpr Access operator|(Access a, Access b) {
  return static_cast<Access>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool allows(Access set, Access one) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(one)) != 0;
}

struct Route {
  Method method = Method::get;
  std::string pattern;  ///< below /api/v1, with {names}: "/interviews/{interviewId}"
  Access access = Access::anyone;
  Handler handler;
  UploadHandler upload;  ///< instead of `handler`, for operations that take a file
};

/// Finds operations by method and path. Built once before the first request; reading it needs no lock.
class Router {
 public:
  void add(Method method, std::string pattern, Access access, Handler handler);
  /// A POST whose body is a file of up to kMaxUploadBytes.
  void add_upload(std::string pattern, Access access, UploadHandler begin);

  struct Match {
    const Route* route = nullptr;
    std::vector<std::pair<std::string, std::string>> values;
  };
  /// The path is known, but not for this method.
  struct WrongMethod {
    std::string allow;  ///< for the Allow header (RFC 9110 section 10.2.1), OPTIONS included
  };
  struct Unknown {};
  /// A fixed segment wins over a {name}. HEAD finds GET. Values are percent-decoded; one that is not decodable matches
  /// nothing.
  [[nodiscard]] std::variant<Match, WrongMethod, Unknown> find(Method method, std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> segments_;  ///< of the route at the same place
};

}  // namespace tw::api
