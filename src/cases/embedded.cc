// SPDX-License-Identifier: Apache-2.0
#include "cases/embedded.h"

#include <algorithm>

#include "cases/past_case.h"
#include "core/check.h"

namespace lightsout {

std::string_view embedded_text(std::string_view name) {
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name == name) return file.text;
  }
  return {};
}

const std::vector<PastCase>& built_in_cases() {
  static const std::vector<PastCase> cases = [] {
    std::vector<PastCase> all;
    for (const EmbeddedFile& file : embedded_files()) {
      if (!file.name.ends_with(".case")) continue;
      Result<std::vector<PastCase>> read = parse_cases(file.text, file.name);
      CHECK(read.ok());  // a test reads each file of the folder first, with a message
      all.insert(all.end(), std::make_move_iterator(read->begin()),
                 std::make_move_iterator(read->end()));
    }
    std::sort(all.begin(), all.end(),
              [](const PastCase& a, const PastCase& b) { return a.name < b.name; });
    return all;
  }();
  return cases;
}

}  // namespace lightsout
