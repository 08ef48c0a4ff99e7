// SPDX-License-Identifier: Apache-2.0
#include "bgp/update.h"

#include <algorithm>

namespace lightsout::bgp {
namespace {

constexpr std::size_t kHeaderBytes = 19;
constexpr std::uint32_t kAsTrans = 23456;  // RFC 6793 section 9

enum AttributeType : std::uint8_t {
  kOrigin = 1,
  kAsPath = 2,
  kNextHop = 3,
  kMed = 4,
  kLocalPref = 5,
  kAtomicAggregate = 6,
  kAggregator = 7,
  kCommunities = 8,
  kMpReach = 14,
  kMpUnreach = 15,
  kAs4Path = 17,
  kAs4Aggregator = 18,
  kLargeCommunities = 32,
};

bool prefixes_are_whole(Bytes nlri, Family family) {
  ByteReader reader(nlri);
  while (!reader.empty()) {
    const unsigned length = reader.u8();
    if (length > max_length(family)) return false;
    reader.take((length + 7) / 8);
  }
  return reader.ok();
}

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

  Verdict read(Bytes bytes) {
    ByteReader reader(bytes);
    while (!reader.empty()) {
      const std::uint8_t flags = reader.u8();
      const std::uint8_t type = reader.u8();
      const bool extended = (flags & 0x10) != 0;
      const std::size_t length = extended ? reader.u16() : reader.u8();
      const Bytes value = reader.take(length);
      if (!reader.ok()) {
        note(Verdict::treat_as_withdraw, "attribute is longer than its list");
        break;
      }
      if (first_of_its_type(type)) attribute(type, value);
    }
    merge_as4();
    return into_.verdict;
  }

 private:
  void note(Verdict verdict, const char* problem) {
    if (verdict <= into_.verdict) return;
    into_.verdict = verdict;
    into_.problem = problem;
  }

  // RFC 7606 section 3 (g): of repeated attributes the first counts, except for the two that carry
  // prefixes, where a second one makes the message unreadable.
  bool first_of_its_type(std::uint8_t type) {
    std::uint64_t& word = seen_[type / 64];
    const std::uint64_t bit = std::uint64_t{1} << type % 64;
    if ((word & bit) == 0) {
      word |= bit;
      return true;
    }
    if (type == kMpReach || type == kMpUnreach) {
      note(Verdict::unreadable, "MP_REACH_NLRI or MP_UNREACH_NLRI stands twice");
    } else {
      note(Verdict::attribute_discarded, "an attribute stands twice");
    }
    return false;
  }

  void attribute(std::uint8_t type, Bytes value) {
    switch (type) {
      case kOrigin:
        return origin(value);
      case kAsPath:
        return path(value);
      case kNextHop:
        if (value.size() != 4) return note(Verdict::treat_as_withdraw, "NEXT_HOP is not 4 bytes");
        into_.next_hop = address4(value);
        return;
      case kMed:
        if (value.size() != 4) return note(Verdict::treat_as_withdraw, "MED is not 4 bytes");
        into_.med = number32(value);
        return;
      case kLocalPref:
        if (value.size() != 4) return note(Verdict::treat_as_withdraw, "LOCAL_PREF is not 4 bytes");
        into_.local_pref = number32(value);
        return;
      case kAtomicAggregate:
        into_.atomic_aggregate = true;
        return;
      case kAggregator:
        return aggregator(value);
      case kCommunities:
        if (value.empty() || value.size() % 4 != 0) {
          return note(Verdict::treat_as_withdraw, "COMMUNITIES is not a multiple of 4 bytes");
        }
        into_.communities = value;
        return;
      case kLargeCommunities:
        if (value.empty() || value.size() % 12 != 0) {
          return note(Verdict::treat_as_withdraw, "LARGE_COMMUNITY is not a multiple of 12 bytes");
        }
        into_.large_communities = value;
        return;
      case kMpReach:
        return reach(value);
      case kMpUnreach:
        return unreach(value);
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

  void origin(Bytes value) {
    if (value.size() != 1 || value[0] > 2) {
      return note(Verdict::treat_as_withdraw, "ORIGIN is not 0, 1 or 2");
    }
    into_.origin = static_cast<Origin>(value[0]);
    into_.has_origin = true;
  }

  void path(Bytes value) {
    const std::optional<AsPath> path = AsPath::make(value, width_);
    if (!path) return note(Verdict::treat_as_withdraw, "AS_PATH is malformed");
    into_.path = *path;
    into_.has_path = true;
  }

  void aggregator(Bytes value) {
    const std::size_t width = static_cast<std::size_t>(width_);
    if (value.size() != width + 4) {
      return note(Verdict::attribute_discarded, "AGGREGATOR has the wrong length");
    }
    ByteReader reader(value);
    const Asn asn{width == 2 ? reader.u16() : reader.u32()};
    into_.aggregator = Aggregator{.asn = asn, .address = IpAddress::v4(reader.u32())};
  }

  static void choose_family(std::uint16_t afi, std::uint8_t safi, MultiProtocol& part) {
    part.family = afi == 1 ? Family::v4 : Family::v6;
    part.multicast = safi == 2;
    part.other_family = afi < 1 || afi > 2 || safi < 1 || safi > 2;
  }

  void reach(Bytes value) {
    MultiProtocol part;
    // AFI 1 and 2 begin with a zero byte, the length of a next hop does not.
    if (form_ == AttributeForm::table && !value.empty() && value[0] != 0) {
      if (value.size() != 1u + value[0]) {
        return note(Verdict::treat_as_withdraw, "next hop of MP_REACH_NLRI cut short");
      }
      part.next_hop = value.subspan(1);
      into_.reach = part;
      return;
    }
    ByteReader reader(value);
    const std::uint16_t afi = reader.u16();
    const std::uint8_t safi = reader.u8();
    part.next_hop = reader.take(reader.u8());
    reader.u8();  // reserved
    if (!reader.ok()) return note(Verdict::unreadable, "MP_REACH_NLRI cut short");
    choose_family(afi, safi, part);
    if (!part.other_family) part.nlri = reader.take(reader.remaining());
    into_.reach = part;
    if (form_ == AttributeForm::message && !prefixes_are_whole(part.nlri, part.family)) {
      note(Verdict::unreadable, "prefix in MP_REACH_NLRI is malformed");
    }
  }

  void unreach(Bytes value) {
    MultiProtocol part;
    ByteReader reader(value);
    const std::uint16_t afi = reader.u16();
    choose_family(afi, reader.u8(), part);
    if (!reader.ok()) return note(Verdict::unreadable, "MP_UNREACH_NLRI cut short");
    if (!part.other_family) part.nlri = reader.take(reader.remaining());
    into_.unreach = part;
    if (!prefixes_are_whole(part.nlri, part.family)) {
      note(Verdict::unreadable, "prefix in MP_UNREACH_NLRI is malformed");
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
    if (!as4_path_.empty()) into_.path = into_.path.merged_with(as4_path_);
  }

  AsnWidth width_;
  AttributeForm form_;
  Attributes& into_;
  std::uint64_t seen_[4] = {};
  Bytes as4_path_;
  Bytes as4_aggregator_;
};

void note(Attributes& attributes, Verdict verdict, const char* problem) {
  if (verdict <= attributes.verdict) return;
  attributes.verdict = verdict;
  attributes.problem = problem;
}

// RFC 7606 section 3 (d): a well-known attribute that is missing.
void check_mandatory(UpdateView& update) {
  Attributes& attributes = update.attributes;
  const bool announces =
      !update.nlri.empty() || (attributes.reach.has_value() && !attributes.reach->nlri.empty());
  if (!announces) return;
  if (!attributes.has_origin) note(attributes, Verdict::treat_as_withdraw, "ORIGIN is missing");
  if (!attributes.has_path) note(attributes, Verdict::treat_as_withdraw, "AS_PATH is missing");
  if (!update.nlri.empty() && !attributes.next_hop) {
    note(attributes, Verdict::treat_as_withdraw, "NEXT_HOP is missing");
  }
}

}  // namespace

std::optional<Message> read_message(Bytes bytes) {
  ByteReader reader(bytes);
  reader.take(16);
  const std::size_t length = reader.u16();
  const std::uint8_t type = reader.u8();
  if (!reader.ok() || length < kHeaderBytes) return std::nullopt;
  const Bytes body = reader.take(length - kHeaderBytes);
  if (!reader.ok()) return std::nullopt;
  return Message{.type = type, .body = body};
}

Verdict decode_attributes(Bytes bytes, AsnWidth width, AttributeForm form, Attributes& attributes) {
  attributes = Attributes{};
  return AttributeReader(width, form, attributes).read(bytes);
}

Verdict decode_update(Bytes body, AsnWidth width, UpdateView& update) {
  update.withdrawn = {};
  update.nlri = {};
  ByteReader reader(body);
  const Bytes withdrawn = reader.take(reader.u16());
  const Bytes attributes = reader.take(reader.u16());
  const Bytes nlri = reader.take(reader.remaining());
  decode_attributes(attributes, width, AttributeForm::message, update.attributes);
  if (!reader.ok()) {
    note(update.attributes, Verdict::unreadable, "UPDATE cut short");
  } else if (!prefixes_are_whole(withdrawn, Family::v4)) {
    note(update.attributes, Verdict::unreadable, "withdrawn prefix is malformed");
  } else if (!prefixes_are_whole(nlri, Family::v4)) {
    note(update.attributes, Verdict::unreadable, "announced prefix is malformed");
  }
  update.withdrawn = withdrawn;
  update.nlri = nlri;
  check_mandatory(update);
  return update.attributes.verdict;
}

bool UpdateView::end_of_rib() const {
  if (!withdrawn.empty() || !nlri.empty()) return false;
  if (attributes.reach && !attributes.reach->nlri.empty()) return false;
  if (attributes.unreach) return attributes.unreach->nlri.empty();
  return !attributes.has_origin && !attributes.has_path;
}

}  // namespace lightsout::bgp
