// SPDX-License-Identifier: Apache-2.0
#include "mrt/add_path.h"

#include <cstring>

#include "bgp/open.h"

namespace lightsout::mrt {
namespace {

using bgp::NlriCheck;
using bgp::NlriForm;

NlriCheck check_all(std::span<const Bytes> fields, Family family, NlriForm form) {
  NlriCheck all{.whole = true};
  for (const Bytes field : fields) {
    const NlriCheck one = bgp::check_nlri(field, family, form);
    all.whole = all.whole && one.whole;
    all.odd = all.odd || one.odd;
  }
  return all;
}

// Chance hardly makes two prefixes that fit, nor a path id whose upper half is zero: those bytes
// would be two default routes.
bool strongly_add_path(std::span<const Bytes> fields, Family family) {
  std::size_t prefixes = 0;
  bool small_id = false;
  const auto look = [&](const Prefix&, const std::optional<std::uint32_t>& id) {
    ++prefixes;
    small_id = small_id || id.value_or(0) < 0x10000;
  };
  for (const Bytes field : fields) bgp::for_each_nlri(field, family, NlriForm::add_path, look);
  return prefixes >= 2 || small_id;
}

NlriForm form_alone(std::span<const Bytes> fields, Family family) {
  const NlriCheck plain = check_all(fields, family, NlriForm::plain);
  if (plain.whole && !plain.odd) return NlriForm::plain;
  const NlriCheck ids = check_all(fields, family, NlriForm::add_path);
  const bool sure = ids.whole && !ids.odd && strongly_add_path(fields, family);
  return sure ? NlriForm::add_path : NlriForm::plain;
}

}  // namespace

bgp::NlriForms AddPathMemory::forms_alone(const Fields& fields) {
  return {.v4 = form_alone(std::span(fields.v4, fields.v4_count), Family::v4),
          .v6 = form_alone(std::span(fields.v6, fields.v6_count), Family::v6)};
}

std::size_t AddPathMemory::KeyHash::operator()(const Key& key) const {
  std::uint64_t halves[2];
  std::memcpy(halves, key.address.bytes.data(), sizeof halves);
  // Fibonacci hashing: the upper bits are the mixed ones.
  constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
  return ((halves[0] ^ key.asn.number) * kGolden ^ halves[1]) * kGolden >> 16;
}

bgp::NlriForms AddPathMemory::remembered(const Session& session) const {
  const auto found = sessions_.find({.address = session.peer, .asn = session.peer_asn});
  if (found == sessions_.end()) return {};
  const auto form = [](const Memory& memory) {
    return memory.add_path ? NlriForm::add_path : NlriForm::plain;
  };
  return {.v4 = form(found->second.v4), .v6 = form(found->second.v6)};
}

AddPathMemory::Both* AddPathMemory::find_or_add(const Session& session) {
  const Key key{.address = session.peer, .asn = session.peer_asn};
  const auto found = sessions_.find(key);
  if (found != sessions_.end()) return &found->second;
  if (sessions_.size() >= kMaxSessions) return nullptr;
  return &sessions_[key];
}

void AddPathMemory::turn(Memory& memory, bool add_path) {
  memory.doubts = 0;
  if (memory.add_path == add_path) return;
  memory.add_path = add_path;
  if (add_path) {
    ++totals_.learned;
    ++turned_;
  } else {
    ++totals_.reverted;
    --turned_;
  }
}

bgp::NlriForms AddPathMemory::reconsider(const Session& session, const Fields& fields,
                                         bgp::NlriForms forms) {
  Both* const both = find_or_add(session);
  if (both == nullptr) {
    ++totals_.not_known;
    return forms;
  }
  const std::span<const Bytes> v4(fields.v4, fields.v4_count);
  const std::span<const Bytes> v6(fields.v6, fields.v6_count);
  if (!v4.empty()) forms.v4 = reconsider(both->v4, v4, Family::v4);
  if (!v6.empty()) forms.v6 = reconsider(both->v6, v6, Family::v6);
  const bool with_ids = (!v4.empty() && forms.v4 == NlriForm::add_path) ||
                        (!v6.empty() && forms.v6 == NlriForm::add_path);
  if (with_ids) ++totals_.messages;
  return forms;
}

NlriForm AddPathMemory::reconsider(Memory& memory, std::span<const Bytes> fields, Family family) {
  const NlriCheck plain = check_all(fields, family, NlriForm::plain);
  if (memory.never) return NlriForm::plain;
  const NlriCheck ids = check_all(fields, family, NlriForm::add_path);
  const bool plain_is_fine = plain.whole && !plain.odd;
  const bool ids_are_fine = ids.whole && !ids.odd;
  if (plain_is_fine && !ids_are_fine) {
    turn(memory, false);
  } else if (ids_are_fine && !plain_is_fine) {
    const bool sure = memory.add_path || strongly_add_path(fields, family) || memory.doubts > 0;
    if (sure) {
      turn(memory, true);
    } else {
      memory.doubts = 1;
    }
  } else if (!plain_is_fine) {
    ++totals_.undecided;
    // Only one of the two may be readable at all.
    if (plain.whole != ids.whole) return plain.whole ? NlriForm::plain : NlriForm::add_path;
  }
  return memory.add_path ? NlriForm::add_path : NlriForm::plain;
}

void AddPathMemory::open(const Bgp4mp& entry) {
  const std::optional<bgp::Open> open = bgp::decode_open(entry.message.body);
  Both* const both = open && entry.session.known() ? find_or_add(entry.session) : nullptr;
  if (both == nullptr) return;
  for (const Family family : {Family::v4, Family::v6}) {
    Memory& memory = both->of(family);
    if (entry.local) {
      memory.collector_receives = open->add_path_receive.of(family);
    } else {
      memory.peer_sends = open->add_path_send.of(family);
      memory.never = !memory.peer_sends;
    }
    if (memory.never) {
      turn(memory, false);
    } else if (memory.peer_sends && memory.collector_receives) {
      turn(memory, true);
    }
  }
}

}  // namespace lightsout::mrt
