// Where the tests find the real measurements, which are never part of the repository.
//
// The folder is $LIGHTSOUT_DATA, or ../shared/data beside the checkout. A test that needs a file
// that is not there is skipped, and says by name which one:
//
//   REQUIRE_DATA(path, "series/google-youtube-NL.csv");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lightsout {

inline std::optional<std::filesystem::path> test_data(std::string_view name) {
  const char* folder = std::getenv("LIGHTSOUT_DATA");
  const std::filesystem::path root =
      folder != nullptr ? folder : std::filesystem::path(LIGHTSOUT_SOURCE_DIR) / "../shared/data";
  std::error_code error;
  const std::filesystem::path path = root / name;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  return path;
}

}  // namespace lightsout

// Its first argument is not called "path": the macro would then rewrite std::filesystem::path.
#define REQUIRE_DATA(variable, name)                                                    \
  const auto variable##_found = ::lightsout::test_data(name);                           \
  if (!variable##_found) GTEST_SKIP() << "needs " << (name) << " (set LIGHTSOUT_DATA)"; \
  const std::filesystem::path& variable = *variable##_found
