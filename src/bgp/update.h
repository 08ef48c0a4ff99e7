// A BGP UPDATE as a view of its bytes: what is withdrawn, what is announced, with which attributes.
//
// Nothing is copied and nothing is allocated: spans point into the message, which must outlive the
// view. Every prefix field is checked before the view is handed out, so a message is taken whole or
// not at all.
//
// The surprising rule is RFC 7606: a message with a damaged attribute is not thrown away. Its
// announcements count as withdrawals (Verdict::treat_as_withdraw), because the routes that it
// replaces are gone in any case; only damage that hides the prefixes themselves is `unreadable`.
//
//   UpdateView update;
//   if (decode_update(body, AsnWidth::four, update) == Verdict::unreadable) return update.problem;
//   for_each_prefix(update.nlri, Family::v4, [&](const Prefix& prefix) { ... });
//
// RFC 4271 (messages), 4760 (MP_REACH, MP_UNREACH), 6793 (four-byte ASNs), 7606 (errors).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "bgp/as_path.h"
#include "core/byte_reader.h"
#include "net/prefix.h"

namespace lightsout::bgp {

enum class MessageType : std::uint8_t { open = 1, update, notification, keepalive, refresh };

struct Message {
  std::uint8_t type = 0;  // a MessageType, or one that we do not know
  Bytes body;
};

// RFC 4271 section 4.1; the 16 marker bytes are not looked at. RFC 8654 allows 65,535 bytes, so the
// length field is the only limit.
std::optional<Message> read_message(Bytes bytes);

enum class Verdict : std::uint8_t {
  good,
  attribute_discarded,  // one attribute could not be read and does not matter
  treat_as_withdraw,    // read the announced prefixes as withdrawn
  unreadable,           // nothing of it may be used
};

enum class Origin : std::uint8_t { igp, egp, incomplete };

// One address family of MP_REACH_NLRI or MP_UNREACH_NLRI. Only unicast (SAFI 1) and multicast (2)
// of IPv4 and IPv6 are read; for all others `nlri` stays empty and `other_family` is set.
struct MultiProtocol {
  Family family = Family::v6;
  bool multicast = false;
  bool other_family = false;
  Bytes next_hop;
  Bytes nlri;
};

struct Aggregator {
  Asn asn;
  IpAddress address;
};

struct Attributes {
  Origin origin = Origin::incomplete;
  AsPath path;                        // AS4_PATH already merged in
  std::optional<IpAddress> next_hop;  // the NEXT_HOP attribute; IPv6 has its own in `reach`
  std::optional<std::uint32_t> med;
  std::optional<std::uint32_t> local_pref;
  std::optional<Aggregator> aggregator;
  bool atomic_aggregate = false;
  bool has_origin = false;
  bool has_path = false;
  Bytes communities;        // four bytes each, RFC 1997
  Bytes large_communities;  // twelve bytes each, RFC 8092
  std::optional<MultiProtocol> reach;
  std::optional<MultiProtocol> unreach;

  Verdict verdict = Verdict::good;
  const char* problem = nullptr;  // a sentence, when the verdict is not good
};

// RFC 6396 section 4.3.4 keeps only the next hop of MP_REACH_NLRI in a routing table; some writers
// keep all of it. Both are read where `table` is given.
enum class AttributeForm { message, table };

Verdict decode_attributes(Bytes bytes, AsnWidth width, AttributeForm form, Attributes& attributes);

struct UpdateView {
  Bytes withdrawn;  // IPv4 unicast
  Bytes nlri;       // IPv4 unicast
  Attributes attributes;

  bool end_of_rib() const;  // RFC 4724 section 2: an update that says nothing
};

// An unreadable update still shows the fields that could be found: for_each_prefix() on them ends
// at the damage. That is for people who look (mrt dump), not for state.
Verdict decode_update(Bytes body, AsnWidth width, UpdateView& update);

// Calls `use(prefix)` for each prefix of a field; it ends at the first one that cannot be read.
template <typename Use>
void for_each_prefix(Bytes nlri, Family family, Use&& use) {
  ByteReader reader(nlri);
  while (!reader.empty()) {
    const std::optional<Prefix> prefix = Prefix::try_decode(reader, family);
    if (!prefix) return;
    use(*prefix);
  }
}

// Calls `withdraw(prefix)` and `announce(prefix)` for everything that the message says about
// unicast routes, in the order in which BGP applies it: withdrawals first. RFC 7606 is applied; an
// unreadable update calls neither.
template <typename Withdraw, typename Announce>
void for_each_change(const UpdateView& update, Withdraw&& withdraw, Announce&& announce) {
  const Attributes& attributes = update.attributes;
  if (attributes.verdict == Verdict::unreadable) return;
  for_each_prefix(update.withdrawn, Family::v4, withdraw);
  if (attributes.unreach && !attributes.unreach->multicast) {
    for_each_prefix(attributes.unreach->nlri, attributes.unreach->family, withdraw);
  }
  const bool withdrawn = attributes.verdict == Verdict::treat_as_withdraw;
  const auto announced = [&](Bytes nlri, Family family) {
    if (withdrawn) {
      for_each_prefix(nlri, family, withdraw);
    } else {
      for_each_prefix(nlri, family, announce);
    }
  };
  announced(update.nlri, Family::v4);
  if (attributes.reach && !attributes.reach->multicast) {
    announced(attributes.reach->nlri, attributes.reach->family);
  }
}

}  // namespace lightsout::bgp
