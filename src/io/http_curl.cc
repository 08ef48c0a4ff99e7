// SPDX-License-Identifier: Apache-2.0
#include "io/http_curl.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>

#include "core/check.h"

namespace lightsout {

namespace {

constexpr std::chrono::milliseconds kConnectTimeout{10'000};
constexpr const char* kUserAgent = "lightsout/" LIGHTSOUT_VERSION;

struct Body {
  std::string bytes;
  std::size_t limit = 0;
  bool too_long = false;
};

std::size_t take_body(const char* data, std::size_t size, std::size_t count, void* into) {
  Body& body = *static_cast<Body*>(into);
  if (size * count > body.limit - body.bytes.size()) {
    body.too_long = true;
    return CURL_WRITEFUNC_ERROR;
  }
  body.bytes.append(data, size * count);
  return size * count;
}

// What happened, in words of a person who is not a programmer.
std::string reason_of(CURLcode code, std::chrono::milliseconds timeout, const char* detail) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the name of the server is not known; is there a "
             "network?";
    case CURLE_COULDNT_RESOLVE_PROXY:
      return "the name of the proxy is not known";
    case CURLE_COULDNT_CONNECT:
      return "the server does not take the connection";
    case CURLE_OPERATION_TIMEDOUT:
      return fmt::format("no complete answer within {} s",
                         static_cast<double>(timeout.count()) / 1000.0);
    case CURLE_PEER_FAILED_VERIFICATION:
      return "the server's certificate is not valid for it; somebody may be in between";
    case CURLE_SSL_CONNECT_ERROR:
      return "no encrypted connection could be made";
    case CURLE_PARTIAL_FILE:
      return "the answer was cut short";
    case CURLE_GOT_NOTHING:
      return "the connection was closed without an answer";
    case CURLE_RECV_ERROR:
      return "the connection broke while the answer arrived";
    case CURLE_TOO_MANY_REDIRECTS:
      return fmt::format("more than {} redirects", kRedirectLimit);
    case CURLE_UNSUPPORTED_PROTOCOL:
      return "only http and https addresses are followed";
    case CURLE_URL_MALFORMAT:
      return "this is not a web address";
    default:
      return detail[0] != '\0' ? detail : curl_easy_strerror(code);
  }
}

ErrorKind kind_of(CURLcode code) {
  if (code == CURLE_URL_MALFORMAT) return ErrorKind::usage;
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_TOO_MANY_REDIRECTS)
    return ErrorKind::unsupported;
  return ErrorKind::world;
}

class CurlHttp final : public Http {
 public:
  CurlHttp() {
    // Counted by libcurl: every init has its cleanup, and one process may hold several.
    CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    curl_ = curl_easy_init();
    CHECK(curl_ != nullptr);
  }
  ~CurlHttp() override {
    curl_easy_cleanup(curl_);
    curl_global_cleanup();
  }
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  Result<HttpAnswer> get(const HttpRequest& request) override {
    Body body{.limit = request.body_limit};
    char detail[CURL_ERROR_SIZE] = "";
    prepare(request.url, request.timeout, body, detail);
    set(CURLOPT_FOLLOWLOCATION, 1L);
    return perform(request.url, request.timeout, body, detail);
  }

  Result<HttpAnswer> post(const HttpPost& request) override {
    Body body{.limit = request.body_limit};
    char detail[CURL_ERROR_SIZE] = "";
    prepare(request.url, request.timeout, body, detail);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_slist* headers = nullptr;
    const auto add = [&](const std::string& line) {
      CHECK(line.find_first_of("\r\n") == std::string::npos);
      headers = curl_slist_append(headers, line.c_str());
      CHECK(headers != nullptr);
    };
    add("Content-Type: " + request.content_type);
    add("Expect:");  // a body this small waits for nobody's permission
    for (const auto& [name, value] : request.headers) add(fmt::format("{}: {}", name, value));
    set(CURLOPT_HTTPHEADER, headers);
    Result<HttpAnswer> answer = perform(request.url, request.timeout, body, detail);
    curl_easy_reset(curl_);
    curl_slist_free_all(headers);
    return answer;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    CHECK(curl_easy_setopt(curl_, option, value) == CURLE_OK);
  }

  void prepare(const std::string& url, std::chrono::milliseconds timeout, Body& body,
               char* detail) {
    curl_easy_reset(curl_);  // keeps the connection
    const bool encrypted = url.starts_with("https:");
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, encrypted ? "https" : "http,https");
    set(CURLOPT_MAXREDIRS, static_cast<long>(kRedirectLimit));
    set(CURLOPT_USERAGENT, kUserAgent);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(timeout, kConnectTimeout).count()));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, detail);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&body));
  }

  Result<HttpAnswer> perform(const std::string& url, std::chrono::milliseconds timeout, Body& body,
                             const char* detail) {
    const CURLcode code = curl_easy_perform(curl_);
    if (body.too_long) {
      return Error{ErrorKind::limit,
                   fmt::format("{}: the answer is longer than {} bytes", url, body.limit)};
    }
    if (code != CURLE_OK) {
      return Error{kind_of(code), fmt::format("{}: {}", url, reason_of(code, timeout, detail))};
    }
    return answer_with(std::move(body.bytes));
  }

  HttpAnswer answer_with(std::string body) {
    HttpAnswer answer{.body = std::move(body)};
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    const char* type = nullptr;
    curl_easy_getinfo(curl_, CURLINFO_CONTENT_TYPE, &type);
    if (type != nullptr) answer.content_type = type;
    curl_off_t retry_after = 0;  // libcurl reads both forms of RFC 9110 section 10.2.3
    curl_easy_getinfo(curl_, CURLINFO_RETRY_AFTER, &retry_after);
    if (retry_after > 0) answer.retry_after = std::chrono::seconds{retry_after};
    return answer;
  }

  CURL* curl_ = nullptr;
};

}  // namespace

std::unique_ptr<Http> make_http() {
  return std::make_unique<CurlHttp>();
}

}  // namespace lightsout
