// SPDX-License-Identifier: Apache-2.0
#include "mrt/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lightsout::mrt {
namespace {

// All of `text` as a number up to `limit`.
std::optional<std::uint32_t> number_in(std::string_view text, std::uint32_t limit) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || number > limit) {
    return std::nullopt;
  }
  return number;
}

Result<Asn> parse_asn(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with("AS") || digits.starts_with("as")) digits.remove_prefix(2);
  const std::optional<std::uint32_t> number = number_in(digits, 0xffffffff);
  if (number) return Asn{*number};
  return Error{ErrorKind::usage, fmt::format("'{}' is not the number of a network", text)};
}

Result<Prefix> parse_prefix(std::string_view text) {
  const Result<Prefix> prefix = Prefix::parse(text);
  if (prefix) return *prefix;
  return Error{ErrorKind::usage, fmt::format("'{}' is not a prefix such as 192.0.2.0/24", text)};
}

constexpr std::string_view kKindNames[] = {"announce", "withdraw", "state", "rib"};

}  // namespace

Result<Filter::PeerWord> Filter::PeerWord::parse(std::string_view text) {
  PeerWord word;
  if (text.find_first_of(".:") != std::string_view::npos) {
    const Result<IpAddress> address = IpAddress::parse(text);
    if (!address) return Error{ErrorKind::usage, address.error().message};
    word.address = *address;
    return word;
  }
  const Result<Asn> asn = parse_asn(text);
  if (!asn) {
    return Error{ErrorKind::usage,
                 fmt::format("'{}' is neither an address nor the number of a network", text)};
  }
  word.asn = *asn;
  return word;
}

Result<Filter::CommunityWord> Filter::CommunityWord::parse(std::string_view text) {
  // RFC 1997 "Well-known communities", RFC 7999, RFC 8326.
  static constexpr std::pair<std::string_view, std::uint32_t> kNames[] = {
      {"no-export", 0xff01}, {"no-advertise", 0xff02},      {"local-AS", 0xff03},
      {"blackhole", 666},    {"graceful-shutdown", 0x0000},
  };
  CommunityWord word;
  for (const auto& [name, low] : kNames) {
    if (text != name) continue;
    word.parts[0] = 0xffff;
    word.parts[1] = low;
    return word;
  }
  const Error bad{
      ErrorKind::usage,
      fmt::format("'{}' is not a community such as 65000:1, 65000:* or 64500:1:2", text)};
  const auto colons = std::count(text.begin(), text.end(), ':');
  if (colons != 1 && colons != 2) return bad;
  word.large = colons == 2;
  std::string_view rest = text;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(colons); ++i) {
    const std::string_view part = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (part == "*") continue;
    word.parts[i] = number_in(part, word.large ? 0xffffffff : 0xffff);
    if (!word.parts[i]) return bad;
  }
  return word;
}

bool Filter::CommunityWord::fits(const bgp::Attributes& attributes) const {
  const auto same = [](const std::optional<std::uint32_t>& part, std::uint32_t number) {
    return !part || *part == number;
  };
  ByteReader reader(large ? attributes.large_communities : attributes.communities);
  while (!reader.empty()) {
    if (large) {
      const std::uint32_t numbers[] = {reader.u32(), reader.u32(), reader.u32()};
      if (!reader.ok()) return false;
      if (same(parts[0], numbers[0]) && same(parts[1], numbers[1]) && same(parts[2], numbers[2])) {
        return true;
      }
      continue;
    }
    const std::uint32_t high = reader.u16(), low = reader.u16();
    if (reader.ok() && same(parts[0], high) && same(parts[1], low)) return true;
  }
  return false;
}

template <typename Word, typename Parse>
Status Filter::fill(const std::vector<std::string>& words, const char* option, std::size_t limit,
                    List<Word>& list, Parse parse) {
  if (words.size() > limit) {
    return Error{ErrorKind::usage,
                 fmt::format("{} takes at most {} words, not {}", option, limit, words.size())};
  }
  for (const std::string& word : words) {
    const bool negated = word.starts_with('!');
    auto parsed = parse(std::string_view(word).substr(negated ? 1 : 0));
    if (!parsed) {
      return Error{ErrorKind::usage, fmt::format("{}: {}", option, parsed.error().message)};
    }
    (negated ? list.none : list.any).push_back(std::move(*parsed));
  }
  return {};
}

Status Filter::fill_kinds(const std::vector<std::string>& words) {
  List<unsigned> list;
  const Status filled =
      fill(words, "--type", kMaxWords, list, [](std::string_view text) -> Result<unsigned> {
        for (unsigned i = 0; i < std::size(kKindNames); ++i) {
          if (text == kKindNames[i]) return i;
        }
        return Error{ErrorKind::usage, fmt::format("'{}' is not one of announce, withdraw, "
                                                   "state, rib",
                                                   text)};
      });
  if (!filled) return filled;
  kinds_ = 0;
  for (unsigned i = 0; i < std::size(kKindNames); ++i) {
    if (list.passes([i](unsigned kind) { return kind == i; })) kinds_ |= 1u << i;
  }
  return {};
}

Result<Filter> Filter::make(const FilterWords& words) {
  Filter filter;
  filter.more_ = words.more;
  filter.less_ = words.less;
  filter.from_ = words.from;
  filter.until_ = words.until;
  if ((words.more || words.less) && words.prefixes.empty()) {
    return Error{ErrorKind::usage, "--more and --less say how --prefix is meant: give a --prefix"};
  }
  if (words.from && words.until && *words.from >= *words.until) {
    return Error{ErrorKind::usage, "--until is not after --from"};
  }
  for (const Status& status :
       {fill(words.peers, "--peer", kMaxWords, filter.peers_, PeerWord::parse),
        fill(words.origins, "--origin", kMaxWords, filter.origins_, parse_asn),
        fill(words.paths, "--path", kMaxPatterns, filter.paths_, PathPattern::compile),
        fill(words.prefixes, "--prefix", kMaxWords, filter.prefixes_, parse_prefix),
        fill(words.communities, "--community", kMaxWords, filter.communities_,
             CommunityWord::parse),
        filter.fill_kinds(words.types)}) {
    if (!status) return status.error();
  }
  // The length of an attribute list has 16 bits, so no path with its AS4_PATH is longer.
  if (!filter.paths_.empty()) filter.path_text_.resize(max_text_of(65'535) + Slab::kSlack);
  return filter;
}

bool Filter::peer(const IpAddress& address, Asn asn) const {
  return peers_.passes([&](const PeerWord& word) {
    return word.address ? *word.address == address : word.asn == asn;
  });
}

bool Filter::prefix(const Prefix& prefix) const {
  return prefixes_.passes([&](const Prefix& wanted) {
    if (wanted == prefix) return true;
    return (more_ && wanted.contains(prefix)) || (less_ && prefix.contains(wanted));
  });
}

bool Filter::attributes(const bgp::Attributes& attributes) {
  if (!origins_.empty()) {
    const std::optional<Asn> origin = attributes.path.origin();
    if (!origins_.passes([&](Asn asn) { return origin == asn; })) return false;
  }
  if (!communities_.empty() &&
      !communities_.passes([&](const CommunityWord& word) { return word.fits(attributes); })) {
    return false;
  }
  if (paths_.empty()) return true;
  char* const end = put_path(path_text_.data(), attributes.path);
  const std::string_view text(path_text_.data(), end);
  return paths_.passes([&](PathPattern& pattern) { return pattern.matches(text); });
}

}  // namespace lightsout::mrt
