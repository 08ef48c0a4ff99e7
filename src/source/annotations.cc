// SPDX-License-Identifier: Apache-2.0
#include "source/annotations.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/side_table.h"
#include "source/text.h"

namespace lightsout {

Result<std::vector<Input>> take_annotations(std::span<const Input> inputs,
                                            std::vector<Annotation>& annotations) {
  Result<std::vector<Input>> others =
      take_side_table(inputs, "time,text,source", [&](const CsvRow& row) -> Status {
        const Result<Time> time = parse_time(row.fields[0]);
        if (!time) return time.error();
        if (annotations.size() == kMaxAnnotations) {
          return Error{ErrorKind::limit, fmt::format("more than {} annotations", kMaxAnnotations)};
        }
        annotations.push_back({*time, shown(row.fields[1], kMaxAnnotationText),
                               shown(row.fields[2], kMaxAnnotationText)});
        return {};
      });
  std::stable_sort(annotations.begin(), annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.time < b.time; });
  return others;
}

}  // namespace lightsout
