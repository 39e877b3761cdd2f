#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace tw {

/// A ULID (26 characters of Crockford base 32): 48 bits of milliseconds, 80 random bits. Sorts by time of creation.
[[nodiscard]] std::string make_ulid(WallTime now, Random& random);
/// True for 26 characters of the ULID alphabet in capitals that do not overflow 128 bits.
[[nodiscard]] bool is_ulid(std::string_view text);

/// A strong id: a type prefix, an underscore and a ULID ("itv_01J…"). `Tag::kPrefix` names the type.
template <class Tag>
class Id {
 public:
  Id() = default;

  [[nodiscard]] static Id make(WallTime now, Random& random) {
    return Id(std::string(Tag::kPrefix) + "_" + make_ulid(now, random));
  }
  /// nullopt unless the text has this type's prefix and a well-formed ULID.
  [[nodiscard]] static std::optional<Id> parse(std::string_view text) {
    constexpr std::string_view prefix = Tag::kPrefix;
    if (text.size() != prefix.size() + 27 || !text.starts_with(prefix) || text[prefix.size()] != '_')
      return std::nullopt;
    if (!is_ulid(text.substr(prefix.size() + 1))) return std::nullopt;
    return Id(std::string(text));
  }
  /// For values that this program itself stored; no check.
  [[nodiscard]] static Id trusted(std::string text) { return Id(std::move(text)); }

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Id& id) { return out << id.text_; }

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};
// NOLINTBEGIN(bugprone-macro-parentheses): what is declared is a name, which takes no parentheses.
#define TW_ID(Name, prefix)                             \
  struct Name##Tag {                                    \
    static constexpr std::string_view kPrefix = prefix; \
  };                                                    \
  using Name = Id<Name##Tag>
// NOLINTEND(bugprone-macro-parentheses)
TW_ID(TenantId, "ten");
TW_ID(QueueId, "que");
TW_ID(AgentId, "agt");
TW_ID(CustomerId, "cus");
TW_ID(InterviewId, "itv");
TW_ID(ParticipantId, "par");
TW_ID(PhotoId, "pho");
TW_ID(RecordingId, "rec");
TW_ID(ApiKeyId, "key");
TW_ID(WebhookEndpointId, "whe");
TW_ID(MessageId, "msg");
TW_ID(MediaSessionId, "ses");
TW_ID(JobId, "job");
TW_ID(ObjectId, "obj");
TW_ID(SignInId, "sig");
TW_ID(AuditId, "aud");
TW_ID(ReasonId, "rsn");

#undef TW_ID

}  // namespace tw

template <class Tag>
struct std::hash<tw::Id<Tag>> {
  std::size_t operator()(const tw::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
