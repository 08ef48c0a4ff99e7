// SPDX-License-Identifier: Apache-2.0
#include "bgp/update.h"

#include "bgp/attribute_walk.h"

namespace lightsout::bgp {
namespace {

std::uint32_t number32(Bytes bytes) {
  return ByteReader(bytes).u32();
}

IpAddress address4(Bytes bytes) {
  return IpAddress::v4(number32(bytes));
}

// Reads one attribute list. Notes the worst problem and keeps going, because what follows may still
// name the prefixes.
class AttributeReader {
 public:
  AttributeReader(AsnWidth width, AttributeForm form, Attributes& into)
      : width_(width), form_(form), into_(into) {}

  void cut_short() { bad("attribute is longer than its list"); }

  // RFC 7606 section 3 (g): of repeated attributes the first counts, except for the two that carry
  // prefixes, where a second one makes the message unreadable.
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
        return origin(value);
      case kAsPath:
        return path(value);
      case kNextHop:
        if (value.size() != 4) return bad("NEXT_HOP is not 4 bytes");
        into_.next_hop = address4(value);
        return;
      case kMed:
        if (value.size() != 4) return bad("MED is not 4 bytes");
        into_.med = number32(value);
        return;
      case kLocalPref:
        if (value.size() != 4) return bad("LOCAL_PREF is not 4 bytes");
        into_.local_pref = number32(value);
        return;
      case kAtomicAggregate:
        into_.atomic_aggregate = true;
        return;
      case kAggregator:
        return aggregator(value);
      case kCommunities:
        if (value.empty() || value.size() % 4 != 0) {
          return bad("COMMUNITIES is not a multiple of 4 bytes");
        }
        into_.communities = value;
        return;
      case kLargeCommunities:
        if (value.empty() || value.size() % 12 != 0) {
          return bad("LARGE_COMMUNITY is not a multiple of 12 bytes");
        }
        into_.large_communities = value;
        return;
      case kMpReach:
        return note_finding(read_reach(value, form_, into_.reach));
      case kMpUnreach:
        return note_finding(read_unreach(value, into_.unreach));
      case kAs4Path:
        as4_path_ = value;
        return;
      case kAs4Aggregator:
        as4_aggregator_ = value;
        return;
      default:
        return;  // valid and of no use to us
    }
  }

  // RFC 6793 section 4.2.3: only from a speaker of two-byte ASNs, and not when the AGGREGATOR shows
  // that a speaker in between did not know the AS4 attributes.
  void merge_as4() {
    if (width_ == AsnWidth::four) return;
    if (into_.aggregator && as4_aggregator_.size() == 8) {
      if (into_.aggregator->asn.number != kAsTrans) return;
      ByteReader reader(as4_aggregator_);
      const Asn asn{reader.u32()};
      into_.aggregator = Aggregator{.asn = asn, .address = IpAddress::v4(reader.u32())};
    }
    if (as4_path_.empty()) return;
    if (!AsPath::make(as4_path_, AsnWidth::four)) {
      return note(into_, Verdict::attribute_discarded, "AS4_PATH is malformed");
    }
    into_.path = into_.path.merged_with(as4_path_);
  }

 private:
  void bad(const char* problem) { note(into_, Verdict::treat_as_withdraw, problem); }

  void note_finding(const Finding& finding) { note(into_, finding.verdict, finding.problem); }

  void origin(Bytes value) {
    if (value.size() != 1 || value[0] > 2) {
      return bad("ORIGIN is not 0, 1 or 2");
    }
    into_.origin = static_cast<Origin>(value[0]);
    into_.has_origin = true;
  }

  void path(Bytes value) {
    const std::optional<AsPath> path = AsPath::make(value, width_);
    if (!path) return bad("AS_PATH is malformed");
    into_.path = *path;
    into_.has_path = true;
  }

  void aggregator(Bytes value) {
    const std::size_t width = static_cast<std::size_t>(width_);
    if (value.size() != width + 4) {
      return note(into_, Verdict::attribute_discarded, "AGGREGATOR has the wrong length");
    }
    ByteReader reader(value);
    const Asn asn{width == 2 ? reader.u16() : reader.u32()};
    into_.aggregator = Aggregator{.asn = asn, .address = IpAddress::v4(reader.u32())};
  }

  AsnWidth width_;
  AttributeForm form_;
  Attributes& into_;
  Bytes as4_path_;
  Bytes as4_aggregator_;
};

void choose_family(std::uint16_t afi, std::uint8_t safi, MultiProtocol& part) {
  part.family = afi == 1 ? Family::v4 : Family::v6;
  part.multicast = safi == 2;
  part.other_family = afi < 1 || afi > 2 || safi < 1 || safi > 2;
}

}  // namespace

std::optional<Message> read_message(Bytes bytes) {
  Message message;
  if (!read_message(bytes, message)) return std::nullopt;
  return message;
}

Verdict decode_attributes(Bytes bytes, AsnWidth width, AttributeForm form, Attributes& attributes) {
  attributes = Attributes{};
  AttributeReader reader(width, form, attributes);
  walk_attributes(bytes, reader);
  reader.merge_as4();
  return attributes.verdict;
}

Finding read_reach(Bytes value, AttributeForm form, std::optional<MultiProtocol>& into) {
  MultiProtocol part;
  // AFI 1 and 2 begin with a zero byte, the length of a next hop does not.
  if (form == AttributeForm::table && !value.empty() && value[0] != 0) {
    if (value.size() != 1u + value[0]) {
      return {Verdict::treat_as_withdraw, "next hop of MP_REACH_NLRI cut short"};
    }
    part.next_hop = value.subspan(1);
    into = part;
    return {};
  }
  ByteReader reader(value);
  const std::uint16_t afi = reader.u16();
  const std::uint8_t safi = reader.u8();
  part.next_hop = reader.take(reader.u8());
  reader.u8();  // reserved
  if (!reader.ok()) return {Verdict::unreadable, "MP_REACH_NLRI cut short"};
  choose_family(afi, safi, part);
  if (!part.other_family) part.nlri = reader.rest();
  into = part;
  return {};
}

Finding read_unreach(Bytes value, std::optional<MultiProtocol>& into) {
  MultiProtocol part;
  ByteReader reader(value);
  const std::uint16_t afi = reader.u16();
  choose_family(afi, reader.u8(), part);
  if (!reader.ok()) return {Verdict::unreadable, "MP_UNREACH_NLRI cut short"};
  if (!part.other_family) part.nlri = reader.rest();
  into = part;
  return {};
}

Verdict decode_update(Bytes body, AsnWidth width, UpdateView& update, NlriForms forms) {
  ByteReader reader(body);
  update.withdrawn = reader.take(reader.u16());
  const Bytes attributes = reader.take(reader.u16());
  update.nlri = reader.rest();
  decode_attributes(attributes, width, AttributeForm::message, update.attributes);
  if (!reader.ok()) note(update.attributes, Verdict::unreadable, "UPDATE cut short");
  check_fields(update, update.attributes, forms, update.attributes.next_hop.has_value());
  return update.attributes.verdict;
}

bool UpdateView::end_of_rib() const {
  if (!withdrawn.empty() || !nlri.empty()) return false;
  if (attributes.reach && !attributes.reach->nlri.empty()) return false;
  if (attributes.unreach) return attributes.unreach->nlri.empty();
  return !attributes.has_origin && !attributes.has_path;
}

}  // namespace lightsout::bgp
