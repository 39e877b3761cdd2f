#include "crypto/hash_chain.hpp"

#include <array>

#include "base/byte_order.hpp"
#include "crypto/digest.hpp"

namespace tw {
namespace {

void add(Sha256& hash, std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes;
  store_be(bytes.data(), value);
  hash.update(bytes);
}

void add(Sha256& hash, std::string_view part) {
  add(hash, std::uint64_t{part.size()});
  hash.update(as_bytes(part));
}

void add_number(Sha256& hash, std::int64_t value) {
  add(hash, std::uint64_t{sizeof(value)});
  add(hash, static_cast<std::uint64_t>(value));
}

}  // namespace

std::string chain_hash(std::string_view previous_hash, std::int64_t number, std::int64_t at_micros,
                       std::string_view kind, std::string_view data_json) {
  Sha256 hash;
  add(hash, previous_hash);
  add_number(hash, number);
  add_number(hash, at_micros);
  add(hash, kind);
  add(hash, data_json);
  return to_hex(hash.finish());
}

}  // namespace tw
