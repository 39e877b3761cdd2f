#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "domain/words.hpp"
#include "service/caller.hpp"
#include "service/consent.hpp"
#include "service/place_addresses.hpp"
#include "service/views.hpp"

namespace tw::service {

class Core;

struct PlaceReport {
  domain::PlaceStatus status = domain::PlaceStatus::given;
  std::optional<double> latitude;
  std::optional<double> longitude;
  std::optional<double> accuracy_m;
  std::string reason{};  ///< why there is no place, a word of the contract; empty where nobody said
};

/// What the customer does between the link and the end. Callers are customers (CallerKind::customer with `interview`);
/// others get `auth.wrong_role`. Every step answers with the new state.
class CustomerSteps {
 public:
  /// How often a place may be told in one interview: tries on a phone indoors, not a load on the timeline.
  static constexpr std::size_t kMostPlaces = 20;

  explicit CustomerSteps(Core& core) : core_(core), addresses_(core) {}

  [[nodiscard]] Result<CustomerState> state(const Caller& caller);
  /// `consent.text_unknown` (409) when the text is not the one the server shows: read the state again.
  /// `interview.ended`, `interview.wrong_state` (409).
  [[nodiscard]] Result<CustomerState> consent(const Caller& caller, const ConsentReport& report);
  /// The address is looked for first, by the company's geocoder for at most the outgoing calls' limit.
  /// `place.required` (422), `place.not_asked` (409), `place.too_often` (429), `field.invalid` (400) when coordinates
  /// are missing, `consent.required`, `interview.ended`.
  [[nodiscard]] Result<CustomerState> place(const Caller& caller, const PlaceReport& report);
  /// `consent.required`, `place.missing` (409), `queue.closed` (409), `interview.ended`, 503 as for entering. Repeating
  /// it changes nothing.
  [[nodiscard]] Result<CustomerState> enter_queue(const Caller& caller);
  /// left_queue before the answer, hung_up in the call. `interview.ended`.
  [[nodiscard]] Result<CustomerState> leave(const Caller& caller);

 private:
  Core& core_;
  PlaceAddresses addresses_;
};

}  // namespace tw::service
