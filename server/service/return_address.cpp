#include "service/return_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "crypto/digest.hpp"
#include "service/view_builder.hpp"

namespace tw::service {
namespace {

/// RFC 3986: what is not unreserved is percent-encoded, so that both sides sign the same text.
std::string encode(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                            c == '.' || c == '_' || c == '~';
    if (unreserved) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

std::string place_text(const store::InterviewRecord& record) {
  const auto place = build_place(record.place_json);
  if (!place) return {};
  if (!place->latitude_longitude.empty()) return place->latitude_longitude;
  return std::string(domain::to_text(place->status));
}

}  // namespace

std::string return_secret(const SecretKey& tenant_key) {
  return to_base64url(tenant_key.derive("return-address").bytes());
}

std::string signed_exit(const store::InterviewRecord& record, const std::string& secret) {
  const domain::Interview& s = record.state;
  if (!s.end_reason || !s.ended_at) return {};
  std::string query = "interview=" + encode(s.id.str());
  query += "&endReason=" + encode(domain::to_text(*s.end_reason));
  query += "&time=" + encode(to_rfc3339(*s.ended_at));
  query += "&place=" + encode(place_text(record));
  query += "&receipt=" + encode(record.receipt_number);
  query += "&sign=" + to_base64url(hmac_sha256(as_bytes(secret), as_bytes(query)));
  return query;
}

std::string return_address(const store::InterviewRecord& record, const std::string& secret) {
  const std::string query = signed_exit(record, secret);
  if (record.return_url.empty() || query.empty()) return {};
  const std::size_t fragment = record.return_url.find('#');
  std::string address = record.return_url.substr(0, fragment);
  address += (address.find('?') == std::string::npos ? "?" : "&") + query;
  if (fragment != std::string::npos) address += record.return_url.substr(fragment);
  return address;
}

Result<std::string> origin_of(const std::string& url) {
  const auto malformed = [] {
    return fail(ErrorKind::unprocessable, "return_url.not_registered",
                "A return address is https:// with a host whose origin the administrator registered.");
  };
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->host().empty() || parsed->has_userinfo()) return malformed();
  std::string scheme(parsed->scheme());
  std::string host(parsed->encoded_host());
  for (char& c : scheme) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (char& c : host) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (scheme != "https" && !(scheme == "http" && host == "localhost")) return malformed();
  std::string origin = scheme + "://" + host;
  const std::string port(parsed->port());
  if (!port.empty() && port != (scheme == "https" ? "443" : "80")) origin += ":" + port;
  return origin;
}

}  // namespace tw::service
