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

// The smallest id whose upper half is not zero. Below it, an id read as plain has two default
// routes.
constexpr std::uint32_t kLargeId = 0x10000;

struct Ids {
  std::size_t count = 0;
  bool small = false;
  bool large = false;
  // Chance hardly makes two prefixes that fit, nor a small id.
  bool strong() const { return count >= 2 || small; }
};

Ids ids_of(std::span<const Bytes> fields, Family family) {
  Ids ids;
  const auto look = [&](const Prefix&, const std::optional<std::uint32_t>& id) {
    ++ids.count;
    (id.value_or(0) < kLargeId ? ids.small : ids.large) = true;
  };
  for (const Bytes field : fields) bgp::for_each_nlri(field, family, NlriForm::add_path, look);
  return ids;
}

NlriForm form_alone(std::span<const Bytes> fields, Family family) {
  const NlriCheck plain = check_all(fields, family, NlriForm::plain);
  if (plain.whole && !plain.odd) return NlriForm::plain;
  const NlriCheck ids = check_all(fields, family, NlriForm::add_path);
  const bool sure = ids.whole && !ids.odd && ids_of(fields, family).strong();
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
  memory.large_ids = false;
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
  if (memory.never) return NlriForm::plain;
  const NlriCheck plain = check_all(fields, family, NlriForm::plain);
  const NlriCheck with_ids = check_all(fields, family, NlriForm::add_path);
  const bool plain_is_fine = plain.whole && !plain.odd;
  const bool ids_are_fine = with_ids.whole && !with_ids.odd;
  const Ids ids = ids_are_fine ? ids_of(fields, family) : Ids{};
  // Two networks of /24 are also one with an id of nine digits: that of nobody who counts from 1.
  const bool new_kind_of_id = ids.large && !memory.large_ids;
  if (plain_is_fine && (!ids_are_fine || new_kind_of_id)) {
    turn(memory, false);
  } else if (ids_are_fine && !plain_is_fine) {
    if (memory.add_path || ids.strong() || memory.doubts > 0) {
      turn(memory, true);
      memory.large_ids = memory.large_ids || ids.large;
    } else {
      memory.doubts = 1;
    }
  } else if (!plain_is_fine) {
    ++totals_.undecided;
    // Only one of the two may be readable at all.
    if (plain.whole != with_ids.whole) {
      return plain.whole ? NlriForm::plain : NlriForm::add_path;
    }
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
      memory.large_ids = true;
    }
  }
}

}  // namespace lightsout::mrt
