// SPDX-License-Identifier: Apache-2.0
#include "live/ris_frame.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <cmath>

namespace lightsout::live {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMaxBgpBytes = 65'535;  // RFC 8654

Error malformed(std::string message) {
  return Error{ErrorKind::malformed, std::move(message)};
}

std::string_view text_of(const object& from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == SUCCESS ? text : std::string_view{};
}

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A number as number or as text, as RIS Live writes them by turns.
std::optional<std::uint32_t> number_of(const element& from) {
  std::uint64_t number = 0;
  if (from.get(number) == SUCCESS) {
    return number <= 0xffffffff ? std::optional(static_cast<std::uint32_t>(number)) : std::nullopt;
  }
  std::string_view text;
  if (from.get(text) != SUCCESS) return std::nullopt;
  return number_in(text);
}

std::optional<std::uint32_t> number_of(const object& from, std::string_view key) {
  element value;
  if (from[key].get(value) != SUCCESS) return std::nullopt;
  return number_of(value);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool read_hex(std::string_view text, std::vector<std::uint8_t>& bytes) {
  if (text.size() % 2 != 0 || text.size() > 2 * kMaxBgpBytes) return false;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return true;
}

Status read_path(const array& path, RisFrame& frame) {
  const auto segment = [&](bool is_set) -> RisFrame::PathSegment& {
    // A run of numbers is one segment; each set is its own.
    if (is_set || frame.path.empty() || frame.path.back().is_set) {
      frame.path.push_back({.is_set = is_set, .numbers = {}});
    }
    return frame.path.back();
  };
  for (const element hop : path) {
    array set;
    if (hop.get(set) == SUCCESS) {
      RisFrame::PathSegment& numbers = segment(true);
      for (const element member : set) {
        const auto number = number_of(member);
        if (!number) return malformed("'path' has a set with something else than numbers");
        numbers.numbers.push_back(Asn{*number});
      }
      continue;
    }
    const auto number = number_of(hop);
    if (!number) return malformed("'path' has something else than numbers");
    segment(false).numbers.push_back(Asn{*number});
  }
  return {};
}

Status read_communities(const array& list, RisFrame& frame) {
  for (const element pair : list) {
    array parts;
    std::uint32_t community = 0;
    int count = 0;
    if (pair.get(parts) == SUCCESS) {
      for (const element part : parts) {
        const auto number = number_of(part);
        if (!number || *number > 0xffff) count = 3;
        community = community << 16 | number.value_or(0);
        ++count;
      }
    }
    if (count != 2) return malformed("'community' is not a list of pairs");
    frame.communities.push_back(community);
  }
  return {};
}

Result<std::vector<Prefix>> read_prefixes(const array& list) {
  std::vector<Prefix> prefixes;
  for (const element entry : list) {
    std::string_view text;
    if (entry.get(text) != SUCCESS) return malformed("a prefix is not a text");
    const Result<Prefix> prefix = Prefix::parse(text);
    if (!prefix) return prefix.error();
    prefixes.push_back(*prefix);
  }
  return prefixes;
}

Status read_announcements(const array& list, RisFrame& frame) {
  for (const element entry : list) {
    object announcement;
    array prefixes;
    if (entry.get(announcement) != SUCCESS || announcement["prefixes"].get(prefixes) != SUCCESS) {
      return malformed("'announcements' is not a list of next hops with prefixes");
    }
    RisFrame::Announcement out;
    // "2001:db8::1,fe80::1": the global address and the one on the link, RFC 2545.
    const std::string_view hops = text_of(announcement, "next_hop");
    const std::size_t comma = hops.find(',');
    const Result<IpAddress> hop = IpAddress::parse(hops.substr(0, comma));
    if (!hop) return hop.error();
    out.next_hop = *hop;
    if (comma != hops.npos) {
      const Result<IpAddress> link = IpAddress::parse(hops.substr(comma + 1));
      if (!link) return link.error();
      out.link_local = *link;
    }
    Result<std::vector<Prefix>> read = read_prefixes(prefixes);
    if (!read) return read.error();
    out.prefixes = std::move(*read);
    frame.announcements.push_back(std::move(out));
  }
  return {};
}

// "65000:192.0.2.1"; some have a blank.
void read_aggregator(std::string_view text, RisFrame& frame) {
  const std::size_t middle = text.find_first_of(": ");
  if (middle == text.npos) return;
  const auto asn = number_in(text.substr(0, middle));
  const Result<IpAddress> address = IpAddress::parse(text.substr(middle + 1));
  if (asn && address && address->family == Family::v4) frame.aggregator = {Asn{*asn}, *address};
}

Status read_update(const object& data, RisFrame& frame) {
  array list;
  if (data["path"].get(list) == SUCCESS) {
    if (const Status read = read_path(list, frame); !read) return read;
  }
  if (data["community"].get(list) == SUCCESS) {
    if (const Status read = read_communities(list, frame); !read) return read;
  }
  if (data["announcements"].get(list) == SUCCESS) {
    if (const Status read = read_announcements(list, frame); !read) return read;
  }
  if (data["withdrawals"].get(list) == SUCCESS) {
    Result<std::vector<Prefix>> read = read_prefixes(list);
    if (!read) return read.error();
    frame.withdrawals = std::move(*read);
  }
  frame.origin = text_of(data, "origin");
  frame.med = number_of(data, "med");
  read_aggregator(text_of(data, "aggregator"), frame);
  return {};
}

Status read_state(const object& data, RisFrame& frame) {
  const std::string_view state = text_of(data, "state");
  if (state == "connected" || state == "up" || state == "established") {
    frame.established = true;
  } else if (state != "down" && state != "disconnected" && state != "idle") {
    return malformed(fmt::format("the state '{}' is not known", state.substr(0, 40)));
  }
  return {};
}

Status read_stamp(const object& data, RisFrame& frame) {
  constexpr double kMostSeconds = 4'294'967'295.0;  // what an MRT record can hold
  double seconds = 0;
  if (data["timestamp"].get(seconds) != SUCCESS) {
    const std::string_view text = text_of(data, "timestamp");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) {
      return malformed("'timestamp' is not a number of seconds");
    }
  }
  if (!(seconds >= 0 && seconds <= kMostSeconds)) {
    return malformed("'timestamp' is not a time since 1970");
  }
  const auto microseconds = static_cast<std::uint64_t>(std::llround(seconds * 1e6));
  frame.at = {Time{Seconds{static_cast<std::int64_t>(microseconds / 1'000'000)}},
              static_cast<std::uint32_t>(microseconds % 1'000'000)};
  return {};
}

Status read_message(const object& data, RisFrame& frame) {
  if (const Status stamp = read_stamp(data, frame); !stamp) return stamp;
  const Result<IpAddress> peer = IpAddress::parse(text_of(data, "peer"));
  if (!peer) return malformed("'peer' is not an address");
  const auto asn = number_of(data, "peer_asn");
  if (!asn) return malformed("'peer_asn' is not a number");
  frame.peer = *peer;
  frame.peer_asn = Asn{*asn};
  frame.id = text_of(data, "id");
  const std::string_view host = text_of(data, "host");
  frame.host = host.substr(0, host.find('.'));
  if (!read_hex(text_of(data, "raw"), frame.raw)) return malformed("'raw' is not hexadecimal");

  const std::string_view type = text_of(data, "type");
  if (type == "UPDATE") {
    frame.kind = RisFrame::Kind::update;
    return read_update(data, frame);
  }
  if (type == "STATE" || type == "RIS_PEER_STATE") {
    frame.kind = RisFrame::Kind::state;
    return read_state(data, frame);
  }
  if (type == "KEEPALIVE") {
    frame.kind = RisFrame::Kind::keepalive;
  } else if (type == "OPEN") {
    frame.kind = RisFrame::Kind::open;
  } else if (type == "NOTIFICATION") {
    frame.kind = RisFrame::Kind::notification;
    object notification;
    if (data["notification"].get(notification) == SUCCESS) {
      frame.code = static_cast<std::uint8_t>(number_of(notification, "code").value_or(0));
      frame.subcode = static_cast<std::uint8_t>(number_of(notification, "subcode").value_or(0));
    }
  } else {
    frame.text = type.substr(0, 40);
  }
  return {};
}

}  // namespace

struct RisFrameParser::State {
  simdjson::dom::parser parser;
};

RisFrameParser::RisFrameParser() : state_(std::make_unique<State>()) {}
RisFrameParser::~RisFrameParser() = default;

Result<RisFrame> RisFrameParser::parse(std::string& line) {
  line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
  object whole;
  const auto error = state_->parser.parse(line).get(whole);
  if (error != SUCCESS)
    return malformed(fmt::format("not JSON: {}", simdjson::error_message(error)));
  RisFrame frame;
  const std::string_view type = text_of(whole, "type");
  object data;
  const bool has_data = whole["data"].get(data) == SUCCESS;
  if (type == "ris_message" && has_data) {
    if (const Status read = read_message(data, frame); !read) return read.error();
    return frame;
  }
  if (type == "ris_error") {
    frame.kind = RisFrame::Kind::error;
    frame.text = has_data ? text_of(data, "message") : text_of(whole, "data");
    return frame;
  }
  if (type.empty()) return malformed("no frame of RIS Live: it has no 'type'");
  frame.text = type.substr(0, 40);
  return frame;
}

}  // namespace lightsout::live
