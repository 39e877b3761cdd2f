#include "crypto/openssl.hpp"

#include <openssl/err.h>

#include <cstdlib>

#include "base/log.hpp"

namespace tw::openssl {

void give_up(const char* what) {
  log::error("OpenSSL cannot do what every installation can",
             {{"call", what}, {"error", static_cast<std::uint64_t>(ERR_peek_last_error())}});
  std::abort();
}

}  // namespace tw::openssl
