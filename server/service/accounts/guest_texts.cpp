#include "service/accounts/guest_texts.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "service/accounts/default_texts.hpp"

namespace tw::service {

std::vector<store::ConsentTextRow> guest_consent_texts(store::Connection& connection, const TenantId& tenant) {
  auto texts = store::current_guest_consent_texts(connection, tenant);
  for (const DefaultConsentText& given : kDefaultGuestConsentTexts) {
    const bool own = std::any_of(texts.begin(), texts.end(),
                                 [&](const store::ConsentTextRow& text) { return text.language == given.language; });
    if (own) continue;
    const std::string body(given.text);
    texts.push_back(
        {std::string(given.language), std::string(kDefaultGuestVersion), body, to_hex(sha256(as_bytes(body)))});
  }
  return texts;
}

}  // namespace tw::service
