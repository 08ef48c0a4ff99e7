// SPDX-License-Identifier: Apache-2.0
#include "io/request_head.h"

#include <algorithm>

namespace lightsout {

namespace {

// RFC 9110 section 5.6.2: token.
bool is_token_byte(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_byte);
}

bool same_word(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
         });
}

HeadRefusal wrong(std::string sentence) {
  return {400, std::move(sentence)};
}

std::optional<HeadRefusal> check_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos || line.find(' ', second + 1) != std::string_view::npos) {
    return wrong("The first line of a request is a method, a target and a version.");
  }
  if (!is_token(line.substr(0, first))) return wrong("The method is not a word.");
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const bool visible = std::all_of(target.begin(), target.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
  });
  if (!visible) return wrong("The target holds control characters.");
  if (target.empty() || target.front() != '/') {
    return wrong("The target must be a path that begins with '/'.");
  }
  const std::string_view version = line.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return HeadRefusal{505, "This server speaks HTTP/1.1."};
  }
  return std::nullopt;
}

struct Seen {
  int host = 0;
  int content_length = 0;
  int transfer_encoding = 0;
};

std::optional<HeadRefusal> check_field(std::string_view line, Seen& seen) {
  if (line.front() == ' ' || line.front() == '\t') {
    return wrong("A header is folded over two lines, which is not allowed any more.");
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    return wrong("A header line is not a name, a colon and a value.");
  }
  std::string_view value = line.substr(colon + 1);
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) {
      return wrong("A header holds control characters.");
    }
  }
  const std::string_view name = line.substr(0, colon);
  if (same_word(name, "host")) ++seen.host;
  if (same_word(name, "transfer-encoding")) ++seen.transfer_encoding;
  if (same_word(name, "content-length")) {
    ++seen.content_length;
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
    const bool digits =
        !value.empty() && value.size() <= 18 && value.find_first_not_of("0123456789") == value.npos;
    if (!digits) return wrong("The Content-Length is not a number.");
  }
  return std::nullopt;
}

}  // namespace

std::optional<HeadRefusal> check_request_head(std::string_view head, std::size_t max_fields) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (head[i] == '\n' && (i == 0 || head[i - 1] != '\r')) {
      return wrong("A line ends in LF without CR.");
    }
    if (head[i] == '\r' && (i + 1 == head.size() || head[i + 1] != '\n')) {
      return wrong("A CR stands without LF.");
    }
    if (head[i] == '\0') return wrong("The head holds a NUL byte.");
  }
  if (!head.ends_with("\r\n\r\n")) return wrong("The head does not end in an empty line.");
  head.remove_suffix(2);
  std::size_t end = head.find("\r\n");
  const std::string_view request_line = head.substr(0, end);
  if (auto refusal = check_request_line(request_line)) return refusal;
  Seen seen;
  std::size_t fields = 0;
  while (end + 2 < head.size()) {
    const std::size_t begin = end + 2;
    end = head.find("\r\n", begin);
    if (end == begin) return wrong("The head has an empty line in its middle.");
    if (++fields > max_fields) {
      return HeadRefusal{
          431, "The request has more than " + std::to_string(max_fields) + " header lines."};
    }
    if (auto refusal = check_field(head.substr(begin, end - begin), seen)) return refusal;
  }
  if (seen.host > 1) return wrong("The request names two hosts.");
  if (seen.host == 0 && request_line.ends_with("1.1")) return wrong("The request names no host.");
  if (seen.content_length > 1) return wrong("The request has two lengths.");
  if (seen.transfer_encoding > 0) {
    return wrong(seen.content_length > 0
                     ? "The request has both a Content-Length and a Transfer-Encoding."
                     : "A body in chunks is not taken here: questions are GET and have none.");
  }
  return std::nullopt;
}

std::size_t end_of_head(std::string_view bytes, std::size_t seen) {
  // An empty line that began before `seen` is found by stepping back three bytes.
  for (std::size_t i = seen < 3 ? 0 : seen - 3; i < bytes.size(); ++i) {
    if (bytes[i] != '\n') continue;
    if (i == 0 || bytes[i - 1] != '\r') return std::string_view::npos;
    if (i >= 3 && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') return i + 1;
  }
  return 0;
}

}  // namespace lightsout
