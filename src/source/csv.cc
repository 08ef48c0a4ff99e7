// SPDX-License-Identifier: Apache-2.0
#include "source/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "source/limits.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The buffer begins small, because most tables and all heads are, and grows when a row needs it:
// at most to twice the longest row, so that a whole row always fits.
constexpr std::size_t kFirstBuffer = 128 << 10;
constexpr std::size_t kLastBuffer = 2 * kLongestRow + 2;

// Whichever separator stands most often outside quotes in the first line that is no comment.
char sniff_separator(std::string_view text, char line_end) {
  while (text.starts_with('#')) {
    const std::size_t end = text.find(line_end);
    if (end == std::string_view::npos) return ',';
    text.remove_prefix(end + 1);
  }
  constexpr std::array<char, 3> kSeparators{',', ';', '\t'};
  std::array<std::size_t, 3> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == line_end) break;
    for (std::size_t i = 0; i < kSeparators.size(); ++i) counts[i] += c == kSeparators[i] ? 1 : 0;
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) -
                                              counts.begin())];
}

}  // namespace

CsvReader::CsvReader(ByteSource& source, std::string file, Damage& damage)
    : source_(source), file_(std::move(file)), damage_(damage) {}

void CsvReader::damaged(std::uint64_t offset, std::uint64_t bytes, std::string reason) {
  damage_.add({.file = file_, .offset = offset, .bytes = bytes, .reason = std::move(reason)});
}

void CsvReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
  base_ += at_;
  end_ -= at_;
  at_ = 0;
  while (!ended_ && end_ < buffer_.size()) {
    const Result<std::size_t> count = source_.read(
        {reinterpret_cast<std::uint8_t*>(buffer_.data()) + end_, buffer_.size() - end_});
    if (!count) damaged(base_ + end_, 0, count.error().message);
    if (!count || *count == 0) {
      ended_ = true;
    } else {
      end_ += *count;
    }
  }
}

void CsvReader::begin() {
  begun_ = true;
  buffer_.resize(kFirstBuffer);
  fill();
  if (rest().starts_with(kByteOrderMark)) at_ += kByteOrderMark.size();
  const std::string_view head = rest().substr(0, kHeadBytes);
  if (head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos) {
    line_end_ = '\r';
  }
  separator_ = sniff_separator(head, line_end_);
}

std::size_t CsvReader::line_length(std::string_view text) const {
  const std::size_t end = text.find(line_end_);
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool CsvReader::next(CsvRow& row) {
  if (!begun_) begin();
  while (true) {
    if (!ended_ && end_ - at_ <= buffer_.size() / 2) fill();
    const std::string_view text = rest();
    if (text.empty()) return false;
    std::size_t length = 0;
    const Parsed parsed = parse(text, length);
    const bool to_the_end = parsed == Parsed::open_quote || length == text.size();
    if (!ended_ && to_the_end && buffer_.size() < kLastBuffer) {
      buffer_.resize(std::min(4 * buffer_.size(), kLastBuffer));
      fill();
      continue;
    }
    if (parsed != Parsed::row && parsed != Parsed::skipped) {
      pass_over(parsed);
      continue;
    }
    if (parsed == Parsed::row) write_single_quotes();
    row = {.offset = offset(), .bytes = length, .line = line_, .fields = fields_};
    at_ += length;
    const std::string_view whole = text.substr(0, length);
    line_ += 1;
    if (quoted_) {  // only a quoted field can hold a line end
      for (const std::string_view field : fields_) {
        line_ += static_cast<std::uint64_t>(std::count(field.begin(), field.end(), line_end_));
      }
    }
    if (parsed == Parsed::skipped) continue;
    if (std::memchr(whole.data(), '\0', whole.size()) != nullptr) {
      damaged(row.offset, row.bytes, fmt::format("line {}: a NUL byte in the text", row.line));
      continue;
    }
    return true;
  }
}

CsvReader::Parsed CsvReader::parse(std::string_view text, std::size_t& length) {
  fields_.clear();
  doubled_.clear();
  quoted_ = false;
  const std::size_t first = text.find_first_not_of(" \r", 0);
  if (first == std::string_view::npos || text[first] == line_end_ || text[0] == '#') {
    length = line_length(text);
    return length > kLongestRow ? Parsed::too_long : Parsed::skipped;
  }
  std::size_t at = 0;
  while (true) {
    if (fields_.size() >= kMostColumns) return Parsed::too_long;
    if (at < text.size() && text[at] == '"') {
      if (!take_quoted(text, at)) return Parsed::open_quote;
    } else {
      take_plain(text, at);
    }
    if (at > kLongestRow) return Parsed::too_long;
    if (at == text.size()) break;
    if (text[at++] == line_end_) break;
  }
  if (line_end_ == '\n' && fields_.back().ends_with('\r')) fields_.back().remove_suffix(1);
  length = at;
  return length > kLongestRow ? Parsed::too_long : Parsed::row;
}

void CsvReader::take_plain(std::string_view text, std::size_t& at) {
  const char* const begin = text.data() + at;
  const char* const end = text.data() + text.size();
  const char* p = begin;
  while (p != end && *p != separator_ && *p != line_end_) ++p;
  at += static_cast<std::size_t>(p - begin);
  fields_.emplace_back(begin, static_cast<std::size_t>(p - begin));
}

bool CsvReader::take_quoted(std::string_view text, std::size_t& at) {
  quoted_ = true;
  const std::size_t begin = at + 1;
  bool doubled = false;
  std::size_t close = begin;
  while (true) {
    close = text.substr(0, kLongestRow + 1).find('"', close);
    if (close == std::string_view::npos) return false;
    if (close + 1 >= text.size() || text[close + 1] != '"') break;
    doubled = true;
    close += 2;
  }
  if (doubled) doubled_.push_back(fields_.size());
  fields_.push_back(text.substr(begin, close - begin));
  at = close + 1;
  // Text between the closing quote and the separator belongs to nobody; a '\r' is the line end.
  while (at < text.size() && text[at] != separator_ && text[at] != line_end_) ++at;
  return true;
}

// A doubled quote becomes one, in the buffer, which is ours; the field only gets shorter. Done when
// the row is whole, because a row that is not is parsed again.
void CsvReader::write_single_quotes() {
  for (const std::size_t index : doubled_) {
    char* const field = buffer_.data() + (fields_[index].data() - buffer_.data());
    char* to = field;
    for (std::size_t i = 0; i < fields_[index].size(); ++i) {
      *to++ = field[i];
      if (field[i] == '"') ++i;
    }
    fields_[index] = {field, static_cast<std::size_t>(to - field)};
  }
}

void CsvReader::pass_over(Parsed why) {
  const std::uint64_t from = offset();
  const std::uint64_t line = line_;
  drop_line();
  damaged(from, offset() - from,
          why == Parsed::open_quote
              ? fmt::format("line {}: a quote is not closed within {} bytes", line, kLongestRow)
              : fmt::format("line {}: longer than {} bytes or {} columns", line, kLongestRow,
                            kMostColumns));
}

void CsvReader::drop_line() {
  while (true) {
    const std::size_t end = rest().find(line_end_);
    if (end != std::string_view::npos) {
      at_ += end + 1;
      ++line_;
      return;
    }
    at_ = end_;
    if (ended_) return;
    fill();
  }
}

CsvTable::CsvTable(ByteSource& source, std::string file, Damage& damage)
    : file_(file), damage_(damage), reader_(source, std::move(file), damage) {
  CsvRow row;
  if (!reader_.next(row)) return;
  for (const std::string_view field : row.fields) names_.emplace_back(clean_utf8(trimmed(field)));
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (same_ignoring_case(names_[i], trimmed(name))) return i;
  }
  const std::optional<std::uint64_t> number = parse_count(trimmed(name));
  if (number && *number >= 1 && *number <= names_.size()) return *number - 1;
  return std::nullopt;
}

bool CsvTable::next(CsvRow& row) {
  while (reader_.next(row)) {
    if (row.fields.size() == names_.size()) return true;
    damage_.add({.file = file_,
                 .offset = row.offset,
                 .bytes = row.bytes,
                 .reason = fmt::format("line {}: {} columns where the header has {}", row.line,
                                       row.fields.size(), names_.size())});
  }
  return false;
}

std::vector<std::string> csv_header(std::string_view head) {
  // A lone line that never ends within the head is not the header of a table.
  MemorySource source(head);
  Damage ignored;
  CsvReader reader(source, "", ignored);
  CsvRow row;
  if (!reader.next(row) || row.fields.size() < 2) return {};
  if (row.bytes == head.size() && head.size() >= kHeadBytes) return {};
  std::vector<std::string> names;
  for (const std::string_view field : row.fields) names.emplace_back(clean_utf8(trimmed(field)));
  return names;
}

}  // namespace lightsout
