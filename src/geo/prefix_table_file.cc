// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table_file.h"

#include <fmt/format.h>

#include <array>

#include "geo/mmdb.h"
#include "geo/prefix_table_tar.h"
#include "geo/table_formats.h"
#include "geo/table_lines.h"

namespace lightsout {
namespace {

class Reader {
 public:
  Reader(const std::string& name, PrefixTable::Builder& builder, Damage& damage)
      : name_(name), builder_(builder), damage_(damage) {}

  Result<PrefixTableOrigin> text(const TableFormat& format, ByteSource& source) {
    origin_.format = format.name;
    origin_.networks = format.networks;
    TableFacts facts;
    if (const std::string_view code = country_of_list(name_); !code.empty()) {
      facts.country = country_entity(code);
    }
    TableLines lines([&](std::span<std::uint8_t> into) { return source.read(into); });
    each_line(lines, name_, facts, format);
    // What the file says of its day counts more than what its name says.
    origin_.as_of = facts.as_of ? facts.as_of : day_in(name_);
    return finished();
  }

  Result<PrefixTableOrigin> mmdb(ByteSource& source) {
    const Result<std::string> bytes = read_all(source, kMaxMmdbBytes);
    if (!bytes) return bytes.error();
    const auto read = read_mmdb(bytes_of(*bytes), builder_, damage_, name_);
    if (!read) return read.error();
    origin_.format = "mmdb";
    if (!read->type.empty()) origin_.format += " " + read->type;
    origin_.as_of = read->built;
    origin_.rows = read->rows;
    origin_.networks = read->networks;
    return finished();
  }

  Result<PrefixTableOrigin> tar(ByteSource& source) {
    origin_.format = "country-cidr-tar";
    const TableFormat* list = table_format_of("10.0.0.0/8");
    TarReader archive(source);
    while (true) {
      const Result<std::optional<TarMember>> member = archive.next();
      if (!member) {
        damage_.add({.file = name_, .reason = member.error().message});
        break;
      }
      if (!*member) break;
      const std::string_view code = country_of_list((*member)->name);
      if (code.empty()) continue;
      TableFacts facts{.country = country_entity(code)};
      if (!facts.country) continue;
      if (!origin_.as_of || *origin_.as_of < (*member)->modified) {
        origin_.as_of = (*member)->modified;
      }
      TableLines lines([&](std::span<std::uint8_t> into) { return archive.read(into); });
      each_line(lines, name_ + ":" + (*member)->name, facts, *list);
    }
    return finished();
  }

 private:
  static std::optional<Entity> country_entity(std::string_view code) {
    std::string upper(code);
    for (char& c : upper) c = static_cast<char>(c & ~0x20);
    const Result<Entity> country = Entity::parse("country:" + upper);
    return country ? std::optional(*country) : std::nullopt;
  }

  static Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  void each_line(TableLines& lines, const std::string& where, TableFacts& facts,
                 const TableFormat& format) {
    std::string line, broken;
    for (std::uint64_t number = 1; lines.next(line, broken); ++number) {
      const std::string_view whole = line;
      const std::size_t comment = whole.find_first_of("#;");
      if (comment != std::string_view::npos) read_table_comment(whole.substr(comment), facts);
      const std::string_view text = trimmed(whole.substr(0, comment));
      if (text.empty()) continue;
      const Result<std::uint64_t> added = format.add(text, facts, builder_);
      if (added) {
        origin_.rows += *added;
      } else {
        damage_.add(
            {.file = where, .reason = fmt::format("line {}: {}", number, added.error().message)});
        if (added.error().kind == ErrorKind::limit) return;
      }
      if (!broken.empty()) break;
    }
    if (!broken.empty()) damage_.add({.file = where, .reason = broken});
  }

  Result<PrefixTableOrigin> finished() {
    origin_.name = name_;
    if (origin_.rows == 0) {
      return Error{ErrorKind::malformed, fmt::format("{}: no prefix in it", name_)};
    }
    return origin_;
  }

  const std::string& name_;
  PrefixTable::Builder& builder_;
  Damage& damage_;
  PrefixTableOrigin origin_;
};

constexpr std::size_t kHeadBytes = 64u << 10;

// Gives the first bytes once more: they were taken to see what the file is.
class Rewound final : public ByteSource {
 public:
  Rewound(Bytes head, ByteSource& rest) : head_(head), rest_(rest) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const Result<std::size_t> got = head_.read(into);
    return *got > 0 || into.empty() ? got : rest_.read(into);
  }

 private:
  MemorySource head_;
  ByteSource& rest_;
};

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string_view country_of_list(std::string_view path) {
  const auto letters = [](std::string_view text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) {
             return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
           });
  };
  const std::size_t slash = path.rfind('/');
  const std::string_view file = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = file.rfind('.');
  const std::string_view stem = file.substr(0, dot);
  if (file.ends_with(".cidr") || file.ends_with(".zone")) return letters(stem) ? stem : "";
  if (!file.starts_with("ipv") || !file.ends_with("-aggregated.txt") ||
      slash == std::string_view::npos) {
    return "";
  }
  std::string_view folder = path.substr(0, slash);
  if (const std::size_t up = folder.rfind('/'); up != std::string_view::npos) {
    folder = folder.substr(up + 1);
  }
  return letters(folder) ? folder : "";
}

bool looks_like_prefix_table(std::string_view head) {
  if (TarReader::looks_like_tar(bytes_of(head))) {
    MemorySource source(head);
    TarReader tar(source);
    while (true) {
      const Result<std::optional<TarMember>> member = tar.next();
      if (!member || !*member) return false;
      if (!country_of_list((*member)->name).empty()) return true;
    }
  }
  return looks_like_mmdb(bytes_of(head)) || table_format_of(head) != nullptr;
}

Result<PrefixTableOrigin> read_prefix_table(ByteSource& source, const std::string& name,
                                            PrefixTable::Builder& builder, Damage& damage) {
  std::vector<std::uint8_t> first(kHeadBytes);
  std::size_t have = 0;
  while (have < first.size()) {
    const Result<std::size_t> got = source.read(std::span(first).subspan(have));
    if (!got || *got == 0) break;  // told again by the next read
    have += *got;
  }
  const Bytes head = Bytes(first).first(have);
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  Rewound whole(head, source);
  Reader reader(name, builder, damage);
  if (TarReader::looks_like_tar(head)) return reader.tar(whole);
  if (const TableFormat* format = table_format_of(text)) return reader.text(*format, whole);
  if (!text.empty()) return reader.mmdb(whole);
  return Error{ErrorKind::malformed, fmt::format("{}: no prefix in it", name)};
}

}  // namespace lightsout
