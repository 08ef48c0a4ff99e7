// SPDX-License-Identifier: Apache-2.0
#include "bgp/route_view.h"

#include "bgp/attribute_walk.h"

namespace lightsout::bgp {
namespace {

std::uint32_t number_at(const std::uint8_t* at, AsnWidth width) {
  return width == AsnWidth::four ? ByteReader(Bytes(at, 4)).u32() : ByteReader(Bytes(at, 2)).u16();
}

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
      case kMed:
        if (value.size() != 4) bad("MED is not 4 bytes");
        return;
      case kLocalPref:
        if (value.size() != 4) bad("LOCAL_PREF is not 4 bytes");
        return;
      case kAggregator:
        return aggregator(value);
      case kCommunities:
        if (value.empty() || value.size() % 4 != 0) {
          bad("COMMUNITIES is not a multiple of 4 bytes");
        }
        return;
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

  void finish() {
    if (width_ == AsnWidth::two && !as4_path_.empty()) merge_as4();
  }

 private:
  void bad(const char* problem) { note(into_, Verdict::treat_as_withdraw, problem); }

  void note_finding(const Finding& finding) { note(into_, finding.verdict, finding.problem); }

  void path(Bytes value) {
    // Nearly every path is one sequence.
    const std::size_t width = static_cast<std::size_t>(width_);
    const bool one_sequence = value.size() > 2 && value[1] != 0 &&
                              value[0] == static_cast<std::uint8_t>(SegmentType::sequence) &&
                              value.size() == 2 + width * value[1];
    if (one_sequence) {
      into_.first_asn = number_at(value.data() + 2, width_);
      into_.origin_asn = number_at(value.data() + value.size() - width, width_);
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
    aggregator_is_known_ = number_at(value.data(), width_) != kAsTrans;
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

Verdict decode_route(Bytes attributes, AsnWidth width, AttributeForm form, RouteView& route) {
  route = RouteView{};
  route.width = width;
  RouteReader reader(width, form, route);
  walk_attributes(attributes, reader);
  reader.finish();
  return route.verdict;
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
