#include "crypto/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include "crypto/digest.hpp"
#include "crypto/durable_file.hpp"
#include "crypto/openssl.hpp"

namespace tw {
namespace {

using std::chrono::days;

constexpr days kAuthorityValid{3650};
/// Browsers refuse longer ones; 397 days is what public authorities may issue.
constexpr days kServerValid{397};
constexpr days kDtlsValid{365};
/// A certificate is made anew this long before its end.
constexpr days kRenewBefore{30};
/// Clocks of phones are off; a certificate is valid a little before it was made.
constexpr days kBackdated{1};
constexpr mode_t kSecretMode = S_IRUSR | S_IWUSR;
constexpr mode_t kPublicMode = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
constexpr std::size_t kMostPemBytes = std::size_t{64} * 1024;
/// Upper bound of a common name (RFC 5280 appendix A.1, ub-common-name).
constexpr std::size_t kMostCommonNameBytes = 64;
constexpr std::size_t kMostHostNameBytes = 253;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;
struct NamesFree {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using NamesPtr = std::unique_ptr<GENERAL_NAMES, NamesFree>;
struct ExtensionFree {
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};

PKeyPtr make_key() {
  PKeyPtr key(EVP_EC_gen("P-256"));
  openssl::must(key != nullptr, "EVP_EC_gen");
  return key;
}

void set_times(X509* certificate, WallTime from, WallTime to) {
  const auto seconds = [](WallTime time) {
    return std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  };
  openssl::must(ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(from)) != nullptr, "ASN1_TIME_set");
  openssl::must(ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(to)) != nullptr, "ASN1_TIME_set");
}

/// Version 3, a random serial number (RFC 5280 section 4.1.2.2: positive, at most 20 octets), key and subject.
X509Ptr make_certificate(EVP_PKEY* key, const std::string& common_name, WallTime from, WallTime to) {
  X509Ptr certificate(X509_new());
  openssl::must(certificate != nullptr && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "X509_new");
  std::array<unsigned char, 16> serial;
  openssl::must(RAND_bytes(serial.data(), serial.size()) == 1, "RAND_bytes");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7F) | 0x01);
  BIGNUM* number = BN_bin2bn(serial.data(), serial.size(), nullptr);
  openssl::must(number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get())) != nullptr,
                "BN_to_ASN1_INTEGER");
  BN_free(number);
  set_times(certificate.get(), from, to);
  openssl::must(X509_set_pubkey(certificate.get(), key) == 1, "X509_set_pubkey");
  X509_NAME* name = X509_get_subject_name(certificate.get());
  openssl::must(
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.data()),
                                 static_cast<int>(common_name.size()), -1, 0) == 1,
      "X509_NAME_add_entry_by_txt");
  return certificate;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, ExtensionFree> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  openssl::must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "X509V3_EXT_conf_nid");
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  openssl::must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1, "X509_set_issuer_name");
  openssl::must(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "X509_sign");
}

/// The four or sixteen octets of an address; empty for a host name. "[::1]" is taken as "::1".
Bytes address_octets(std::string name) {
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') name = name.substr(1, name.size() - 2);
  std::array<std::uint8_t, 16> octets;
  if (::inet_pton(AF_INET, name.c_str(), octets.data()) == 1) return {octets.begin(), octets.begin() + 4};
  if (::inet_pton(AF_INET6, name.c_str(), octets.data()) == 1) return {octets.begin(), octets.end()};
  return {};
}

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > kMostHostNameBytes || name.front() == '.' || name.front() == '-') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' || c == '*';
  });
}

void add_names(X509* certificate, const std::vector<std::string>& names) {
  const NamesPtr list(GENERAL_NAMES_new());
  openssl::must(list != nullptr, "GENERAL_NAMES_new");
  for (const std::string& name : names) {
    GENERAL_NAME* entry = GENERAL_NAME_new();
    openssl::must(entry != nullptr, "GENERAL_NAME_new");
    const Bytes octets = address_octets(name);
    ASN1_STRING* value = octets.empty() ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
    openssl::must(value != nullptr, "ASN1_STRING_new");
    const void* data = octets.empty() ? static_cast<const void*>(name.data()) : octets.data();
    openssl::must(ASN1_STRING_set(value, data, static_cast<int>(octets.empty() ? name.size() : octets.size())) == 1,
                  "ASN1_STRING_set");
    GENERAL_NAME_set0_value(entry, octets.empty() ? GEN_DNS : GEN_IPADD, value);
    openssl::must(sk_GENERAL_NAME_push(list.get(), entry) > 0, "sk_GENERAL_NAME_push");
  }
  openssl::must(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1,
                "X509_add1_ext_i2d");
}

/// Whether every name stands in the certificate, letter by letter.
bool covers(X509* certificate, const std::vector<std::string>& names) {
  const NamesPtr list(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!list) return names.empty();
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    const Bytes octets = address_octets(name);
    const ByteView wanted = octets.empty() ? as_bytes(name) : ByteView(octets);
    const int wanted_kind = octets.empty() ? GEN_DNS : GEN_IPADD;
    for (int i = 0; i < sk_GENERAL_NAME_num(list.get()); ++i) {
      int kind = 0;
      const auto* value =
          static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(list.get(), i), &kind));
      if (kind != wanted_kind) continue;
      const ByteView found(ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value)));
      if (std::equal(found.begin(), found.end(), wanted.begin(), wanted.end())) return true;
    }
    return false;
  });
}

bool lasts_until(const X509* certificate, WallTime when) {
  std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(when));
  return X509_cmp_time(X509_get0_notAfter(certificate), &seconds) > 0;
}

struct Pair {
  X509Ptr certificate;
  PKeyPtr key;
};

std::string to_pem(X509* certificate) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  openssl::must(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1, "PEM_write_bio_X509");
  char* data = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string to_pem(EVP_PKEY* key) {
  const BioPtr memory(BIO_new(BIO_s_secmem()));
  openssl::must(
      memory != nullptr && PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
      "PEM_write_bio_PKCS8PrivateKey");
  char* data = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

/// The certificate and key of these files; empty pointers where a file is missing, cannot be read as one, or they do
/// not belong together.
Pair load(const std::filesystem::path& certificate_file, const std::filesystem::path& key_file) {
  Pair pair;
  const auto certificate_text = read_small_file(certificate_file, kMostPemBytes);
  const auto key_text = read_small_file(key_file, kMostPemBytes);
  if (!certificate_text || !key_text) return pair;
  const auto memory = [](const std::string& text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  };
  pair.certificate.reset(PEM_read_bio_X509(memory(*certificate_text).get(), nullptr, nullptr, nullptr));
  pair.key.reset(PEM_read_bio_PrivateKey(memory(*key_text).get(), nullptr, nullptr, nullptr));
  if (!pair.certificate || !pair.key || X509_check_private_key(pair.certificate.get(), pair.key.get()) != 1) return {};
  return pair;
}

Result<void> store(const std::filesystem::path& key_file, const std::filesystem::path& certificate_file, EVP_PKEY* key,
                   const std::string& chain) {
  // The key first: a pair that does not belong together is made anew at the next start.
  std::string text = to_pem(key);
  auto written = write_file_durably(key_file, text, kSecretMode);
  OPENSSL_cleanse(text.data(), text.size());
  if (!written) return written;
  return write_file_durably(certificate_file, chain, kPublicMode);
}

Result<Pair> ensure_authority(const std::filesystem::path& folder, WallTime now) {
  const auto certificate_file = folder / "authority.pem";
  const auto key_file = folder / "authority.key";
  Pair pair = load(certificate_file, key_file);
  if (pair.certificate && lasts_until(pair.certificate.get(), now + kRenewBefore)) return pair;
  if (!pair.certificate && (std::filesystem::exists(certificate_file) || std::filesystem::exists(key_file))) {
    // People trust this authority already: replacing it behind their backs would look like an attack.
    return fail(ErrorKind::internal, "certificate.authority_damaged",
                "authority.pem and authority.key cannot be read or do not belong together; restore both, or delete "
                "both to have a new authority made.");
  }
  pair.key = make_key();
  pair.certificate =
      make_certificate(pair.key.get(), "Telewitness local authority", now - kBackdated, now + kAuthorityValid);
  X509* certificate = pair.certificate.get();
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
  sign(certificate, certificate, pair.key.get());
  if (auto stored = store(key_file, certificate_file, pair.key.get(), to_pem(certificate)); !stored)
    return tl::unexpected(stored.error());
  return pair;
}

bool is_good(const Pair& pair, const Pair& authority, const std::vector<std::string>& names, WallTime now) {
  return pair.certificate && lasts_until(pair.certificate.get(), now + kRenewBefore) &&
         covers(pair.certificate.get(), names) && X509_verify(pair.certificate.get(), authority.key.get()) == 1;
}

Pair issue(const Pair& authority, const std::vector<std::string>& names, WallTime now) {
  Pair pair{nullptr, make_key()};
  const bool fits = !names.empty() && names.front().size() <= kMostCommonNameBytes;
  pair.certificate = make_certificate(pair.key.get(), fits ? names.front() : "Telewitness", now - kBackdated,
                                      now - kBackdated + kServerValid);
  X509* certificate = pair.certificate.get();
  X509* issuer = authority.certificate.get();
  add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
  add_names(certificate, names);
  sign(certificate, issuer, authority.key.get());
  return pair;
}

std::string fingerprint_text(ByteView digest) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : digest) {
    if (!text.empty()) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

void X509Free::operator()(x509_st* certificate) const { X509_free(certificate); }
void PKeyFree::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

DtlsCertificate make_dtls_certificate(WallTime now) {
  DtlsCertificate made;
  made.key = make_key();
  made.certificate = make_certificate(made.key.get(), "telewitness", now - kBackdated, now + kDtlsValid);
  sign(made.certificate.get(), made.certificate.get(), made.key.get());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  openssl::must(X509_digest(made.certificate.get(), EVP_sha256(), digest.data(), &length) == 1, "X509_digest");
  made.sha256_fingerprint = fingerprint_text(ByteView(digest.data(), length));
  return made;
}

Result<ServerCertificateFiles> ensure_server_certificate(const std::filesystem::path& folder,
                                                         const std::vector<std::string>& names, WallTime now) {
  for (const std::string& name : names) {
    if (address_octets(name).empty() && !is_host_name(name)) {
      return fail(ErrorKind::invalid, "certificate.bad_name",
                  "server.tls_names has an entry that is neither a host name nor an address; correct it.",
                  {{"name", name}});
    }
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return io_failure("file.io", "create", folder, error.value());

  auto authority = ensure_authority(folder, now);
  if (!authority) return tl::unexpected(authority.error());
  ServerCertificateFiles files{folder / "server.pem", folder / "server.key", folder / "authority.pem"};
  Pair pair = load(files.chain, files.key);
  if (!is_good(pair, *authority, names, now)) {
    pair = issue(*authority, names, now);
    const std::string chain = to_pem(pair.certificate.get()) + to_pem(authority->certificate.get());
    if (auto stored = store(files.key, files.chain, pair.key.get(), chain); !stored)
      return tl::unexpected(stored.error());
  }
  return files;
}

}  // namespace tw
