// AddPathMemory: in which form each session writes its prefixes.
//
// RFC 8050 has subtypes for sessions with ADD-PATH, but collectors have written their messages
// under the plain subtypes for years. Read as plain, a path id of 1 becomes three default routes
// and a /1, and a table fills up with 250.0.0.0/208. Nothing in a message tells the form, so it is
// learned for each session and family: from the OPENs when the file has them, else from the first
// message that makes sense in one form only. The surprising part is that what was learned may be
// wrong and is given up again as soon as a message contradicts it.
//
//   AddPathMemory memory;
//   const bgp::Verdict verdict = memory.decode(entry, update);   // instead of bgp::decode_update()
//
// What is strange in both forms stays as the session writes otherwise; what is strange as plain and
// flawless with path ids is believed at once when it has two prefixes or a small path id, else the
// second time. Docs: docs/formats/mrt.md.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

#include "bgp/route_view.h"
#include "mrt/record.h"

namespace lightsout::mrt {

class AddPathMemory {
 public:
  // The largest collectors have some 1,000 sessions. Beyond the limit nothing is learned.
  static constexpr std::size_t kMaxSessions = 16'384;

  struct Totals {
    std::uint64_t messages = 0;   // read with path ids, though their records do not say so
    std::uint64_t learned = 0;    // times that a session and family turned to path ids
    std::uint64_t reverted = 0;   // and back
    std::uint64_t undecided = 0;  // messages with strange prefixes that no form explains
    std::uint64_t not_known = 0;  // messages of sessions beyond kMaxSessions that were looked at
    bool operator==(const Totals&) const = default;
  };

  // `entry` is a message of type UPDATE; `update` an UpdateView or a RouteUpdate.
  template <typename Update>
  bgp::Verdict decode(const Bgp4mp& entry, Update& update) {
    bgp::NlriForms forms;
    if (entry.add_path) {
      forms = {.v4 = bgp::NlriForm::add_path, .v6 = bgp::NlriForm::add_path};
    } else if (turned_ > 0) {
      forms = remembered(entry.session);
    }
    const bgp::Verdict verdict = bgp::decode_update(entry.message.body, entry.width, update, forms);
    if (forms == bgp::NlriForms{} ? !update.odd : entry.add_path) return verdict;
    const bgp::NlriForms better = reconsider(entry.session, fields_of(update), forms);
    if (better == forms) return verdict;
    return bgp::decode_update(entry.message.body, entry.width, update, better);
  }

  // The same by this message alone, for readers that share out records among threads: a message
  // that only its session's history explains is read as plain.
  template <typename Update>
  static bgp::Verdict decode_alone(const Bgp4mp& entry, Update& update) {
    bgp::NlriForms forms;
    if (entry.add_path) {
      forms = {.v4 = bgp::NlriForm::add_path, .v6 = bgp::NlriForm::add_path};
    }
    const bgp::Verdict verdict = bgp::decode_update(entry.message.body, entry.width, update, forms);
    if (!update.odd || entry.add_path) return verdict;
    const bgp::NlriForms better = forms_alone(fields_of(update));
    if (better == forms) return verdict;
    return bgp::decode_update(entry.message.body, entry.width, update, better);
  }

  // `entry` is a message of type OPEN. Without the capability the session is plain for certain.
  void open(const Bgp4mp& entry);

  const Totals& totals() const { return totals_; }
  std::size_t sessions() const { return sessions_.size(); }

 private:
  struct Key {
    IpAddress address;
    Asn asn;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  // What is known of one family of one session.
  struct Memory {
    bool add_path = false;
    bool large_ids = false;   // it has sent ids above 65,535
    bool never = false;       // the peer's OPEN has no ADD-PATH
    std::uint8_t doubts = 0;  // messages that spoke for path ids, but not surely
    bool peer_sends = false;
    bool collector_receives = false;
  };
  struct Both {
    Memory v4, v6;
    Memory& of(Family family) { return family == Family::v4 ? v4 : v6; }
  };
  // The fields of prefixes of one message, by family.
  struct Fields {
    Bytes v4[4];
    Bytes v6[2];
    std::size_t v4_count = 0;
    std::size_t v6_count = 0;
  };

  template <typename Route>
  static void add_multi_protocol(const Route& route, Fields& fields) {
    for (const auto* part : {&route.unreach, &route.reach}) {
      if (!*part || (*part)->nlri.empty()) continue;
      if ((*part)->family == Family::v4) {
        fields.v4[fields.v4_count++] = (*part)->nlri;
      } else {
        fields.v6[fields.v6_count++] = (*part)->nlri;
      }
    }
  }
  template <typename Update>
  static Fields fields_of(const Update& update) {
    Fields fields;
    if (!update.withdrawn.empty()) fields.v4[fields.v4_count++] = update.withdrawn;
    if (!update.nlri.empty()) fields.v4[fields.v4_count++] = update.nlri;
    if constexpr (requires { update.route; }) {
      add_multi_protocol(update.route, fields);
    } else {
      add_multi_protocol(update.attributes, fields);
    }
    return fields;
  }

  static bgp::NlriForms forms_alone(const Fields& fields);
  bgp::NlriForms remembered(const Session& session) const;
  bgp::NlriForms reconsider(const Session& session, const Fields& fields, bgp::NlriForms forms);
  bgp::NlriForm reconsider(Memory& memory, std::span<const Bytes> fields, Family family);
  Both* find_or_add(const Session& session);
  void turn(Memory& memory, bool add_path);

  std::unordered_map<Key, Both, KeyHash> sessions_;
  std::size_t turned_ = 0;  // families of sessions that are read with path ids
  Totals totals_;
};

}  // namespace lightsout::mrt
