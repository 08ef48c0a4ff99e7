// SPDX-License-Identifier: Apache-2.0
#include "geo/table_formats.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "geo/table_lines.h"
#include "net/prefix_range.h"

namespace lightsout {
namespace {

using Added = Result<std::uint64_t>;

Error malformed(std::string message) {
  return Error{ErrorKind::malformed, std::move(message)};
}

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = line.find(separator);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos || fields.size() == 16) return fields;
    line.remove_prefix(end + 1);
  }
}

template <typename Number>
bool parse_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return !text.empty() && parsed.ec == std::errc{} && parsed.ptr == end;
}

bool letters(std::string_view text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
         });
}

// ZZ: nobody; EU, AP: several countries; XX and A1 (a proxy) of geolocation tables.
bool names_no_country(std::string_view code) {
  return !letters(code) || code == "ZZ" || code == "EU" || code == "AP" || code == "XX";
}

Result<Entity> country_entity(std::string_view code) {
  std::string upper(code);
  for (char& c : upper) c = static_cast<char>(c & ~0x20);
  return Entity::parse("country:" + upper);
}

Added add_row(const Result<Prefix>& prefix, const Result<Entity>& entity,
              PrefixTable::Builder& builder) {
  if (!prefix) return prefix.error();
  if (!entity) return entity.error();
  const Status added = builder.add(*prefix, *entity);
  if (!added) return added.error();
  return std::uint64_t{1};
}

Added add_range(const IpAddress& first, const IpAddress& last, const Entity& entity,
                PrefixTable::Builder& builder) {
  Added rows = std::uint64_t{0};
  for_each_prefix_of(first, last, [&](const Prefix& prefix) {
    if (!rows) return;
    const Status added = builder.add(prefix, entity);
    rows = added ? Added(*rows + 1) : Added(added.error());
  });
  if (rows && *rows == 0) return malformed("the range runs backwards");
  return rows;
}

// --- prefix-csv ---

constexpr std::string_view kHeader = "prefix,entity";

bool is_csv(std::string_view line) {
  const std::string_view rest = line.substr(std::min(kHeader.size(), line.size()));
  return line.starts_with(kHeader) && (rest.empty() || rest[0] == ',' || rest[0] == ' ');
}

Added add_csv(std::string_view line, TableFacts&, PrefixTable::Builder& builder) {
  if (line.starts_with(kHeader)) return std::uint64_t{0};
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) return malformed("a row is prefix,entity");
  const std::string_view entity = line.substr(comma + 1);
  return add_row(Prefix::parse(trimmed(line.substr(0, comma))),
                 Entity::parse(trimmed(entity.substr(0, entity.find(',')))), builder);
}

// --- delegated: the NRO's statistics exchange format ---

bool is_registry(std::string_view name) {
  for (const std::string_view known : {"afrinic", "apnic", "arin", "iana", "lacnic", "ripencc"}) {
    if (name == known) return true;
  }
  return false;
}

bool is_delegated(std::string_view line) {
  const auto fields = fields_of(line, '|');
  if (fields.size() < 6) return false;
  // The line of the version ("2.3|apnic|20220104|...") and then one registry's rows.
  return is_registry(fields[0]) || (line[0] == '2' && is_registry(fields[1]));
}

Added add_delegated(std::string_view line, TableFacts& facts, PrefixTable::Builder& builder) {
  const auto fields = fields_of(line, '|');
  if (fields.size() < 6) return malformed("a row is registry|cc|type|start|value|date");
  if (!is_registry(fields[0])) {
    if (is_registry(fields[1]) && !facts.as_of) facts.as_of = day_in(fields[2]);
    return std::uint64_t{0};
  }
  const bool four = fields[2] == "ipv4", six = fields[2] == "ipv6";
  const std::string_view status = fields.size() > 6 ? fields[6] : std::string_view();
  const bool free = status == "available" || status == "reserved" || fields[5] == "summary";
  if (!(four || six) || free || names_no_country(fields[1])) return std::uint64_t{0};
  const Result<Entity> country = country_entity(fields[1]);
  const Result<IpAddress> first = IpAddress::parse(fields[3]);
  std::uint64_t value = 0;
  if (!country || !first || !parse_number(fields[4], value)) return malformed("no delegation");
  if (six)
    return add_row(Prefix::make(*first, static_cast<unsigned>(std::min(value, std::uint64_t{129}))),
                   country, builder);
  const std::uint64_t begin = bits_of(*first).low;
  if (first->family != Family::v4 || value == 0 || begin + value > std::uint64_t{1} << 32) {
    return malformed("no such range of addresses");
  }
  const auto last = IpAddress::v4(static_cast<std::uint32_t>(begin + value - 1));
  return add_range(*first, last, *country, builder);
}

// --- pfx2as ---

bool is_pfx2as(std::string_view line) {
  const auto fields = fields_of(line, '\t');
  const bool joined = fields.size() == 2 && fields[0].find('/') != std::string_view::npos;
  if (!joined && fields.size() != 3) return false;
  const std::string_view origin = fields.back();
  return !origin.empty() && origin.find_first_not_of("0123456789_,{}") == std::string_view::npos &&
         IpAddress::parse(fields[0].substr(0, fields[0].find('/'))).ok();
}

// "13335", or "13335_4713" of several origins; "1,2" and "{1,2}" are sets, which name nobody.
Added add_pfx2as(std::string_view line, TableFacts&, PrefixTable::Builder& builder) {
  const auto fields = fields_of(line, '\t');
  if (fields.size() < 2) return malformed("a row is prefix, length and origin");
  std::string text(fields[0]);
  if (fields.size() > 2) text += "/" + std::string(fields[1]);
  const Result<Prefix> prefix = Prefix::parse(text);
  std::uint64_t rows = 0;
  for (const std::string_view origin : fields_of(fields.back(), '_')) {
    if (origin.find_first_of(",{") != std::string_view::npos) continue;
    const Added added = add_row(prefix, Entity::parse(fmt::format("asn:{}", origin)), builder);
    if (!added) return added;
    rows += *added;
  }
  return rows;
}

// --- tor-geoip ---

bool is_tor(std::string_view line) {
  const auto fields = fields_of(line, ',');
  if (fields.size() != 3 || (!letters(fields[2]) && fields[2] != "??")) return false;
  std::uint32_t number = 0;
  return (parse_number(fields[0], number) && parse_number(fields[1], number)) ||
         (fields[0].find(':') != std::string_view::npos && IpAddress::parse(fields[0]).ok());
}

Added add_tor(std::string_view line, TableFacts&, PrefixTable::Builder& builder) {
  const auto fields = fields_of(line, ',');
  if (fields.size() != 3) return malformed("a row is first,last,country");
  if (names_no_country(fields[2])) return std::uint64_t{0};
  const auto address = [](std::string_view text) -> Result<IpAddress> {
    std::uint32_t number = 0;
    if (parse_number(text, number)) return IpAddress::v4(number);
    return IpAddress::parse(text);
  };
  const Result<IpAddress> first = address(fields[0]), last = address(fields[1]);
  const Result<Entity> country = country_entity(fields[2]);
  if (!first) return first.error();
  if (!last) return last.error();
  if (!country) return country.error();
  return add_range(*first, *last, *country, builder);
}

// --- cidr-list ---

bool is_cidr(std::string_view line) {
  return line.find('/') != std::string_view::npos && Prefix::parse(line).ok();
}

Added add_cidr(std::string_view line, TableFacts& facts, PrefixTable::Builder& builder) {
  if (!facts.country) return malformed("a list of prefixes that does not say of which country");
  return add_row(Prefix::parse(line), *facts.country, builder);
}

constexpr TableFormat kFormats[] = {
    {"prefix-csv", false, is_csv, add_csv},  {"delegated", false, is_delegated, add_delegated},
    {"pfx2as", true, is_pfx2as, add_pfx2as}, {"tor-geoip", false, is_tor, add_tor},
    {"cidr-list", false, is_cidr, add_cidr},
};

}  // namespace

std::span<const TableFormat> table_formats() {
  return kFormats;
}

bool is_table_comment(std::string_view line) {
  return line.empty() || line[0] == '#' || line[0] == ';';
}

const TableFormat* table_format_of(std::string_view head) {
  const TableFormat* format = nullptr;
  int seen = 0;
  // A line cut by the end of the head says nothing, unless it is the only one.
  while (!head.empty() && seen < 3) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos && format != nullptr) break;
    const std::string_view line = trimmed(head.substr(0, end));
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    if (is_table_comment(line)) continue;
    if (format == nullptr) {
      for (const TableFormat& known : kFormats) {
        if (known.is(line)) {
          format = &known;
          break;
        }
      }
      if (format == nullptr) return nullptr;
      if (format == &kFormats[0]) return format;  // its header says enough
    } else if (!format->is(line)) {
      return nullptr;
    }
    ++seen;
  }
  return format;
}

void read_table_comment(std::string_view line, TableFacts& facts) {
  if (const std::size_t at = line.find("as of "); at != std::string_view::npos && !facts.as_of) {
    const Result<Time> time = parse_time(trimmed(line.substr(at + 6, 20)));
    if (time) facts.as_of = *time;
  }
  if (!facts.as_of && line.find("riginal file") != std::string_view::npos) {
    facts.as_of = day_in(line);
  }
  const std::size_t open = line.rfind('(');
  if (line.find("Country:") != std::string_view::npos && open != std::string_view::npos &&
      open + 3 < line.size() && line[open + 3] == ')' && letters(line.substr(open + 1, 2))) {
    if (const auto country = country_entity(line.substr(open + 1, 2))) facts.country = *country;
  }
}

std::optional<Time> day_in(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  for (std::size_t at = text.find_first_of(kDigits); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_not_of(kDigits, at), text.size());
    if (end - at == 8 && (text.substr(at, 2) == "19" || text.substr(at, 2) == "20")) {
      const Result<Time> day = parse_time(fmt::format(
          "{}-{}-{}", text.substr(at, 4), text.substr(at + 4, 2), text.substr(at + 6, 2)));
      if (day && text.substr(at, 4) >= "1990") return *day;
    }
    at = text.find_first_of(kDigits, end);
  }
  return std::nullopt;
}

}  // namespace lightsout
