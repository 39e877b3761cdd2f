#include "media/transport/test_certificates_test_support.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <cctype>
#include <stdexcept>

#include "base/encoding.hpp"

namespace tw::media {

SdpFingerprint fingerprint_of(const DtlsCertificate& certificate, const std::string& algorithm) {
  std::string name = algorithm;  // "sha-256" → "SHA256"
  std::erase(name, '-');
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate.certificate.get(), EVP_get_digestbyname(name.c_str()), digest.data(), &size);
  std::string text;
  const std::string hex = to_hex(ByteView(digest).first(size));
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 2 == 0) text += ':';
    text += static_cast<char>(std::toupper(static_cast<unsigned char>(hex[i])));
  }
  return {algorithm, text};
}

DtlsCertificate make_test_certificate(const std::string& key_kind) {
  DtlsCertificate made;
  made.key.reset(key_kind == "RSA-2048" ? EVP_RSA_gen(2048) : EVP_EC_gen(key_kind.c_str()));
  made.certificate.reset(X509_new());
  X509* certificate = made.certificate.get();
  if (!made.key || certificate == nullptr) throw std::runtime_error("no certificate of kind " + key_kind);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400L * 30);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, made.key.get(), EVP_sha256());
  made.sha256_fingerprint = fingerprint_of(made, "sha-256").value;
  return made;
}

}  // namespace tw::media
