#pragma once

#include <openssl/evp.h>

#include <memory>

/// For the .cpp files of this room: owners of OpenSSL's objects and the check of calls that fail only without memory.
namespace tw::openssl {

/// Ends the process: there is no way on without working cryptography, and no caller could do better.
[[noreturn]] void give_up(const char* what);
inline void must(bool worked, const char* what) {
  if (!worked) give_up(what);
}

}  // namespace tw::openssl
