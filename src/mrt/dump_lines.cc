// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump_lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout::mrt {
namespace {

constexpr std::size_t kHeadRoom = 256;  // two addresses, names and numbers: 150 at most
constexpr std::size_t kColumns = 80;    // of DumpFormat::text
constexpr std::string_view kIndent = "    ";

constexpr std::string_view kOrigins[] = {"IGP", "EGP", "INCOMPLETE"};
constexpr std::string_view kSmallOrigins[] = {"igp", "egp", "incomplete"};
constexpr std::string_view kKinds[] = {"A", "W", "STATE", "B"};
constexpr std::string_view kJsonKinds[] = {"announce", "withdraw", "state", "rib"};
constexpr char kSigns[] = {'+', '-', '!', '='};

Spelling spelling_of(DumpFormat format) {
  return format == DumpFormat::bgpdump ? Spelling::bgpdump : Spelling::rfc5952;
}

char* put_six_digits(char* at, std::uint32_t number) {
  for (int i = 6; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + number % 10);
  return at + 6;
}

// RFC 4271 section 8.2.2.
std::string_view name_of_state(unsigned state) {
  static constexpr std::string_view kNames[] = {"?",         "idle",         "connect",    "active",
                                                "open sent", "open confirm", "established"};
  return kNames[state < std::size(kNames) ? state : 0];
}

}  // namespace

IpAddress next_hop_of(const bgp::Attributes& attributes, Family family) {
  if (attributes.reach && attributes.reach->next_hop.size() >= 16 && family == Family::v6) {
    IpAddress hop{.family = Family::v6};
    std::copy_n(attributes.reach->next_hop.begin(), 16, hop.bytes.begin());
    return hop;
  }
  if (attributes.next_hop) return *attributes.next_hop;
  if (attributes.reach && attributes.reach->next_hop.size() == 4) {
    return IpAddress::v4(ByteReader(attributes.reach->next_hop).u32());
  }
  return IpAddress::v4(0xffffffff);
}

void Lines::head(const Speaker& speaker) {
  const auto kind = static_cast<std::size_t>(speaker.kind);
  head_.clear();
  char* at = head_.room(kHeadRoom);
  const auto micro = [&] {
    if (!speaker.microseconds) return;
    *at++ = '.';
    at = put_six_digits(at, *speaker.microseconds);
  };
  switch (format_) {
    case DumpFormat::bgpdump:
      at = put_text(at, speaker.format);
      *at++ = '|';
      at = put_number(at, speaker.seconds);
      micro();
      *at++ = '|';
      at = put_text(at, kKinds[kind]);
      *at++ = '|';
      at = put_address(at, speaker.peer, Spelling::bgpdump);
      *at++ = '|';
      at = put_number(at, speaker.asn.number);
      *at++ = '|';
      break;
    case DumpFormat::jsonl:
      at = put_text(at, "{\"kind\":\"");
      at = put_text(at, kJsonKinds[kind]);
      at = put_text(at, "\",\"time\":");
      at = put_number(at, speaker.seconds);
      micro();
      at = put_text(at, ",\"peer\":\"");
      at = put_address(at, speaker.peer, Spelling::rfc5952);
      at = put_text(at, "\",\"peer_asn\":");
      at = put_number(at, speaker.asn.number);
      *at++ = ',';
      break;
    case DumpFormat::text: {
      // "2022-01-05T10:30:00Z" without its letters.
      const std::string time =
          format_time(Time(Seconds(static_cast<std::int64_t>(speaker.seconds))));
      at = put_text(at, std::string_view(time).substr(0, 10));
      *at++ = ' ';
      at = put_text(at, std::string_view(time).substr(11, 8));
      micro();
      *at++ = ' ';
      *at++ = kSigns[kind];
      *at++ = ' ';
      break;
    }
  }
  head_.end_at(at);
}

void Lines::state(const Speaker& speaker, unsigned from, unsigned to) {
  head(speaker);
  out_.add(head_.text());
  switch (format_) {
    case DumpFormat::bgpdump:
      out_.add(fmt::format("{}|{}\n", from, to));
      break;
    case DumpFormat::jsonl:
      out_.add(fmt::format("\"from\":{},\"to\":{}}}\n", from, to));
      break;
    case DumpFormat::text:
      out_.add(fmt::format("{} AS{}: {} -> {}\n", speaker.peer.text(), speaker.asn.number,
                           name_of_state(from), name_of_state(to)));
  }
  ++count_;
}

void Lines::begin(const Speaker& speaker, std::string_view tail) {
  head(speaker);
  middle_.clear();
  if (format_ == DumpFormat::text) {
    char* at = middle_.room(kHeadRoom);
    at = put_text(at, " from ");
    at = put_address(at, speaker.peer, Spelling::rfc5952);
    at = put_text(at, " AS");
    middle_.end_at(put_number(at, speaker.asn.number));
  }
  if (tail.data() == tail_.text().data()) return;
  tail_.clear();
  tail_.add(tail);
}

void Lines::begin_withdrawals(const Speaker& speaker) {
  begin(speaker, format_ == DumpFormat::jsonl ? "}\n" : "\n");
}

void Lines::begin_routes(const Speaker& speaker, const bgp::Attributes& attributes, Family family,
                         std::size_t attribute_bytes) {
  tail_.clear();
  tail_.room(2 * max_text_of(attribute_bytes) + kHeadRoom);
  switch (format_) {
    case DumpFormat::bgpdump:
      bgpdump_tail(attributes, family);
      break;
    case DumpFormat::jsonl:
      json_tail(attributes, family);
      break;
    case DumpFormat::text:
      text_tail(attributes, family, speaker.asn);
  }
  begin(speaker, tail_.text());
}

void Lines::bgpdump_tail(const bgp::Attributes& attributes, Family family) {
  char* at = tail_.room(0);
  *at++ = '|';
  at = put_path(at, attributes.path);
  *at++ = '|';
  at = put_text(at, kOrigins[static_cast<unsigned>(attributes.origin)]);
  *at++ = '|';
  at = put_address(at, next_hop_of(attributes, family), Spelling::bgpdump);
  *at++ = '|';
  at = put_number(at, attributes.local_pref.value_or(0));
  *at++ = '|';
  at = put_number(at, attributes.med.value_or(0));
  *at++ = '|';
  at = put_communities(at, attributes.communities);
  at = put_text(at, attributes.atomic_aggregate ? "|AG|" : "|NAG|");
  if (attributes.aggregator) {
    at = put_number(at, attributes.aggregator->asn.number);
    *at++ = ' ';
    at = put_address(at, attributes.aggregator->address, Spelling::bgpdump);
  }
  at = put_text(at, "|\n");
  tail_.end_at(at);
}

void Lines::json_tail(const bgp::Attributes& attributes, Family family) {
  char* at = tail_.room(0);
  at = put_text(at, ",\"path\":");
  at = put_json_path(at, attributes.path);
  at = put_text(at, ",\"origin\":\"");
  at = put_text(at, kSmallOrigins[static_cast<unsigned>(attributes.origin)]);
  at = put_text(at, "\",\"next_hop\":\"");
  at = put_address(at, next_hop_of(attributes, family), Spelling::rfc5952);
  *at++ = '"';
  const auto number = [&](std::string_view name, const std::optional<std::uint32_t>& value) {
    if (!value) return;
    at = put_text(at, name);
    at = put_number(at, *value);
  };
  number(",\"local_pref\":", attributes.local_pref);
  number(",\"med\":", attributes.med);
  if (!attributes.communities.empty()) {
    at = put_text(at, ",\"communities\":");
    at = put_json_numbers(at, attributes.communities, 2, 2);
  }
  if (!attributes.large_communities.empty()) {
    at = put_text(at, ",\"large_communities\":");
    at = put_json_numbers(at, attributes.large_communities, 4, 3);
  }
  if (attributes.atomic_aggregate) at = put_text(at, ",\"atomic_aggregate\":true");
  if (attributes.aggregator) {
    at = put_text(at, ",\"aggregator\":[");
    at = put_number(at, attributes.aggregator->asn.number);
    at = put_text(at, ",\"");
    at = put_address(at, attributes.aggregator->address, Spelling::rfc5952);
    at = put_text(at, "\"]");
  }
  at = put_text(at, "}\n");
  tail_.end_at(at);
}

// Words with a blank before each; wrapped_line() breaks it into lines.
void Lines::text_tail(const bgp::Attributes& attributes, Family family, Asn peer) {
  char* at = tail_.room(0);
  at = put_text(at, ": ");
  at = put_path(at, attributes.path);
  if (attributes.path.empty()) at = put_text(at, "(no path)");
  at = put_text(at, ", ");
  at = put_text(at, kSmallOrigins[static_cast<unsigned>(attributes.origin)]);
  if (attributes.path.first() && *attributes.path.first() != peer) {
    at = put_text(at, ", not by the peer");  // a route server's own table
  }
  at = put_text(at, ", next hop ");
  at = put_address(at, next_hop_of(attributes, family), Spelling::rfc5952);
  const auto number = [&](std::string_view name, const std::optional<std::uint32_t>& value) {
    if (!value) return;
    at = put_text(at, name);
    at = put_number(at, *value);
  };
  number(", local pref ", attributes.local_pref);
  number(", med ", attributes.med);
  if (attributes.atomic_aggregate) at = put_text(at, ", atomic");
  if (attributes.aggregator) {
    at = put_text(at, ", aggregated by ");
    at = put_number(at, attributes.aggregator->asn.number);
    *at++ = ' ';
    at = put_address(at, attributes.aggregator->address, Spelling::rfc5952);
  }
  if (!attributes.communities.empty()) {
    at = put_text(at, ", communities ");
    at = put_communities(at, attributes.communities);
  }
  if (!attributes.large_communities.empty()) {
    at = put_text(at, ", large ");
    at = put_large_communities(at, attributes.large_communities);
  }
  *at++ = '\n';
  tail_.end_at(at);
}

void Lines::line(const Prefix& prefix, std::optional<std::uint32_t> path_id) {
  ++count_;
  if (format_ == DumpFormat::text) return wrapped_line(prefix, path_id);
  const bool json = format_ == DumpFormat::jsonl;
  char* at = out_.room(head_.size() + tail_.size() + kMaxPrefix + kMaxNumber + 64);
  at = put_text(at, head_.text());
  if (json) at = put_text(at, "\"prefix\":\"");
  at = put_prefix(at, prefix, spelling_of(format_));
  if (json) *at++ = '"';
  if (path_id) {
    at = put_text(at, json ? ",\"path_id\":" : "|");
    at = put_number(at, *path_id);
  }
  out_.end_at(put_text(at, tail_.text()));
}

// Breaks at blanks, so that no line is wider than kColumns unless one word is; what continues a
// route is indented, so that a line that begins with a digit begins a route.
void Lines::wrapped_line(const Prefix& prefix, std::optional<std::uint32_t> path_id) {
  whole_.clear();
  char* at = put_text(whole_.room(head_.size() + middle_.size() + tail_.size() + kMaxPrefix + 64),
                      head_.text());
  at = put_prefix(at, prefix, Spelling::rfc5952);
  if (path_id) {
    at = put_text(at, " id ");
    at = put_number(at, *path_id);
  }
  at = put_text(at, middle_.text());
  whole_.end_at(put_text(at, tail_.text()));

  std::string_view rest = whole_.text();
  rest.remove_suffix(1);
  std::size_t column = 0;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    char* to = out_.room(word.size() + kIndent.size() + 2);
    if (column > 0 && column + 1 + word.size() > kColumns) {
      *to++ = '\n';
      to = put_text(to, kIndent);
      column = kIndent.size();
    } else if (column > 0) {
      *to++ = ' ';
      ++column;
    }
    column += word.size();
    out_.end_at(put_text(to, word));
  }
  out_.add("\n");
}

}  // namespace lightsout::mrt
