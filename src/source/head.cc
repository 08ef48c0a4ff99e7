// SPDX-License-Identifier: Apache-2.0
#include "source/head.h"

#include <fmt/format.h>

#include <algorithm>

#include "source/csv.h"
#include "source/limits.h"
#include "source/text.h"

namespace lightsout {

Result<std::string> read_head(const Input& input) {
  const Result<std::unique_ptr<ByteSource>> source = input.open();
  if (!source) return source.error();
  std::string head(kHeadBytes, '\0');
  std::size_t size = 0;
  while (size < head.size()) {
    const Result<std::size_t> count =
        (*source)->read({reinterpret_cast<std::uint8_t*>(head.data()) + size, head.size() - size});
    if (!count && size == 0) return count.error();
    if (!count || *count == 0) break;
    size += *count;
  }
  head.resize(size);
  return head;
}

Status check_head(std::string_view head) {
  if (head.empty()) return Error{ErrorKind::malformed, "the input is empty"};
  if (head.find_first_not_of('\0') == std::string_view::npos) {
    return Error{ErrorKind::malformed, fmt::format("the first {} bytes are all zero", head.size())};
  }
  if (trimmed(head).empty()) return Error{ErrorKind::malformed, "the input is blank"};
  if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
    return Error{ErrorKind::unsupported, "UTF-16 text; save it as UTF-8"};
  }
  // UTF-16 without a byte order mark: every second byte of ASCII text is zero.
  const std::size_t looked_at = std::min<std::size_t>(head.size(), 256) & ~std::size_t{1};
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < looked_at; ++i) zeros[i % 2] += head[i] == '\0' ? 1 : 0;
  for (const int side : {0, 1}) {
    if (looked_at >= 16 && zeros[side] * 2 == looked_at && zeros[1 - side] == 0) {
      return Error{ErrorKind::unsupported, "UTF-16 text; save it as UTF-8"};
    }
  }
  return {};
}

bool says_semi_synthetic(std::string_view head) {
  for (const std::string_view marker :
       {"SEMI-SYNTHETIC", "\"semi_synthetic\":\"true\"", "\"synthetic\":true"}) {
    if (head.find(marker) != std::string_view::npos) return true;
  }
  return false;
}

std::set<std::string> simulated_files(std::string_view head, const Input& input) {
  constexpr std::string_view kKey = "\"sha256\": \"";
  constexpr std::size_t kDigest = 64;  // hex digits
  std::set<std::string> digests;
  if (!head.starts_with('{') || head.find("\"label\": \"SEMI-SYNTHETIC\"") == head.npos) {
    return digests;
  }
  const Result<std::unique_ptr<ByteSource>> source = input.open();
  if (!source) return digests;
  const Result<std::string> text = read_all(**source, kLongestDocument);
  if (!text) return digests;
  for (std::size_t at = 0; (at = text->find(kKey, at)) != std::string::npos; at += kKey.size()) {
    digests.insert(text->substr(at + kKey.size(), kDigest));
  }
  return digests;
}

bool is_binary(std::string_view head) {
  const auto control = std::count_if(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
  return static_cast<std::size_t>(control) * 100 > head.size();
}

// A first row with a comma is a sentence as often as a header; a table goes on with rows as long.
static bool looks_like_table(std::string_view head) {
  constexpr int kLookedAt = 5;  // rows
  MemorySource source(head);
  Damage ignored;
  CsvReader reader(source, "", ignored);
  CsvRow row;
  if (!reader.next(row) || row.fields.size() < 2) return false;
  const std::size_t columns = row.fields.size();
  bool alone = true;
  for (int i = 0; i < kLookedAt && reader.next(row); ++i) {
    if (row.fields.size() == columns) return true;
    alone = false;
  }
  return alone;
}

bool is_prose(std::string_view head) {
  const std::string_view text = trimmed(head);
  return !is_binary(head) && !text.starts_with('{') && !text.starts_with('[') &&
         !looks_like_table(head);
}

std::string describe_unrecognised(std::string_view head, const ReadOptions& options) {
  const std::string_view text = trimmed(head);
  if (is_binary(head)) {
    return fmt::format("not recognised: {} bytes of something binary", head.size());
  }
  if (text.starts_with('{') || text.starts_with('[')) {
    return fmt::format("not recognised: JSON that begins with {}", shown(text));
  }
  const std::vector<std::string> names = csv_header(head);
  if (!names.empty()) {
    return fmt::format("not recognised: a table with the columns {}; {}",
                       shown(fmt::format("{}", fmt::join(names, ", ")), 200),
                       options.columns ? "--columns names others"
                                       : "say with --columns time=...,value=... what they mean");
  }
  return fmt::format("not recognised: text that begins with '{}'", shown(text));
}

}  // namespace lightsout
