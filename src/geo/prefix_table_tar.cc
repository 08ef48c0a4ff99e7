// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table_tar.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lightsout {
namespace {

constexpr std::size_t kBlock = 512;

std::string_view field(Bytes header, std::size_t at, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(header.data()) + at, size);
  return text.substr(0, text.find('\0'));
}

std::optional<std::uint64_t> octal(Bytes header, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  bool any = false;
  for (const char c : field(header, at, size)) {
    if (c == ' ') {
      if (any) break;
      continue;
    }
    if (c < '0' || c > '7') return std::nullopt;  // also the base-256 form, for files above 8 GiB
    value = value << 3 | static_cast<std::uint64_t>(c - '0');
    any = true;
  }
  return value;
}

bool checksum_holds(Bytes header) {
  const std::optional<std::uint64_t> stated = octal(header, 148, 8);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    sum += i >= 148 && i < 156 ? std::uint8_t{' '} : header[i];
  }
  return stated && *stated == sum && header[0] != 0;
}

}  // namespace

bool TarReader::looks_like_tar(Bytes head) {
  return head.size() >= kBlock && checksum_holds(head.first(kBlock));
}

Result<bool> TarReader::fill(std::span<std::uint8_t> block) {
  std::size_t filled = 0;
  while (filled < block.size()) {
    const Result<std::size_t> got = source_.read(block.subspan(filled));
    if (!got) return got.error();
    if (*got == 0) {
      if (filled == 0) return false;
      return Error{ErrorKind::malformed, "tar archive cut short"};
    }
    filled += *got;
  }
  return true;
}

Status TarReader::skip(std::uint64_t count) {
  std::array<std::uint8_t, 8192> waste;
  while (count > 0) {
    const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(count, waste.size()));
    const Result<bool> filled = fill(std::span(waste).first(part));
    if (!filled) return filled.error();
    if (!*filled) return Error{ErrorKind::malformed, "tar archive cut short"};
    count -= part;
  }
  return {};
}

Result<std::optional<TarMember>> TarReader::next() {
  while (true) {
    if (const Status skipped = skip(left_ + padding_); !skipped) return skipped.error();
    left_ = padding_ = 0;
    std::array<std::uint8_t, kBlock> header;
    const Result<bool> filled = fill(header);
    if (!filled) return filled.error();
    const bool end_mark =
        std::all_of(header.begin(), header.end(), [](std::uint8_t byte) { return byte == 0; });
    if (!*filled || end_mark) return std::optional<TarMember>();
    const std::optional<std::uint64_t> size = octal(header, 124, 12);
    if (!checksum_holds(header) || !size) {
      return Error{ErrorKind::malformed, "tar header is damaged"};
    }
    left_ = *size;
    padding_ = (kBlock - *size % kBlock) % kBlock;
    const char type = static_cast<char>(header[156]);
    if (type != '0' && type != '\0') continue;  // a folder, a link, an extended header

    TarMember member{.size = *size};
    const std::string_view folder =
        field(header, 257, 5) == "ustar" && header[262] == 0 ? field(header, 345, 155) : "";
    if (!folder.empty()) member.name = std::string(folder) + "/";
    member.name += field(header, 0, 100);
    constexpr std::uint64_t kLatest = 4'294'967'295;  // the year 2106, as in MRT
    member.modified = Time(
        Seconds(static_cast<std::int64_t>(std::min(octal(header, 136, 12).value_or(0), kLatest))));
    return std::optional(member);
  }
}

Result<std::size_t> TarReader::read(std::span<std::uint8_t> into) {
  const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
  if (most == 0) return std::size_t{0};
  const Result<std::size_t> got = source_.read(into.first(most));
  if (!got) return got.error();
  if (*got == 0) return Error{ErrorKind::malformed, "tar archive cut short"};
  left_ -= *got;
  return *got;
}

}  // namespace lightsout
