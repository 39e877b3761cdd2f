#include "crypto/password.hpp"

#include <sodium.h>

#include <array>
#include <semaphore>

#include "crypto/openssl.hpp"

namespace tw {
namespace {

/// Each check takes 64 MiB and some 50 ms of a processor: more at once would only let strangers take the machine's
/// memory.
constexpr std::ptrdiff_t kMostAtOnce = 2;
std::counting_semaphore<kMostAtOnce> free_places{kMostAtOnce};

class Place {
 public:
  Place() { free_places.acquire(); }
  ~Place() { free_places.release(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
};

void initialise() {
  static const bool ready = sodium_init() >= 0;
  openssl::must(ready, "sodium_init");
}

/// Has the same parameters as every hash made here (a test sees to it) and belongs to no password.
constexpr const char* kNobodysHash =
    "$argon2id$v=19$m=65536,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool verify(std::string_view password, const char* hash) {
  initialise();
  const Place place;
  return crypto_pwhash_str_verify(hash, password.data(), password.size()) == 0;
}

}  // namespace

std::string hash_password(std::string_view password) {
  initialise();
  const Place place;
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  openssl::must(crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                      crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) == 0,
                "crypto_pwhash_str_alg");
  return hash.data();
}

bool verify_password(std::string_view password, const std::string& hash) {
  // libsodium reads up to crypto_pwhash_STRBYTES and wants the end within.
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  return verify(password, hash.c_str());
}

void verify_no_password(std::string_view password) { static_cast<void>(verify(password, kNobodysHash)); }

}  // namespace tw
