// SPDX-License-Identifier: Apache-2.0
#include "source/side_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/head.h"
#include "source/text.h"

namespace lightsout {

namespace {

bool begins_with_header(std::string_view head, std::string_view header) {
  while (head.starts_with('#')) {
    const std::size_t newline = head.find('\n');
    if (newline == std::string_view::npos) return false;
    head.remove_prefix(newline + 1);
  }
  return trimmed(head.substr(0, head.find('\n'))) == header;
}

Status read_rows(const Input& input, std::string_view header,
                 const std::function<Status(const CsvRow&)>& take_row) {
  Result<std::unique_ptr<ByteSource>> bytes = input.open();
  if (!bytes) return bytes.error();
  const std::size_t fields =
      static_cast<std::size_t>(std::count(header.begin(), header.end(), ',')) + 1;
  Damage damage;
  CsvReader reader(**bytes, input.lineage.name, damage);
  CsvRow row;
  for (bool first = true; reader.next(row); first = false) {
    if (first) continue;  // the header itself
    const Status taken =
        row.fields.size() == fields
            ? take_row(row)
            : Status(Error{ErrorKind::malformed, fmt::format("not {} fields", fields)});
    if (!taken) {
      return Error{taken.error().kind,
                   fmt::format("{}, line {}: {}; the columns are {}", input.lineage.name, row.line,
                               taken.error().message, header)};
    }
  }
  if (damage.empty()) return {};
  const DamagedPart& part = damage.parts().front();
  return Error{ErrorKind::malformed,
               fmt::format("{}, offset {}: {}", part.file, part.offset, part.reason)};
}

}  // namespace

Result<std::vector<Input>> take_side_table(std::span<const Input> inputs, std::string_view header,
                                           const std::function<Status(const CsvRow&)>& take_row) {
  std::vector<Input> others;
  for (const Input& input : inputs) {
    const Result<std::string> head = read_head(input);
    if (!head || !begins_with_header(*head, header)) {
      others.push_back(input);  // what cannot be read is for read_inputs() to say
    } else if (const Status read = read_rows(input, header, take_row); !read) {
      return read.error();
    }
  }
  return others;
}

}  // namespace lightsout
