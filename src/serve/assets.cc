// SPDX-License-Identifier: Apache-2.0
#include "serve/assets.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout {

namespace {

constexpr int kAFewMinutes = 300;  // seconds

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
};

}  // namespace

std::optional<std::string_view> content_type_of(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return std::nullopt;
}

bool has_content_hash(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  const std::size_t dot = path.find('.');
  const std::size_t dash = path.substr(0, dot).find_last_of("-.");
  if (dot == std::string_view::npos || dash == std::string_view::npos) return false;
  const std::string_view hash = path.substr(dash + 1, dot - dash - 1);
  const bool plain = std::all_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  // A word such as "bootstrap" is no hash: one has a digit or a capital in it.
  const bool mixed = std::any_of(hash.begin(), hash.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  });
  return hash.size() >= 8 && plain && mixed;
}

Status Assets::add(std::string path, std::string body) {
  if (!content_type_of(path)) {
    return Error{ErrorKind::unsupported, fmt::format("{}: no kind of file that pages use", path)};
  }
  if (body.size() > kMaxAssetBytes || bytes_ + body.size() > kMaxAssetsBytes) {
    return Error{ErrorKind::limit,
                 fmt::format("{}: more than {} MB of files", path, kMaxAssetsBytes >> 20)};
  }
  bytes_ += body.size();
  files_.insert_or_assign(std::move(path), std::move(body));
  return {};
}

std::optional<WebResponse> Assets::find(std::string_view path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  return WebResponse{.status = 200,
                     .content_type = std::string(*content_type_of(path)),
                     .body = found->second,
                     .headers = {},
                     .max_age = has_content_hash(path) ? kYear : kAFewMinutes};
}

}  // namespace lightsout
