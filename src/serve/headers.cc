// SPDX-License-Identifier: Apache-2.0
#include "serve/headers.h"

#include <fmt/format.h>

#include <algorithm>

#include "compress/gzip_write.h"
#include "core/sha256.h"
#include "serve/assets.h"

namespace lightsout {

namespace {

// Everything comes from here and nothing goes elsewhere (CSP level 3). Charts place their labels
// with style attributes, so those may be written; a <style> or <script> in a page may not.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors ";

constexpr int kStaleSeconds = 600;  // a cache may show an old answer while it fetches a new one

bool may_be_embedded(std::string_view path) {
  return path == "/embed" || path.starts_with("/embed/");
}

}  // namespace

bool is_for_programs(std::string_view path) {
  return path.starts_with("/api/") || path.starts_with("/compat/") || path == "/stream" ||
         path == "/metrics";
}

std::string header_line(std::string_view name, std::string_view value) {
  std::string line(name);
  line += ": ";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) line += c;
  }
  line += "\r\n";
  return line;
}

std::shared_ptr<const ReadyAnswer> ready(WebResponse response, std::string_view path,
                                         std::string_view route) {
  auto answer = std::make_shared<ReadyAnswer>();
  answer->status = response.status;
  answer->route = route;
  answer->keep = Seconds(response.status == 200 ? response.max_age : 0);
  answer->etag = fmt::format("\"{}\"", sha256_hex(response.body).substr(0, 32));
  const std::string cache =
      response.max_age > 0
          ? fmt::format("public, max-age={}, stale-while-revalidate={}{}", response.max_age,
                        kStaleSeconds, response.max_age == kYear ? ", immutable" : "")
          : std::string("no-store");
  std::string lines;
  lines += header_line("Cache-Control", cache);
  lines += header_line("Vary", "Accept-Encoding, Accept-Language");
  std::string policy(kPolicy);
  policy += may_be_embedded(path) ? "*" : "'none'";
  lines += header_line("Content-Security-Policy", policy);
  lines += header_line("X-Content-Type-Options", "nosniff");
  lines += header_line("Referrer-Policy", "no-referrer");
  lines += header_line("Permissions-Policy",
                       "camera=(), geolocation=(), microphone=(), browsing-topics=()");
  if (is_for_programs(path)) {
    lines += header_line("Access-Control-Allow-Origin", "*");
    lines += header_line("Cross-Origin-Resource-Policy", "cross-origin");
  } else if (!may_be_embedded(path)) {
    lines += header_line("Cross-Origin-Opener-Policy", "same-origin");
  }
  for (const auto& [name, value] : response.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower == "set-cookie" || lower == "etag" || lower == "content-length" ||
        lower == "access-control-allow-origin") {
      continue;  // the first never; the others are set here
    }
    lines += header_line(name, value);
  }
  if (response.status == 405) lines += header_line("Allow", "GET, HEAD");
  if (response.status == 503) lines += header_line("Retry-After", "2");
  answer->unchanged =
      std::make_shared<const std::string>(lines + header_line("ETag", answer->etag));
  answer->head = std::make_shared<const std::string>(
      lines + header_line("Content-Type", response.content_type) +
      (response.status == 200 && response.max_age > 0 ? header_line("ETag", answer->etag)
                                                      : std::string()));
  answer->body = std::make_shared<const std::string>(std::move(response.body));
  return answer;
}

std::shared_ptr<const ReadyAnswer> ready_gzip(const ReadyAnswer& plain) {
  auto answer = std::make_shared<ReadyAnswer>(plain);
  // A strong tag names the bytes that are sent, so each encoding has its own.
  answer->etag = plain.etag.substr(0, plain.etag.size() - 1) + "-gz\"";
  const auto retagged = [&](const std::string& lines) {
    std::string out = lines;
    const std::size_t at = out.find(plain.etag);
    if (at != std::string::npos) out.replace(at, plain.etag.size(), answer->etag);
    return out;
  };
  answer->unchanged = std::make_shared<const std::string>(retagged(*plain.unchanged));
  answer->head = std::make_shared<const std::string>(retagged(*plain.head) +
                                                     header_line("Content-Encoding", "gzip"));
  answer->body = std::make_shared<const std::string>(gzip_text(*plain.body));
  return answer;
}

}  // namespace lightsout
