// SPDX-License-Identifier: Apache-2.0
#include "source/annotations.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/csv.h"
#include "source/head.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kHeader = "time,text,source";

bool are_annotations(std::string_view head) {
  while (head.starts_with('#')) {
    const std::size_t newline = head.find('\n');
    if (newline == std::string_view::npos) return false;
    head.remove_prefix(newline + 1);
  }
  return trimmed(head.substr(0, head.find('\n'))) == kHeader;
}

Status read_into(const Input& input, std::vector<Annotation>& annotations) {
  Result<std::unique_ptr<ByteSource>> bytes = input.open();
  if (!bytes) return bytes.error();
  Damage damage;
  CsvReader reader(**bytes, input.lineage.name, damage);
  CsvRow row;
  while (reader.next(row)) {
    if (row.fields.size() == 3 && row.fields[0] == "time") continue;
    const Result<Time> time = row.fields.size() == 3
                                  ? parse_time(row.fields[0])
                                  : Result<Time>(Error{ErrorKind::malformed, "not three fields"});
    if (!time) {
      return Error{ErrorKind::malformed,
                   fmt::format("{}, line {}: {}; annotations are time,text,source",
                               input.lineage.name, row.line, time.error().message)};
    }
    if (annotations.size() == kMaxAnnotations) {
      return Error{ErrorKind::limit, fmt::format("{}: more than {} annotations", input.lineage.name,
                                                 kMaxAnnotations)};
    }
    annotations.push_back({*time, shown(row.fields[1], kMaxAnnotationText),
                           shown(row.fields[2], kMaxAnnotationText)});
  }
  if (damage.empty()) return {};
  const DamagedPart& part = damage.parts().front();
  return Error{ErrorKind::malformed,
               fmt::format("{}, offset {}: {}", part.file, part.offset, part.reason)};
}

}  // namespace

Result<std::vector<Input>> take_annotations(std::span<const Input> inputs,
                                            std::vector<Annotation>& annotations) {
  std::vector<Input> others;
  for (const Input& input : inputs) {
    const Result<std::string> head = read_head(input);
    if (!head || !are_annotations(*head)) {
      others.push_back(input);  // what cannot be read is for read_inputs() to say
    } else if (const Status read = read_into(input, annotations); !read) {
      return read.error();
    }
  }
  std::stable_sort(annotations.begin(), annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.time < b.time; });
  return others;
}

}  // namespace lightsout
