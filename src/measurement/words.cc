// SPDX-License-Identifier: Apache-2.0
#include "measurement/words.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "net/prefix.h"

namespace lightsout {

namespace {

char lower_of(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view wanted, std::size_t from) {
  const auto found = std::search(
      text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
      wanted.begin(), wanted.end(), [](char a, char b) { return lower_of(a) == b; });
  return found == text.end() ? text.npos : static_cast<std::size_t>(found - text.begin());
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

bool in_any(std::string_view text, std::span<const std::string_view> blocks) {
  const Result<IpAddress> address = IpAddress::parse(text);
  if (!address) return false;
  const Prefix one = *Prefix::make(*address, max_length(address->family));
  return std::any_of(blocks.begin(), blocks.end(),
                     [&](std::string_view block) { return Prefix::parse(block)->contains(one); });
}

constexpr std::string_view kBogons[] = {
    "0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/128",
    "::1/128",         "64:ff9b:1::/48", "100::/64",      "2001:db8::/32",  "fc00::/7",
    "fe80::/10",       "ff00::/8"};
constexpr std::string_view kLoopback[] = {"127.0.0.0/8", "::1/128"};

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower_of);
  return result;
}

std::string from_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) break;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held & 0xFF));
  }
  return bytes;
}

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == url.npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t at = url.rfind('@'); at != url.npos) url.remove_prefix(at + 1);
  if (url.starts_with('[')) return lower(url.substr(1, url.find(']') - 1));
  return lower(url.substr(0, url.find(':')));
}

std::string title_of_page(std::string_view body) {
  constexpr std::string_view kOpen = "<title>", kClose = "</title>";
  constexpr std::size_t kLongest = 128;
  for (std::size_t at = find_ignoring_case(body, kOpen, 0); at != body.npos;
       at = find_ignoring_case(body, kOpen, at)) {
    at += kOpen.size();
    const std::size_t end = body.find('<', at);
    if (end == body.npos) break;
    const std::size_t length = end - at;
    if (length < 1 || length > kLongest) continue;
    if (lower(body.substr(end, kClose.size())) == kClose)
      return std::string(body.substr(at, length));
  }
  return {};
}

bool is_address(std::string_view text) {
  return IpAddress::parse(text).ok();
}

bool is_bogon(std::string_view address) {
  return in_any(address, kBogons);
}

bool is_loopback(std::string_view address) {
  return in_any(address, kLoopback);
}

}  // namespace lightsout
