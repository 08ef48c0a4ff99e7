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
// Two views of one message: UpdateView has every attribute that people ask for, RouteUpdate
// (bgp/route_view.h) only what routing needs, in half the time. They never disagree about a
// verdict.
//
// RFC 4271 (messages), 4760 (MP_REACH, MP_UNREACH), 6793 (four-byte ASNs), 7606 (errors), 7911
// (path identifiers), 8654 (messages up to 65,535 bytes).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "bgp/as_path.h"
#include "bgp/nlri.h"
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

// The same in place: false, and `message` is unchanged, where there is none.
inline bool read_message(Bytes bytes, Message& message) {
  constexpr std::size_t kHeaderBytes = 19;
  if (bytes.size() < kHeaderBytes) return false;
  const std::size_t length = number_at<std::uint16_t>(bytes.data() + 16);
  if (length < kHeaderBytes || length > bytes.size()) return false;
  message.type = bytes[18];
  message.body = bytes.subspan(kHeaderBytes, length - kHeaderBytes);
  return true;
}

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
  NlriForm form = NlriForm::plain;
  Bytes next_hop;
  Bytes nlri;
};

// In which form the sender writes prefixes; ADD-PATH is negotiated for each family.
struct NlriForms {
  NlriForm v4 = NlriForm::plain;
  NlriForm v6 = NlriForm::plain;
  NlriForm of(Family family) const { return family == Family::v4 ? v4 : v6; }
  bool operator==(const NlriForms&) const = default;
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
  Bytes withdrawn;                  // IPv4 unicast
  Bytes nlri;                       // IPv4 unicast
  NlriForm form = NlriForm::plain;  // of these two
  bool odd = false;                 // a field of prefixes looks strange, see NlriCheck
  Attributes attributes;

  bool end_of_rib() const;  // RFC 4724 section 2: an update that says nothing
};

// An unreadable update still shows the fields that could be found: for_each_prefix() on them ends
// at the damage. That is for people who look (mrt dump), not for state. Of MRT records, let
// AddPathMemory (mrt/add_path.h) choose the forms.
Verdict decode_update(Bytes body, AsnWidth width, UpdateView& update, NlriForms forms = {});

// Calls `use(prefix)` for each prefix of a plain field; it ends at the first one that cannot be
// read.
template <typename Use>
void for_each_prefix(Bytes nlri, Family family, Use&& use) {
  for_each_nlri(nlri, family, NlriForm::plain, use);
}

// The body of both for_each_change(): `view` is an UpdateView or a RouteUpdate, `route` its
// attributes.
template <typename View, typename Route, typename Withdraw, typename Announce>
void for_each_change_of(const View& view, const Route& route, Withdraw&& withdraw,
                        Announce&& announce) {
  if (route.verdict == Verdict::unreadable) return;
  for_each_nlri(view.withdrawn, Family::v4, view.form, withdraw);
  if (route.unreach && !route.unreach->multicast) {
    for_each_nlri(route.unreach->nlri, route.unreach->family, route.unreach->form, withdraw);
  }
  const bool withdrawn = route.verdict == Verdict::treat_as_withdraw;
  const auto announced = [&](Bytes nlri, Family family, NlriForm form) {
    if (withdrawn) {
      for_each_nlri(nlri, family, form, withdraw);
    } else {
      for_each_nlri(nlri, family, form, announce);
    }
  };
  announced(view.nlri, Family::v4, view.form);
  if (route.reach && !route.reach->multicast) {
    announced(route.reach->nlri, route.reach->family, route.reach->form);
  }
}

// Calls `withdraw(prefix)` and `announce(prefix)` for everything that the message says about
// unicast routes, in the order in which BGP applies it: withdrawals first. Either may take a second
// argument, the path id (a std::optional, empty where there is none). RFC 7606 is applied; an
// unreadable update calls neither.
template <typename Withdraw, typename Announce>
void for_each_change(const UpdateView& update, Withdraw&& withdraw, Announce&& announce) {
  for_each_change_of(update, update.attributes, withdraw, announce);
}

}  // namespace lightsout::bgp
