// SPDX-License-Identifier: Apache-2.0
#include "source/fingerprints_csv.h"

#include <fmt/format.h>

#include "source/collector.h"
#include "source/csv.h"
#include "source/text.h"

namespace lightsout {

namespace {

// "AE,SA"
std::vector<std::string> codes_of(std::string_view text) {
  std::vector<std::string> codes;
  while (!text.empty() && codes.size() < 300) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (const auto code = country_code(trimmed(text.substr(0, end)))) codes.push_back(*code);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return codes;
}

Status read_one(ByteSource& source, const std::string& name, FingerprintList& into) {
  CsvTable table(source, name, into.damage);
  const auto id = table.column("name"), scope = table.column("scope"),
             location = table.column("location_found"), type = table.column("pattern_type"),
             pattern = table.column("pattern"), countries = table.column("expected_countries");
  if (!id || !location || !type || !pattern) {
    return Error{ErrorKind::malformed, "no columns name, location_found, pattern_type and pattern"};
  }
  CsvRow row;
  while (table.next(row)) {
    Fingerprint from{
        .name = std::string(row.fields[*id]),
        .scope = scope ? std::string(row.fields[*scope]) : "",
        .location = lower_case(row.fields[*location]),
        .text = std::string(row.fields[*pattern]),
        .countries = countries ? codes_of(row.fields[*countries]) : std::vector<std::string>{}};
    Result<Fingerprint> made = make_fingerprint(std::move(from), row.fields[*type]);
    if (made && into.list.size() >= kMostFingerprints) {
      made = Error{ErrorKind::limit, fmt::format("more than {} fingerprints", kMostFingerprints)};
    }
    if (made) {
      into.list.push_back(std::move(*made));
    } else {
      into.damage.add({name, row.offset, row.bytes,
                       fmt::format("line {}: {}", row.line, made.error().message)});
    }
  }
  return {};
}

}  // namespace

FingerprintList read_fingerprints(std::span<const Input> inputs) {
  FingerprintList known;
  for (const Input& input : inputs) {
    const auto source = input.open();
    const Status read = source ? read_one(**source, input.lineage.name, known) : source.error();
    if (!read.ok()) known.damage.add({input.lineage.name, 0, 0, read.error().message});
  }
  return known;
}

}  // namespace lightsout
