// SPDX-License-Identifier: Apache-2.0
#include "web/built_files.h"

#include <algorithm>
#include <string>

namespace lightsout {

const BuiltFile* built_file(std::string_view name) {
  const auto files = built_files();
  const auto found = std::lower_bound(
      files.begin(), files.end(), name,
      [](const BuiltFile& file, std::string_view wanted) { return file.name < wanted; });
  return found != files.end() && found->name == name ? &*found : nullptr;
}

std::string_view script_path() {
  // vite.config.mjs names the one that a page loads "lightsout-" and a hash of its content.
  static const std::string path = [] {
    for (const BuiltFile& file : built_files()) {
      if (file.name.starts_with("assets/lightsout-") && file.name.ends_with(".js")) {
        return "/" + std::string(file.name);
      }
    }
    return std::string();
  }();
  return path;
}

}  // namespace lightsout
