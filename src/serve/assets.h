// Assets: the scripts, fonts and images that web/ builds, kept in memory and served below /assets/.
//
// A file whose name carries a hash of its content ("app-9f3c2a71.js") may be kept for a year; what
// it holds changes only with its name. Others are kept for some minutes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "web/exchange.h"

namespace lightsout {

inline constexpr std::size_t kMaxAssetBytes = 8 << 20;    // of one file
inline constexpr std::size_t kMaxAssetsBytes = 32 << 20;  // of all
inline constexpr int kYear = 365 * 24 * 3600;             // seconds

class Assets {
 public:
  // `path` as it is asked for: "/assets/app-9f3c2a71.js".
  Status add(std::string path, std::string body);
  // nullopt: there is no such file.
  std::optional<WebResponse> find(std::string_view path) const;
  std::size_t size() const { return files_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> files_;
  std::size_t bytes_ = 0;
};

// By the ending of a name; nullopt for what web/ never builds.
std::optional<std::string_view> content_type_of(std::string_view path);
// "app-9f3c2a71.js", "index-Bq3_x7Za.css": eight or more letters and digits before the ending.
bool has_content_hash(std::string_view path);

}  // namespace lightsout
