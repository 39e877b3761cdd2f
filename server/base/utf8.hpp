#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Texts as they come from outside: UTF-8 (RFC 3629).
namespace tw {

/// Code points of a UTF-8 text; nullopt when it is none (overlong forms, surrogates, beyond U+10FFFF, cut sequences).
[[nodiscard]] std::optional<std::size_t> count_characters(std::string_view text);

/// Code points of a text that is known to be UTF-8, as what came through the JSON parser is. Of other bytes: how many
/// do not go on with a sequence.
[[nodiscard]] std::size_t characters(std::string_view utf8);

/// At most `most_bytes` of a UTF-8 text, cut where a character begins, so that the rest is UTF-8 still.
[[nodiscard]] std::string cut_text(std::string text, std::size_t most_bytes);

}  // namespace tw
