// SPDX-License-Identifier: Apache-2.0
#include "mrt/stat.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/parallel.h"
#include "mrt/add_path.h"
#include "mrt/record_reader.h"

namespace lightsout::mrt {
namespace {

constexpr std::size_t kPlainMessage = 4096 - 19;  // RFC 4271 section 4: without the header

int index_of(Family family) {
  return family == Family::v6 ? 1 : 0;
}

class FileCounter {
 public:
  FileCounter(std::string name, Seconds gap) : gap_(gap) { stat_.name = std::move(name); }

  FileStat run(ByteSource& source) {
    RecordReader reader(source);
    while (true) {
      const RecordReader::Step step = reader.next();
      if (step == RecordReader::Step::end) break;
      if (step == RecordReader::Step::damaged) {
        DamagedPart part = reader.damaged();
        part.file = stat_.name;
        stat_.damage.add(std::move(part));
        continue;
      }
      add(reader.record());
    }
    stat_.bytes = reader.bytes_read();
    for (const auto& [type, count] : types_) stat_.by_type[name_of_type(type)] = count;
    for (const std::uint32_t type : unread_) stat_.unread.insert(name_of_type(type));
    if (stat_.counts.records == 0) {
      stat_.damage.add({.file = stat_.name, .reason = "no MRT record in it"});
    }
    return std::move(stat_);
  }

 private:
  static std::string name_of_type(std::uint32_t type) {
    return name_of(static_cast<std::uint16_t>(type >> 16), static_cast<std::uint16_t>(type));
  }

  void add(const Record& record) {
    ++stat_.counts.records;
    note_gap(record.time);
    stat_.counts.see(record.time);
    const std::uint32_t type = std::uint32_t{record.type} << 16 | record.subtype;
    ++types_[type];
    stat_.facts.microseconds += record.type == kBgp4mpEt;
    const Decoded decoded = use(record);
    if (decoded == Decoded::unsupported) unread_.insert(type);
    if (decoded == Decoded::damaged) add_damage(record, "the record cannot be read");
  }

  void add_damage(const Record& record, const std::string& reason) {
    stat_.damage.add(
        {.file = stat_.name,
         .offset = record.offset,
         .bytes = record.body.size() + 12,
         .reason = fmt::format("{}: {}", name_of(record.type, record.subtype), reason)});
  }

  // A clock that runs backwards by some seconds is no gap.
  void note_gap(Time time) {
    const std::optional<Time> last = stat_.counts.last;
    if (!last || time <= *last + gap_) return;
    if (stat_.gaps.size() < FileStat::kMaxGaps) {
      stat_.gaps.push_back({*last, time});
    } else {
      ++stat_.gaps_not_kept;
    }
  }

  StatCounts* peer(const IpAddress& address, Asn asn, Time time) {
    const PeerName name{address, asn};
    auto known = stat_.peers.find(name);
    if (known == stat_.peers.end()) {
      if (stat_.peers.size() >= FileStat::kMaxPeers) return nullptr;
      known = stat_.peers.emplace(name, StatCounts{}).first;
    }
    known->second.see(time);
    return &known->second;
  }

  // 0.0.0.0 and :: are what stands there when nobody knew.
  void note_own(const IpAddress& address) {
    const bool known = std::any_of(address.bytes.begin(), address.bytes.end(),
                                   [](std::uint8_t byte) { return byte != 0; });
    if (known && stat_.own_addresses.size() < kMaxOwnAddresses) {
      stat_.own_addresses.insert(address);
    }
  }

  Decoded use(const Record& record) {
    if (record.is_old_rib()) return old_rib(record);
    if (record.type == kTableDump2) {
      return record.subtype == kPeerIndexTable ? peer_table(record) : rib(record);
    }
    return record.is_session() ? session(record) : Decoded::unsupported;
  }

  Decoded peer_table(const Record& record) {
    Result<PeerIndexTable> table = decode_peer_index_table(record.body);
    if (!table) return Decoded::damaged;
    note_own(IpAddress::v4(table->collector_id));
    table_.clear();
    for (const Peer& one : table->peers) {
      table_.push_back(peer(one.address, one.asn, record.time));
    }
    return Decoded::yes;
  }

  Decoded rib(const Record& record) {
    RibRecord rib;
    const Decoded decoded = decode_rib(record, rib);
    if (decoded != Decoded::yes) return decoded;
    stat_.facts.add_path += rib.add_path;
    ++stat_.facts.four_byte;
    const int family = index_of(rib.prefix.family());
    bool unknown = false;
    RibEntryReader entries(rib);
    for (RibEntry entry; entries.next(entry);) {
      ++stat_.counts.in_table[family];
      if (entry.peer_index >= table_.size()) {
        unknown = true;
      } else if (StatCounts* counts = table_[entry.peer_index]) {
        ++counts->in_table[family];
        counts->see(record.time);
      }
    }
    if (unknown) add_damage(record, "a peer is not in the peer table");
    return entries.ok() ? Decoded::yes : Decoded::damaged;
  }

  Decoded old_rib(const Record& record) {
    OldRibReader routes(record);
    bgp::AsnWidth width = bgp::AsnWidth::two;
    for (OldRibRecord rib; routes.next(rib);) {
      width = rib.width;
      const int family = index_of(rib.prefix.family());
      ++stat_.counts.in_table[family];
      if (StatCounts* counts = peer(rib.peer.address, rib.peer.asn, record.time)) {
        ++counts->in_table[family];
      }
    }
    ++(width == bgp::AsnWidth::four ? stat_.facts.four_byte : stat_.facts.two_byte);
    return routes.decoded();
  }

  Decoded session(const Record& record) {
    Bgp4mp entry;
    const Decoded decoded = decode_bgp4mp(record, entry);
    if (decoded != Decoded::yes) return decoded;
    note_own(entry.session.local);
    stat_.facts.local += record.is_bgp4mp() &&
                         (record.subtype == kMessageLocal || record.subtype == kMessageAs4Local);
    ++(entry.width == bgp::AsnWidth::four ? stat_.facts.four_byte : stat_.facts.two_byte);
    StatCounts* counts = peer(entry.session.peer, entry.session.peer_asn, record.time);
    if (counts != nullptr) ++counts->records;
    if (entry.kind == Bgp4mp::Kind::state_change) {
      ++stat_.counts.state_changes;
      if (counts != nullptr) ++counts->state_changes;
      return Decoded::yes;
    }
    stat_.facts.extended += entry.message.body.size() > kPlainMessage;
    if (entry.message.type == static_cast<std::uint8_t>(bgp::MessageType::open))
      memory_.open(entry);
    if (entry.message.type != static_cast<std::uint8_t>(bgp::MessageType::update)) {
      return Decoded::yes;
    }
    const std::uint64_t learned = memory_.totals().messages;
    const bgp::Verdict verdict = memory_.decode(entry, update_);
    stat_.facts.path_ids += entry.add_path || memory_.totals().messages > learned;
    if (verdict >= bgp::Verdict::treat_as_withdraw) add_damage(record, update_.attributes.problem);
    stat_.facts.attributes_bad += verdict == bgp::Verdict::treat_as_withdraw;
    stat_.facts.end_of_rib += verdict == bgp::Verdict::good && update_.end_of_rib();
    bgp::for_each_change(
        update_,
        [&](const Prefix& prefix) {
          ++stat_.counts.withdrawn[index_of(prefix.family())];
          if (counts != nullptr) ++counts->withdrawn[index_of(prefix.family())];
        },
        [&](const Prefix& prefix) {
          ++stat_.counts.announced[index_of(prefix.family())];
          if (counts != nullptr) ++counts->announced[index_of(prefix.family())];
        });
    return Decoded::yes;
  }

  static constexpr std::size_t kMaxOwnAddresses = 10'000;  // one file of RIS has a hundred

  Seconds gap_;
  FileStat stat_;
  std::map<std::uint32_t, std::uint64_t> types_;  // type and subtype
  std::set<std::uint32_t> unread_;
  std::vector<StatCounts*> table_;  // by index; null beyond kMaxPeers. A map does not move them.
  bgp::UpdateView update_;
  AddPathMemory memory_;
};

// Names the collector of each file: the lowest address that any of its files calls its own.
void name_collectors(std::vector<FileStat>& files) {
  std::map<IpAddress, std::size_t> group_of;  // address -> group
  std::vector<std::size_t> parent;
  const auto root = [&](std::size_t group) {
    while (parent[group] != group) group = parent[group] = parent[parent[group]];
    return group;
  };
  for (const FileStat& file : files) {
    std::optional<std::size_t> mine;
    for (const IpAddress& address : file.own_addresses) {
      const auto [known, added] = group_of.emplace(address, parent.size());
      if (added) parent.push_back(parent.size());
      if (mine) parent[root(known->second)] = root(*mine);
      mine = known->second;
    }
  }
  std::map<std::size_t, IpAddress> name_of_group;  // addresses come in order, IPv4 first
  for (const auto& [address, group] : group_of) name_of_group.emplace(root(group), address);
  for (FileStat& file : files) {
    if (file.own_addresses.empty()) continue;
    file.collector = name_of_group.at(root(group_of.at(*file.own_addresses.begin()))).text();
  }
}

// What the files of a collector leave uncovered, as stretches between their begins and ends.
std::vector<StatGap> gaps_of(const std::vector<const FileStat*>& files, Seconds gap) {
  std::vector<StatGap> covered;
  for (const FileStat* file : files) {
    if (!file->counts.first) continue;
    Time begin = *file->counts.first;
    for (const StatGap& hole : file->gaps) {
      covered.push_back({begin, hole.from});
      begin = hole.until;
    }
    covered.push_back({begin, *file->counts.last});
  }
  std::sort(covered.begin(), covered.end(),
            [](const StatGap& a, const StatGap& b) { return a.from < b.from; });
  std::vector<StatGap> gaps;
  std::optional<Time> until;
  for (const StatGap& part : covered) {
    if (until && part.from > *until + gap) gaps.push_back({*until, part.from});
    until = std::max(until.value_or(part.until), part.until);
  }
  return gaps;
}

}  // namespace

void StatCounts::see(Time time) {
  first = std::min(first.value_or(time), time);
  last = std::max(last.value_or(time), time);
}

void StatCounts::merge(const StatCounts& other) {
  records += other.records;
  state_changes += other.state_changes;
  for (int family = 0; family < 2; ++family) {
    announced[family] += other.announced[family];
    withdrawn[family] += other.withdrawn[family];
    in_table[family] += other.in_table[family];
  }
  if (other.first) see(*other.first);
  if (other.last) see(*other.last);
}

void StatFacts::merge(const StatFacts& other) {
  add_path += other.add_path;
  path_ids += other.path_ids;
  two_byte += other.two_byte;
  four_byte += other.four_byte;
  microseconds += other.microseconds;
  extended += other.extended;
  local += other.local;
  end_of_rib += other.end_of_rib;
  attributes_bad += other.attributes_bad;
}

Stat stat_of(const std::vector<Archive>& archives, const StatOptions& options) {
  Stat stat;
  stat.files = parallel_map(
      archives,
      [&](const Archive& archive) {
        const Result<std::unique_ptr<ByteSource>> source = archive.open();
        if (source) return FileCounter(archive.name, options.gap).run(**source);
        FileStat file{.name = archive.name};
        file.damage.add({.file = archive.name, .reason = source.error().message});
        return file;
      },
      options.threads);
  name_collectors(stat.files);
  std::map<std::string, std::vector<const FileStat*>> by_collector;
  for (const FileStat& file : stat.files) {
    by_collector[file.collector].push_back(&file);
    for (const auto& [peer, counts] : file.peers) {
      stat.peers[{file.collector, peer}].merge(counts);
    }
  }
  for (const auto& [collector, files] : by_collector) {
    if (collector.empty()) continue;
    const std::vector<StatGap> gaps = gaps_of(files, options.gap);
    if (!gaps.empty()) stat.collector_gaps[collector] = gaps;
  }
  return stat;
}

}  // namespace lightsout::mrt
