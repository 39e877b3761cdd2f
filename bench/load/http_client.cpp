#include "load/http_client.hpp"

#include <curl/curl.h>

#include <cctype>
#include <stdexcept>

namespace tw::bench {
namespace {

struct Headers {
  ~Headers() { curl_slist_free_all(list); }
  Headers() = default;
  Headers(const Headers&) = delete;
  Headers& operator=(const Headers&) = delete;
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
  curl_slist* list = nullptr;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<std::string*>(into);
  if (body.size() + size * count > HttpClient::kMaxBodyBytes) return 0;
  body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* into) {
  constexpr std::string_view kName = "location:";
  const std::string_view line(data, size * count);
  bool same = line.size() > kName.size();
  for (std::size_t i = 0; same && i < kName.size(); ++i) {
    same = std::tolower(static_cast<unsigned char>(line[i])) == kName[i];
  }
  if (same) {
    std::string_view value = line.substr(kName.size());
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
    *static_cast<std::string*>(into) = value;
  }
  return size * count;
}

/// RFC 3986 section 5.2, for the forms that servers use: absolute URLs and absolute paths.
std::string resolved(const std::string& base, const std::string& location) {
  if (location.empty() || location.find("://") != std::string::npos) return location;
  const std::size_t authority = base.find("://");
  const std::size_t path = authority == std::string::npos ? 0 : base.find('/', authority + 3);
  return base.substr(0, path) + location;
}

}  // namespace

struct HttpClient::State {
  CURL* curl = nullptr;
  bool insecure = false;
};

HttpClient::HttpClient(bool insecure) : state_(std::make_unique<State>()) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  state_->curl = curl_easy_init();
  state_->insecure = insecure;
  if (state_->curl == nullptr) throw std::runtime_error("libcurl cannot be set up");
}

HttpClient::~HttpClient() { curl_easy_cleanup(state_->curl); }

Result<HttpAnswer> HttpClient::request(const char* method, const std::string& url, std::string_view type,
                                       const std::string& body, const std::string& token) {
  CURL* curl = state_->curl;
  curl_easy_reset(curl);
  HttpAnswer answer;
  Headers headers;
  if (!type.empty()) headers.add("Content-Type: " + std::string(type));
  if (!token.empty()) headers.add("Authorization: Bearer " + token);
  headers.add("Expect:");
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  if (!type.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.list);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer.location);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kTimeoutSeconds);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  if (state_->insecure) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  const CURLcode done = curl_easy_perform(curl);
  if (done != CURLE_OK) {
    return fail(ErrorKind::unavailable, "load.unreachable", url + ": " + curl_easy_strerror(done));
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.location = resolved(url, answer.location);
  return answer;
}

}  // namespace tw::bench
