#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "store/accounts/tenants.hpp"

/// What it takes to agree, for customers and guests alike.
namespace tw::service {

struct ConsentReport {
  bool accepted = false;
  std::string text_version;
  std::string text_sha256;
  std::string language;
  std::string address;     ///< where the request came from; evidence
  std::string user_agent;  ///< evidence, as it was sent
};

/// Is the text that was agreed to one of these?
[[nodiscard]] bool is_among(const std::vector<store::ConsentTextRow>& texts, const ConsentReport& report);
/// JSON for the timeline. The user agent is cut to 512 bytes, and where it is no UTF-8 each foreign byte becomes "?",
/// so that the entry can be read again whatever a client sends.
[[nodiscard]] std::string consent_evidence(const ConsentReport& report, WallTime at);
/// `consent.text_unknown` (409).
[[nodiscard]] tl::unexpected<Error> consent_text_unknown();

}  // namespace tw::service
