#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tw {

/// `previous_hash` of the first entry of a chain.
inline constexpr std::string_view kChainStart = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash (64 hexadecimal digits) of an entry of a timeline: SHA-256 over the previous hash and every part of the
/// entry, each preceded by its length, so that no two different entries give the same bytes. `data_json` is hashed as
/// the text that is stored.
[[nodiscard]] std::string chain_hash(std::string_view previous_hash, std::int64_t number, std::int64_t at_micros,
                                     std::string_view kind, std::string_view data_json);

}  // namespace tw
