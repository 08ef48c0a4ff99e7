// SPDX-License-Identifier: Apache-2.0
#include "mrt/table_at.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace lightsout::mrt {
namespace {

std::uint32_t seconds_of(Time time) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(time.time_since_epoch().count(), 0));
}

}  // namespace

std::optional<std::uint32_t> TextStore::number_of(std::string_view text) {
  if ((size() + 1) * 2 > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>{}(text)&mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (at(slots_[slot] - 1) == text) return slots_[slot] - 1;
  }
  if (bytes_.size() + text.size() > kMaxBytes || size() >= 0xfffffff0) return std::nullopt;
  bytes_ += text;
  begins_.push_back(bytes_.size());
  slots_[slot] = static_cast<std::uint32_t>(size());
  return static_cast<std::uint32_t>(size() - 1);
}

void TextStore::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t number = 0; number < size(); ++number) {
    std::size_t slot = std::hash<std::string_view>{}(at(number))&mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = number + 1;
  }
}

std::size_t TableAt::PrefixHash::operator()(const Prefix& prefix) const {
  // The multiplier is 2^64 divided by the golden ratio (Knuth, volume 3, section 6.4).
  std::uint64_t hash = prefix.length();
  for (std::size_t i = 0; i < 16; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, prefix.address().bytes.data() + i, 8);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

TableAt::TableAt(DumpFormat format, Filter filter, Time at)
    : filter_(std::move(filter)), at_(at), lines_(format) {}

bool TableAt::add(std::size_t file, const Record& record, const std::string& name, Damage& damage) {
  const bool of_table = record.type == kTableDump2 || record.is_old_rib();
  if (record.time > at_ && !open_.contains(file)) return !open_.empty();
  if (record.time > at_ && !of_table) return true;
  const bool was_full = full_;
  const Decoded decoded = use(file, record);
  if (decoded == Decoded::unsupported) ++totals_.unsupported;
  const bool filled = full_ && !was_full;
  if (decoded == Decoded::damaged || filled) {
    damage.add({.file = name,
                .offset = record.offset,
                .bytes = record.body.size() + 12,
                .reason = filled
                              ? fmt::format("more than {} routes, {} peers or {} GB of text: the "
                                            "rest is left out",
                                            kMaxRoutes, kMaxPeers, TextStore::kMaxBytes >> 30)
                              : fmt::format("{}: the record cannot be read",
                                            name_of(record.type, record.subtype))});
  }
  return true;
}

Decoded TableAt::use(std::size_t file, const Record& record) {
  if (record.is_old_rib()) return old_rib(file, record);
  if (record.type == kTableDump2) {
    return record.subtype == kPeerIndexTable ? peer_table(file, record) : rib(file, record);
  }
  return record.is_session() ? update(record) : Decoded::unsupported;
}

std::uint32_t TableAt::peer(const PeerKey& key) {
  const auto known = peer_numbers_.find(key);
  if (known != peer_numbers_.end()) return known->second;
  if (peers_.size() >= kMaxPeers) {
    full_ = true;
    return kGone;
  }
  const auto number = static_cast<std::uint32_t>(peers_.size());
  peers_.push_back({.key = key, .wanted = filter_.peer(key.address, key.asn)});
  peer_numbers_.emplace(key, number);
  by_session_.emplace(std::pair(key.address, key.asn), number);
  return number;
}

std::uint32_t TableAt::peer_of(const Session& session) {
  const auto [begin, end] = by_session_.equal_range({session.peer, session.peer_asn});
  for (auto known = begin; known != end; ++known) {
    if (IpAddress::v4(peers_[known->second].key.collector) == session.local) return known->second;
  }
  if (begin != end) return begin->second;
  return peer({.collector = 0, .address = session.peer, .asn = session.peer_asn});
}

std::uint32_t TableAt::voice(const Voice& wanted) {
  const auto [known, added] =
      voice_numbers_.emplace(wanted, static_cast<std::uint32_t>(voices_.size()));
  if (added) voices_.push_back(wanted);
  return known->second;
}

Decoded TableAt::peer_table(std::size_t file, const Record& record) {
  const Result<PeerIndexTable> table = decode_peer_index_table(record.body);
  if (!table) return Decoded::damaged;
  end_table(file);
  if (record.time > at_) return Decoded::yes;
  OpenTable open{.begin = record.time, .peers = {}};
  for (const Peer& one : table->peers) {
    open.peers.push_back(
        peer({.collector = table->collector_id, .address = one.address, .asn = one.asn}));
  }
  open_.emplace(file, std::move(open));
  return Decoded::yes;
}

Decoded TableAt::rib(std::size_t file, const Record& record) {
  RibRecord rib;
  const Decoded decoded = decode_rib(record, rib);
  if (decoded != Decoded::yes) return decoded;
  const auto open = open_.find(file);
  if (open == open_.end()) return record.time > at_ ? Decoded::yes : Decoded::damaged;
  if (!filter_.prefix(rib.prefix)) return Decoded::yes;
  RibEntryReader entries(rib);
  for (RibEntry entry; entries.next(entry);) {
    if (entry.peer_index >= open->second.peers.size()) return Decoded::damaged;
    table_route(open->second, open->second.peers[entry.peer_index],
                rib.add_path ? std::optional(entry.path_id) : std::nullopt, rib.prefix,
                entry.attributes, bgp::AsnWidth::four);
  }
  return entries.ok() ? Decoded::yes : Decoded::damaged;
}

Decoded TableAt::old_rib(std::size_t file, const Record& record) {
  OldRibReader routes(record);
  if (!open_.contains(file)) open_.emplace(file, OpenTable{.begin = record.time, .peers = {}});
  OpenTable& open = open_.at(file);
  for (OldRibRecord rib; routes.next(rib);) {
    const std::uint32_t number = peer({.address = rib.peer.address, .asn = rib.peer.asn});
    if (std::find(open.peers.rbegin(), open.peers.rend(), number) == open.peers.rend()) {
      open.peers.push_back(number);
    }
    if (!filter_.prefix(rib.prefix)) continue;
    table_route(open, number, std::nullopt, rib.prefix, rib.attributes, rib.width);
  }
  return routes.decoded();
}

// The end of the line of the attributes that were decoded last; nullopt when they do not pass.
std::optional<std::uint32_t> TableAt::tail_of(Asn asn, Family family, std::size_t room) {
  if (!filter_.attributes(attributes_)) return std::nullopt;
  lines_.begin_routes({.asn = asn}, attributes_, family, room);
  const std::optional<std::uint32_t> number = tails_.number_of(lines_.tail());
  if (!number) full_ = true;
  return number;
}

void TableAt::table_route(const OpenTable& table, std::uint32_t number,
                          std::optional<std::uint32_t> path_id, const Prefix& prefix,
                          Bytes attributes, bgp::AsnWidth width) {
  if (full_ || number == kGone || !peers_[number].wanted) return;
  const PeerInfo& info = peers_[number];
  const Time fresh = table.begin - kBacklog;
  if (info.down && *info.down >= fresh) return;
  const std::uint32_t speaker = voice({.peer = number, .path_id = path_id});
  const auto known = routes_.find(prefix);
  if (known != routes_.end()) {
    for (const Route& route : known->second) {
      if (route.voice == speaker && route.seconds >= seconds_of(fresh) &&
          route.seconds != seconds_of(table.begin)) {
        return;  // an update that is newer than the table
      }
    }
  }
  bgp::decode_attributes(attributes, width, bgp::AttributeForm::table, attributes_);
  const std::optional<std::uint32_t> tail =
      tail_of(info.key.asn, prefix.family(), attributes.size());
  if (tail) set(speaker, prefix, *tail, table.begin);
}

void TableAt::set(std::uint32_t speaker, const Prefix& prefix, std::uint32_t tail, Time time) {
  const Route now{.voice = speaker, .tail = tail, .seconds = seconds_of(time)};
  const auto known = routes_.find(prefix);
  if (known != routes_.end()) {
    for (Route& route : known->second) {
      if (route.voice != speaker) continue;
      route = now;
      return;
    }
  }
  if (full_) return;
  if (++route_count_ >= kMaxRoutes) full_ = true;
  (known != routes_.end() ? known->second : routes_[prefix]).push_back(now);
}

void TableAt::drop_all(std::uint32_t number) {
  for (auto& [prefix, routes] : routes_) {
    route_count_ -= std::erase_if(
        routes, [&](const Route& route) { return voices_[route.voice].peer == number; });
  }
}

Decoded TableAt::update(const Record& record) {
  Bgp4mp entry;
  const Decoded decoded = decode_bgp4mp(record, entry);
  if (decoded != Decoded::yes) return decoded;
  const std::uint32_t number = peer_of(entry.session);
  if (number == kGone) return Decoded::yes;
  if (entry.kind == Bgp4mp::Kind::state_change) {
    constexpr auto kEstablished = static_cast<std::uint16_t>(SessionState::established);
    if (entry.old_state == kEstablished && entry.new_state != kEstablished) {
      peers_[number].down = record.time;
      drop_all(number);
    }
    return Decoded::yes;
  }
  if (entry.message.type == static_cast<std::uint8_t>(bgp::MessageType::open)) memory_.open(entry);
  if (entry.message.type != static_cast<std::uint8_t>(bgp::MessageType::update) ||
      !peers_[number].wanted) {
    return Decoded::yes;
  }
  if (memory_.decode(entry, update_) == bgp::Verdict::unreadable) return Decoded::damaged;
  using PathId = std::optional<std::uint32_t>;
  attributes_ = update_.attributes;
  std::optional<std::uint32_t> tails[2];
  bool made[2] = {false, false};
  const auto withdraw = [&](const Prefix& prefix, const PathId& id) {
    if (filter_.prefix(prefix))
      set(voice({.peer = number, .path_id = id}), prefix, kGone, record.time);
  };
  const auto announce = [&](const Prefix& prefix, const PathId& id) {
    if (!filter_.prefix(prefix)) return;
    const bool six = prefix.family() == Family::v6;
    if (!made[six])
      tails[six] = tail_of(entry.session.peer_asn, prefix.family(), entry.message.body.size());
    made[six] = true;
    set(voice({.peer = number, .path_id = id}), prefix, tails[six].value_or(kGone), record.time);
  };
  bgp::for_each_change(update_, withdraw, announce);
  return Decoded::yes;
}

// What the table does not have and no fresh update said is gone.
void TableAt::end_table(std::size_t file) {
  const auto open = open_.find(file);
  if (open == open_.end()) return;
  const OpenTable table = std::move(open->second);
  open_.erase(open);
  ++totals_.tables;
  totals_.last_table = std::max(totals_.last_table.value_or(table.begin), table.begin);
  std::vector<bool> in_table(peers_.size(), false);
  for (const std::uint32_t number : table.peers) {
    if (number == kGone) continue;
    in_table[number] = true;
    peers_[number].in_table = true;
  }
  const std::uint32_t fresh = seconds_of(table.begin - kBacklog);
  for (auto known = routes_.begin(); known != routes_.end();) {
    std::vector<Route>& routes = known->second;
    route_count_ -= std::erase_if(routes, [&](const Route& route) {
      return in_table[voices_[route.voice].peer] && route.seconds < fresh;
    });
    known = routes.empty() ? routes_.erase(known) : std::next(known);
  }
}

void TableAt::file_end(std::size_t file) {
  end_table(file);
}

Result<TableTotals> TableAt::write(const TextSink& sink) {
  while (!open_.empty()) end_table(open_.begin()->first);
  if (totals_.tables == 0) {
    return Error{ErrorKind::not_found,
                 fmt::format("no routing table began by {} in these files", format_time(at_))};
  }
  std::vector<const Prefix*> prefixes;
  for (const auto& [prefix, routes] : routes_) prefixes.push_back(&prefix);
  std::sort(prefixes.begin(), prefixes.end(),
            [](const Prefix* a, const Prefix* b) { return *a < *b; });
  const auto order = [&](const Route& route) {
    const Voice& who = voices_[route.voice];
    return std::tuple(peers_[who.peer].key, who.path_id);
  };
  constexpr std::size_t kPieceBytes = 256u << 10;
  Slab& out = lines_.out();
  for (const Prefix* prefix : prefixes) {
    std::vector<Route>& routes = routes_.at(*prefix);
    std::sort(routes.begin(), routes.end(),
              [&](const Route& a, const Route& b) { return order(a) < order(b); });
    for (const Route& route : routes) {
      const Voice& who = voices_[route.voice];
      const PeerInfo& info = peers_[who.peer];
      if (route.tail == kGone || !info.in_table) continue;
      lines_.begin({.format = who.path_id ? "TABLE_DUMP2_AP" : "TABLE_DUMP2",
                    .kind = RouteKind::rib,
                    .seconds = seconds_of(at_),
                    .peer = info.key.address,
                    .asn = info.key.asn},
                   tails_.at(route.tail));
      lines_.line(*prefix, who.path_id);
    }
    if (out.size() < kPieceBytes) continue;
    const bool more = sink(out.text());
    out.clear();
    if (!more) break;
  }
  if (!out.empty()) sink(out.text());
  out.clear();
  totals_.lines = lines_.count();
  for (const PeerInfo& info : peers_) ++(info.in_table ? totals_.peers : totals_.peers_left_out);
  return totals_;
}

}  // namespace lightsout::mrt
