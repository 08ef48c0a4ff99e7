// The files of cases/ as they were when the program was built: *.case, *.events, *.fit and *.table,
// by name.
//
//   for (const EmbeddedFile& file : embedded_files()) parse_cases(file.text, file.name);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lightsout {

struct EmbeddedFile {
  std::string_view name;  // "crisis.case"
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_files();

// Empty when there is none of that name.
std::string_view embedded_text(std::string_view name);

}  // namespace lightsout
