#include "api/net/address_class.hpp"

#include <chrono>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "api/net/outgoing_http_client.hpp"

namespace tw::api {
namespace {

TEST(AddressClass, WhatAServerMustNotBeMadeToCallIsPrivate) {
  for (const char* text : {"0.0.0.0",
                           "0.255.255.255",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.51.100.7",
                           "203.0.113.9",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::127.0.0.1",
                           "::ffff:10.0.0.1",
                           "::ffff:169.254.169.254",
                           "64:ff9b::7f00:1",
                           "64:ff9b::a00:1",
                           "64:ff9b:1::1",
                           "2002:7f00:1::",
                           "2002:c0a8:101::",
                           "2001:0:1::",
                           "2001:db8::1",
                           "100::1",
                           "fc00::1",
                           "fdff::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1"}) {
    EXPECT_TRUE(is_private_address(boost::asio::ip::make_address(text))) << text;
  }
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::", "2606:4700::1111", "2400:3200::1"}) {
    EXPECT_FALSE(is_private_address(boost::asio::ip::make_address(text))) << text;
  }
}

struct UrlCase {
  std::string url;
  std::string code;  ///< "" when it may be stored
};

TEST(OutgoingHttpClient, AnAddressIsCheckedBeforeItIsStored) {
  OutgoingHttpClient client({{"localhost:9443", "[::1]:9443", "10.1.2.3:443"}, "", false});
  const UrlCase cases[] = {
      {"https://bank.example/orders?x=1", ""},
      {"https://bank.example:8443", ""},
      {"HTTPS://BANK.example/", ""},
      {"https://localhost:9443/x", ""},
      {"https://[::1]:9443/x", ""},
      {"https://10.1.2.3/x", ""},
      {"http://bank.example/", "outgoing.not_https"},
      {"ftp://bank.example/", "outgoing.not_https"},
      {"not a url", "outgoing.malformed"},
      {"https://", "outgoing.malformed"},
      {"https:///x", "outgoing.malformed"},
      {"https://user:password@bank.example/", "outgoing.malformed"},
      {"https://bank.example:0/", "outgoing.malformed"},
      {"https://bank.example:99999/", "outgoing.malformed"},
      {"https://ba%6Ek.example/", "outgoing.malformed"},
      {"https://bank.example/ x", "outgoing.malformed"},
      {"https://localhost/x", "outgoing.private_address"},
      {"https://localhost:9444/x", "outgoing.private_address"},
      {"https://a.localhost/", "outgoing.private_address"},
      {"https://metadata.google.internal/", "outgoing.private_address"},
      {"https://127.0.0.1/", "outgoing.private_address"},
      {"https://127.1/", "outgoing.private_address"},
      {"https://2130706433/", "outgoing.private_address"},
      {"https://0x7f000001/", "outgoing.private_address"},
      {"https://0177.0.0.1/", "outgoing.private_address"},
      {"https://169.254.169.254/latest", "outgoing.private_address"},
      {"https://[::ffff:127.0.0.1]/", "outgoing.private_address"},
      {"https://[fd00::1]/", "outgoing.private_address"},
      {"https://10.1.2.3:444/x", "outgoing.private_address"},
  };
  for (const auto& [url, code] : cases) {
    const auto checked = client.check_url(url);
    EXPECT_EQ(checked ? "" : checked.error().code, code) << url;
    if (!checked) {
      EXPECT_EQ(checked.error().kind, ErrorKind::unprocessable) << url;
    }
  }
}

TEST(OutgoingHttpClient, APrivateAddressIsNotCalledEither) {
  OutgoingHttpClient client({{}, "", true});
  const auto answer = client.send({"GET", "http://127.0.0.1:1/", {}, ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "outgoing.private_address");
}

TEST(OutgoingHttpClient, AHeaderCannotSmuggleALine) {
  OutgoingHttpClient client({{"127.0.0.1:1"}, "", true});
  const auto answer = client.send({"GET", "http://127.0.0.1:1/", {{"X", "a\r\nHost: evil"}}, ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "outgoing.malformed");
}

TEST(OutgoingHttpClient, AClosedPortIsRefused) {
  OutgoingHttpClient client({{"127.0.0.1:1"}, "", true});
  const auto answer = client.send({"GET", "http://127.0.0.1:1/", {}, ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "outgoing.refused");
}

TEST(OutgoingHttpClient, ASilentServerCostsFiveSeconds) {
  boost::asio::io_context io;
  // The kernel takes the connection; nobody ever answers on it.
  boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  const std::string place = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  OutgoingHttpClient client({{place}, "", true});
  for (const char* scheme : {"http://", "https://"}) {
    const auto began = std::chrono::steady_clock::now();
    const auto answer = client.send({"GET", scheme + place + "/", {}, ""});
    const auto took = std::chrono::steady_clock::now() - began;
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "outgoing.timeout");
    EXPECT_GE(took, std::chrono::seconds{5});
    EXPECT_LT(took, std::chrono::seconds{8});
  }
}

TEST(OutgoingUrl, IsTakenApart) {
  const auto url = parse_outgoing_url("https://Bank.example:8443/a/b?c=d#e", false);
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "bank.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/b?c=d");
  EXPECT_EQ(url->authority, "bank.example:8443");
  EXPECT_EQ(parse_outgoing_url("https://bank.example?x", false)->target, "/?x");
  EXPECT_EQ(parse_outgoing_url("https://[2606:4700::1]/", false)->host, "2606:4700::1");
}

}  // namespace
}  // namespace tw::api
