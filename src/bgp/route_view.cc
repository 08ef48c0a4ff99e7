// SPDX-License-Identifier: Apache-2.0
#include "bgp/route_view.h"

#include "bgp/attribute_walk.h"

namespace lightsout::bgp {
namespace {

std::uint32_t asn_at(const std::uint8_t* at, AsnWidth width) {
  return width == AsnWidth::four ? number_at<std::uint32_t>(at) : number_at<std::uint16_t>(at);
}

// Not `route = RouteView{}`: a table has tens of millions of entries, and most of a RouteView is
// the two parts that they do not have.
void reset(RouteView& route, AsnWidth width) {
  route.path = {};
  route.as4_path = {};
  route.width = width;
  route.first_asn = 0;
  route.origin_asn = 0;
  route.has_origin = false;
  route.has_path = false;
  route.has_next_hop = false;
  route.verdict = Verdict::good;
  route.problem = nullptr;
  route.reach.reset();
  route.unreach.reset();
}

// What is asked of the length of an attribute whose value is not looked at. A table, because the
// order of attributes differs from route to route and a switch would be guessed wrong each time.
struct LengthRule {
  std::uint16_t least = 0;
  std::uint16_t most = 0xffff;
  std::uint8_t no_remainder = 0;  // these bits of the length are zero
  bool more = false;              // RouteReader::look_at()
  const char* problem = nullptr;
};

struct LengthRules {
  LengthRule of[256] = {};
  constexpr LengthRules() {
    for (const AttributeType type : {kOrigin, kAsPath, kNextHop, kAggregator, kLargeCommunities,
                                     kMpReach, kMpUnreach, kAs4Path, kAs4Aggregator}) {
      of[type].more = true;
    }
    of[kMed] = {.least = 4, .most = 4, .problem = "MED is not 4 bytes"};
    of[kLocalPref] = {.least = 4, .most = 4, .problem = "LOCAL_PREF is not 4 bytes"};
    of[kCommunities] = {
        .least = 4, .no_remainder = 3, .problem = "COMMUNITIES is not a multiple of 4 bytes"};
  }
};

constexpr LengthRules kLengthRules;

class RouteReader {
 public:
  RouteReader(AsnWidth width, AttributeForm form, RouteView& into)
      : width_(width), form_(form), into_(into) {}

  void cut_short() { bad("attribute is longer than its list"); }

  void repeated(std::uint8_t type) {
    if (type == kMpReach || type == kMpUnreach) {
      note(into_, Verdict::unreadable, "MP_REACH_NLRI or MP_UNREACH_NLRI stands twice");
    } else {
      note(into_, Verdict::attribute_discarded, "an attribute stands twice");
    }
  }

  void attribute(std::uint8_t type, Bytes value) {
    const LengthRule& rule = kLengthRules.of[type];
    if (!rule.more) {
      const bool fits = value.size() >= rule.least && value.size() <= rule.most &&
                        (value.size() & rule.no_remainder) == 0;
      if (!fits) bad(rule.problem);
      return;
    }
    look_at(type, value);
  }

  void finish() {
    if (width_ == AsnWidth::two && !as4_path_.empty()) merge_as4();
  }

 private:
  void look_at(std::uint8_t type, Bytes value) {
    switch (type) {
      case kOrigin:
        if (value.size() != 1 || value[0] > 2) return bad("ORIGIN is not 0, 1 or 2");
        into_.has_origin = true;
        return;
      case kAsPath:
        return path(value);
      case kNextHop:
        if (value.size() != 4) return bad("NEXT_HOP is not 4 bytes");
        into_.has_next_hop = true;
        return;
      case kAggregator:
        return aggregator(value);
      case kLargeCommunities:
        if (value.empty() || value.size() % 12 != 0) {
          bad("LARGE_COMMUNITY is not a multiple of 12 bytes");
        }
        return;
      case kMpReach:
        return note_finding(read_reach(value, form_, into_.reach));
      case kMpUnreach:
        return note_finding(read_unreach(value, into_.unreach));
      case kAs4Path:
        as4_path_ = value;
        return;
      case kAs4Aggregator:
        has_as4_aggregator_ = value.size() == 8;
        return;
      default:
        return;
    }
  }

  void bad(const char* problem) { note(into_, Verdict::treat_as_withdraw, problem); }

  void note_finding(const Finding& finding) { note(into_, finding.verdict, finding.problem); }

  void path(Bytes value) {
    // Nearly every path is one sequence.
    const std::size_t width = static_cast<std::size_t>(width_);
    const bool one_sequence = value.size() > 2 && value[1] != 0 &&
                              value[0] == static_cast<std::uint8_t>(SegmentType::sequence) &&
                              value.size() == 2 + width * value[1];
    if (one_sequence) {
      into_.first_asn = asn_at(value.data() + 2, width_);
      into_.origin_asn = asn_at(value.data() + value.size() - width, width_);
    } else {
      const std::optional<AsPath> path = AsPath::make(value, width_);
      if (!path) return bad("AS_PATH is malformed");
      set_ends(*path);
    }
    into_.path = value;
    into_.has_path = true;
  }

  void set_ends(const AsPath& path) {
    into_.first_asn = path.first().value_or(Asn{}).number;
    into_.origin_asn = path.origin().value_or(Asn{}).number;
  }

  void aggregator(Bytes value) {
    const std::size_t width = static_cast<std::size_t>(width_);
    if (value.size() != width + 4) {
      return note(into_, Verdict::attribute_discarded, "AGGREGATOR has the wrong length");
    }
    aggregator_is_known_ = asn_at(value.data(), width_) != kAsTrans;
  }

  // The same rule as in update.cc: an AGGREGATOR that is not AS_TRANS tells that somebody in
  // between did not know the AS4 attributes.
  void merge_as4() {
    if (aggregator_is_known_ && has_as4_aggregator_) return;
    if (!AsPath::make(as4_path_, AsnWidth::four)) {
      return note(into_, Verdict::attribute_discarded, "AS4_PATH is malformed");
    }
    into_.as4_path = as4_path_;
    set_ends(into_.as_path());
  }

  AsnWidth width_;
  AttributeForm form_;
  RouteView& into_;
  Bytes as4_path_;
  bool has_as4_aggregator_ = false;
  bool aggregator_is_known_ = false;
};

}  // namespace

AsPath RouteView::as_path() const {
  const AsPath own = AsPath::make(path, width).value_or(AsPath());
  return as4_path.empty() ? own : own.merged_with(as4_path);
}

namespace {

// Nearly every list begins with ORIGIN, AS_PATH of one sequence, and NEXT_HOP, as RFC 4271 orders
// them. Reads as many of them as stand there in that form, and says which and how many bytes: the
// walk over the rest need not know.
struct Beginning {
  std::size_t bytes = 0;
  std::uint64_t seen = 0;
};

Beginning usual_beginning(Bytes bytes, AsnWidth width, RouteView& route) {
  constexpr std::size_t kOriginBytes = 4;
  constexpr std::size_t kPathHead = 5;  // flags, type, length, kind of segment, hops
  if (bytes.size() < kOriginBytes + kPathHead) return {};
  const std::uint8_t* const at = bytes.data();
  const bool usual = (number_at<std::uint32_t>(at) & 0xffffff00) == 0x40010100 && at[3] <= 2 &&
                     (number_at<std::uint32_t>(at + 4) & 0xffff00ff) == 0x40020002;
  const std::size_t hop_bytes = at[8] * static_cast<std::size_t>(width);
  if (!usual || hop_bytes == 0 || at[6] != 2 + hop_bytes) return {};
  const std::size_t path_end = kOriginBytes + kPathHead + hop_bytes;
  if (bytes.size() < path_end) return {};
  route.has_origin = true;
  route.has_path = true;
  route.path = bytes.subspan(kOriginBytes + 3, 2 + hop_bytes);
  route.first_asn = asn_at(at + 9, width);
  route.origin_asn = asn_at(at + path_end - static_cast<std::size_t>(width), width);
  Beginning found{path_end, bit_of(kOrigin) | bit_of(kAsPath)};
  constexpr std::size_t kNextHopBytes = 7;
  if (bytes.size() >= path_end + kNextHopBytes &&
      (number_at<std::uint32_t>(at + path_end) & 0xffffff00) == 0x40030400) {
    route.has_next_hop = true;
    found.bytes += kNextHopBytes;
    found.seen |= bit_of(kNextHop);
  }
  return found;
}

[[gnu::noinline]] Verdict read_rest(Bytes attributes, std::uint64_t seen, AttributeForm form,
                                    RouteView& route) {
  RouteReader reader(route.width, form, route);
  walk_attributes(attributes, reader, seen);
  reader.finish();
  return route.verdict;
}

}  // namespace

Verdict decode_route(Bytes attributes, AsnWidth width, AttributeForm form, RouteView& route) {
  reset(route, width);
  const Beginning begin = usual_beginning(attributes, width, route);
  if (begin.bytes == attributes.size()) return Verdict::good;
  return read_rest(attributes.subspan(begin.bytes), begin.seen, form, route);
}

Verdict decode_update(Bytes body, AsnWidth width, RouteUpdate& update, NlriForms forms) {
  ByteReader reader(body);
  update.withdrawn = reader.take(reader.u16());
  const Bytes attributes = reader.take(reader.u16());
  update.nlri = reader.rest();
  decode_route(attributes, width, AttributeForm::message, update.route);
  if (!reader.ok()) note(update.route, Verdict::unreadable, "UPDATE cut short");
  check_fields(update, update.route, forms, update.route.has_next_hop);
  return update.route.verdict;
}

bool RouteUpdate::end_of_rib() const {
  if (!withdrawn.empty() || !nlri.empty()) return false;
  if (route.reach && !route.reach->nlri.empty()) return false;
  if (route.unreach) return route.unreach->nlri.empty();
  return !route.has_origin && !route.has_path;
}

}  // namespace lightsout::bgp
