#include "crypto/certificate.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "crypto/digest.hpp"
#include "crypto/scratch_folder_test_support.hpp"

namespace tw {
namespace {

using std::chrono::days;

X509Ptr read_certificate(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
  return X509Ptr(file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr);
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// As a client does: builds the chain to the authority at this time, for this name. The error of OpenSSL, or 0.
int verify(const ServerCertificateFiles& files, const std::string& name, WallTime at) {
  const X509Ptr authority = read_certificate(files.authority);
  const X509Ptr leaf = read_certificate(files.chain);
  const std::unique_ptr<X509_STORE, void (*)(X509_STORE*)> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), authority.get());
  const std::unique_ptr<X509_STORE_CTX, void (*)(X509_STORE_CTX*)> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(param, std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(at)));
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
  if (X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str()) != 1)
    X509_VERIFY_PARAM_set1_host(param, name.c_str(), name.size());
  return X509_verify_cert(context.get()) == 1 ? 0 : X509_STORE_CTX_get_error(context.get());
}

class ServerCertificate : public ::testing::Test {
 protected:
  ServerCertificateFiles ensure(const std::vector<std::string>& names, WallTime now) {
    auto files = ensure_server_certificate(folder_.path() / "tls", names, now);
    EXPECT_TRUE(files) << files.error().message;
    return files ? *files : ServerCertificateFiles{};
  }
  ScratchFolder folder_;
  const WallTime now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
};

TEST_F(ServerCertificate, HoldsForItsNamesAndAddressesOnly) {
  const std::vector<std::string> names{"localhost", "desk.example.com", "127.0.0.1", "::1", "192.168.1.20"};
  const auto files = ensure(names, now_);
  for (const std::string& name : names) EXPECT_EQ(verify(files, name, now_), X509_V_OK) << name;
  EXPECT_EQ(verify(files, "example.com", now_), X509_V_ERR_HOSTNAME_MISMATCH);
  EXPECT_EQ(verify(files, "127.0.0.2", now_), X509_V_ERR_IP_ADDRESS_MISMATCH);
  EXPECT_EQ(verify(files, "localhost", now_ + days{396}), X509_V_ERR_CERT_HAS_EXPIRED);
  EXPECT_EQ(verify(files, "localhost", now_ + days{395}), X509_V_OK);
}

TEST_F(ServerCertificate, TheCommandLineToolAgrees) {
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto files = ensure({"localhost", "127.0.0.1"}, now);
  const std::string base = "openssl verify -x509_strict -purpose sslserver -CAfile " + files.authority.string();
  const auto run = [&](const std::string& options) {
    return std::system((base + options + " " + files.chain.string() + " >/dev/null 2>&1").c_str());
  };
  EXPECT_EQ(run(" -verify_hostname localhost"), 0);
  EXPECT_EQ(run(" -verify_ip 127.0.0.1"), 0);
  EXPECT_NE(run(" -verify_hostname other.example"), 0);
}

TEST_F(ServerCertificate, KeysAreForTheirOwnerOnly) {
  ensure({"localhost"}, now_);
  for (const char* name : {"server.key", "authority.key"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((folder_.path() / "tls" / name).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0600u) << name;
  }
}

TEST_F(ServerCertificate, StaysTheSameWhileItIsGood) {
  const auto files = ensure({"localhost", "127.0.0.1"}, now_);
  const std::string before = read_text(files.chain) + read_text(files.key) + read_text(files.authority);
  ensure({"127.0.0.1"}, now_ + days{100});  // fewer names are no reason
  EXPECT_EQ(read_text(files.chain) + read_text(files.key) + read_text(files.authority), before);
}

TEST_F(ServerCertificate, IsMadeAnewForAMissingNameOrNearItsEndUnderTheSameAuthority) {
  const auto files = ensure({"localhost"}, now_);
  const std::string authority = read_text(files.authority);
  const std::string first = read_text(files.chain);

  ensure({"localhost", "10.0.0.7"}, now_);
  const std::string second = read_text(files.chain);
  EXPECT_NE(second, first);
  EXPECT_EQ(verify(files, "10.0.0.7", now_), X509_V_OK);

  ensure({"localhost", "10.0.0.7"}, now_ + days{360});
  EXPECT_EQ(read_text(files.chain), second);
  ensure({"localhost", "10.0.0.7"}, now_ + days{370});
  EXPECT_NE(read_text(files.chain), second);
  EXPECT_EQ(verify(files, "localhost", now_ + days{370 + 390}), X509_V_OK);
  EXPECT_EQ(read_text(files.authority), authority);
}

TEST_F(ServerCertificate, APairThatDoesNotBelongTogetherIsMadeAnew) {
  const auto files = ensure({"localhost"}, now_);
  std::filesystem::copy_file(folder_.path() / "tls" / "authority.key", files.key,
                             std::filesystem::copy_options::overwrite_existing);
  ensure({"localhost"}, now_);
  EXPECT_EQ(verify(files, "localhost", now_), X509_V_OK);
  EXPECT_NE(read_text(files.key), read_text(folder_.path() / "tls" / "authority.key"));
}

TEST_F(ServerCertificate, ADamagedAuthorityIsSaidAndNotReplaced) {
  const auto files = ensure({"localhost"}, now_);
  std::ofstream(files.authority) << "rubbish";
  const auto again = ensure_server_certificate(folder_.path() / "tls", {"localhost"}, now_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "certificate.authority_damaged");
  EXPECT_EQ(read_text(files.authority), "rubbish");
}

TEST_F(ServerCertificate, WhatIsNoNameIsRefused) {
  for (const char* name : {"", "two words", "https://localhost", "local host", "300.1.1.1/8", ".x"}) {
    const auto files = ensure_server_certificate(folder_.path() / "tls", {"localhost", name}, now_);
    ASSERT_FALSE(files) << name;
    EXPECT_EQ(files.error().code, "certificate.bad_name");
  }
}

TEST(DtlsCertificate, IsSelfSignedAndMatchesItsFingerprint) {
  const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
  const auto made = make_dtls_certificate(now);
  EXPECT_EQ(X509_verify(made.certificate.get(), made.key.get()), 1);
  EXPECT_EQ(X509_check_private_key(made.certificate.get(), made.key.get()), 1);
  unsigned char* der = nullptr;
  const int length = i2d_X509(made.certificate.get(), &der);
  const auto digest = sha256(ByteView(der, static_cast<std::size_t>(length)));
  OPENSSL_free(der);
  std::string expected;
  for (const std::uint8_t byte : digest) {
    char pair[4];
    std::snprintf(pair, sizeof pair, "%s%02X", expected.empty() ? "" : ":", byte);
    expected += pair;
  }
  EXPECT_EQ(made.sha256_fingerprint, expected);
  EXPECT_NE(make_dtls_certificate(now).sha256_fingerprint, expected);
}

}  // namespace
}  // namespace tw
