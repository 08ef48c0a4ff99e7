// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table_file.h"

#include <fmt/format.h>

#include <array>
#include <functional>

#include "geo/prefix_table_tar.h"

namespace lightsout {
namespace {

constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::string_view kHeader = "prefix,entity";

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Cuts a stream into lines; of a line longer than kMaxLineBytes only its beginning is kept.
class Lines {
 public:
  using Read = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;
  explicit Lines(Read read) : read_(std::move(read)) {}

  // false at the end; `broken` then says why, if the stream did not end well.
  bool next(std::string& line, std::string& broken) {
    line.clear();
    bool any = false;
    while (true) {
      for (; at_ < end_; ++at_) {
        const char c = static_cast<char>(chunk_[at_]);
        any = true;
        if (c == '\n') {
          ++at_;
          return true;
        }
        if (line.size() < kMaxLineBytes) line += c;
      }
      const Result<std::size_t> got = read_(chunk_);
      if (!got) broken = got.error().message;
      if (!got || *got == 0) return any;
      at_ = 0;
      end_ = *got;
    }
  }

 private:
  Read read_;
  std::array<std::uint8_t, 16384> chunk_;
  std::size_t at_ = 0, end_ = 0;
};

// "# as of 2022-01-04" anywhere in a comment.
std::optional<Time> date_in(std::string_view comment) {
  const std::size_t at = comment.find("as of ");
  if (at == std::string_view::npos) return std::nullopt;
  const Result<Time> time = parse_time(trimmed(comment.substr(at + 6, 20)));
  return time ? std::optional(*time) : std::nullopt;
}

class Reader {
 public:
  Reader(const std::string& name, PrefixTable::Builder& builder, Damage& damage)
      : name_(name), builder_(builder), damage_(damage) {}

  Result<PrefixTableOrigin> csv(Lines& lines) {
    origin_.format = "prefix-csv";
    each_line(lines, name_, [&](std::string_view text) -> Status {
      if (text.starts_with(kHeader)) return {};
      const std::size_t comma = text.find(',');
      if (comma == std::string_view::npos) {
        return Error{ErrorKind::malformed, "a row is prefix,entity"};
      }
      std::string_view entity = text.substr(comma + 1);
      entity = trimmed(entity.substr(0, entity.find(',')));
      const Result<Entity> parsed = Entity::parse(entity);
      if (!parsed) return parsed.error();
      return add(trimmed(text.substr(0, comma)), *parsed);
    });
    return finished();
  }

  Result<PrefixTableOrigin> tar(ByteSource& source) {
    origin_.format = "country-cidr-tar";
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
      std::string upper(code);
      for (char& c : upper) c = static_cast<char>(c & ~0x20);
      const Result<Entity> country = Entity::parse("country:" + upper);
      if (!country) continue;
      if (!origin_.as_of || *origin_.as_of < (*member)->modified) {
        origin_.as_of = (*member)->modified;
      }
      Lines lines([&](std::span<std::uint8_t> into) { return archive.read(into); });
      each_line(lines, name_ + ":" + (*member)->name,
                [&](std::string_view text) { return add(text, *country); });
    }
    return finished();
  }

 private:
  template <typename Use>
  void each_line(Lines& lines, const std::string& where, Use use) {
    std::string line, broken;
    for (std::uint64_t number = 1; lines.next(line, broken); ++number) {
      const std::string_view whole = line;
      const std::size_t hash = whole.find('#');
      if (hash != std::string_view::npos && !origin_.as_of) {
        origin_.as_of = date_in(whole.substr(hash));
      }
      const std::string_view text = trimmed(whole.substr(0, hash));
      if (text.empty()) continue;
      const Status used = use(text);
      if (!used) {
        damage_.add(
            {.file = where, .reason = fmt::format("line {}: {}", number, used.error().message)});
        if (used.error().kind == ErrorKind::limit) return;
      }
      if (!broken.empty()) break;
    }
    if (!broken.empty()) damage_.add({.file = where, .reason = broken});
  }

  Status add(std::string_view text, const Entity& entity) {
    const Result<Prefix> prefix = Prefix::parse(text);
    if (!prefix) return prefix.error();
    const Status added = builder_.add(*prefix, entity);
    if (added) ++origin_.rows;
    return added;
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
  // The header, after comments.
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = trimmed(head.substr(0, end));
    if (!line.empty() && line[0] != '#') {
      const std::string_view rest = line.substr(std::min(kHeader.size(), line.size()));
      return line.starts_with(kHeader) && (rest.empty() || rest[0] == ',' || rest[0] == ' ');
    }
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return false;
}

Result<PrefixTableOrigin> read_prefix_table(ByteSource& source, const std::string& name,
                                            PrefixTable::Builder& builder, Damage& damage) {
  std::array<std::uint8_t, 512> first;
  std::size_t have = 0;
  while (have < first.size()) {
    const Result<std::size_t> got = source.read(std::span(first).subspan(have));
    if (!got || *got == 0) break;  // told again by the next read
    have += *got;
  }
  const Bytes head = Bytes(first).first(have);
  Rewound whole(head, source);
  Reader reader(name, builder, damage);
  if (TarReader::looks_like_tar(head)) return reader.tar(whole);
  Lines lines([&](std::span<std::uint8_t> into) { return whole.read(into); });
  return reader.csv(lines);
}

}  // namespace lightsout
