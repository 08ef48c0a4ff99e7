// TableAt: the routing table as it was at a moment, from a table before it and the updates since.
//
// Records come in the order of time (merged_reader.h). The rules are those of bgpview:
//   - A table of a collector replaces what was known of the peers that stand in it, when it is
//     complete. What an update said from kBacklog before the table's begin on wins over it, since
//     collectors write queued updates late.
//   - A session that leaves Established takes all routes of the peer with it.
//   - An update belongs to the collector whose BGP identifier is its local address, else to the
//     first that has the peer in a table.
// Peers that stand in no table are left out: of them only what changed would be known. Records of a
// table that began in time are read even where they carry a later time themselves.
//
// A route is kept as the end of its line, each different one once, so the filter works on the way
// in: what does not pass is not kept, and a route that is replaced by such a one is gone.
//
//   TableAt table(DumpFormat::bgpdump, filter, at);
//   while (... reader.next() ...) table.add(reader.file(), reader.record(), name, damage);
//   table.write(sink);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/damage.h"
#include "mrt/add_path.h"
#include "mrt/dump.h"
#include "mrt/dump_lines.h"

namespace lightsout::mrt {

// Texts, each different one once. 13 bytes and the text itself.
class TextStore {
 public:
  static constexpr std::uint64_t kMaxBytes = 8ull << 30;

  // nullopt beyond kMaxBytes.
  std::optional<std::uint32_t> number_of(std::string_view text);
  std::string_view at(std::uint32_t number) const {
    return std::string_view(bytes_).substr(begins_[number], begins_[number + 1] - begins_[number]);
  }
  std::size_t size() const { return begins_.size() - 1; }

 private:
  void grow();

  std::string bytes_;
  std::vector<std::uint64_t> begins_{0};
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, 0);  // number + 1, 0: free
};

struct TableTotals {
  std::uint64_t lines = 0;
  std::uint64_t tables = 0;          // complete ones that were used
  std::uint64_t peers = 0;           // that stand in them
  std::uint64_t peers_left_out = 0;  // that stand in none
  std::uint64_t unsupported = 0;     // records that were not read
  std::optional<Time> last_table;    // when the last of them began
};

class TableAt {
 public:
  static constexpr Seconds kBacklog{60};
  static constexpr std::size_t kMaxRoutes = 100'000'000;  // 12 bytes each
  static constexpr std::size_t kMaxPeers = 65'000;

  TableAt(DumpFormat format, Filter filter, Time at);

  // False when nothing more can matter.
  bool add(std::size_t file, const Record& record, const std::string& name, Damage& damage);
  void file_end(std::size_t file);
  // The lines, by prefix, then by peer. An Error (not_found) when no table began by then.
  Result<TableTotals> write(const TextSink& sink);

 private:
  static constexpr std::uint32_t kGone = 0xffffffff;

  struct PeerKey {
    std::uint32_t collector = 0;  // 0: not known
    IpAddress address;
    Asn asn;
    auto operator<=>(const PeerKey&) const = default;
  };
  struct PeerInfo {
    PeerKey key;
    bool in_table = false;
    bool wanted = true;        // by the filter
    std::optional<Time> down;  // when the session fell last
  };
  // What one peer (and path id) says about a prefix.
  struct Route {
    std::uint32_t voice = 0;
    std::uint32_t tail = kGone;  // kGone: withdrawn, and when matters
    std::uint32_t seconds = 0;   // of the table's begin or the update
  };
  struct Voice {
    std::uint32_t peer = 0;
    std::optional<std::uint32_t> path_id;
    auto operator<=>(const Voice&) const = default;
  };
  struct OpenTable {
    Time begin;
    std::vector<std::uint32_t> peers;  // by index in the table
  };
  struct PrefixHash {
    std::size_t operator()(const Prefix& prefix) const;
  };

  Decoded use(std::size_t file, const Record& record);
  Decoded peer_table(std::size_t file, const Record& record);
  Decoded rib(std::size_t file, const Record& record);
  Decoded old_rib(std::size_t file, const Record& record);
  Decoded update(const Record& record);
  std::uint32_t peer(const PeerKey& key);
  std::uint32_t peer_of(const Session& session);
  std::uint32_t voice(const Voice& voice);
  std::optional<std::uint32_t> tail_of(Asn asn, Family family, std::size_t room);
  void table_route(const OpenTable& table, std::uint32_t peer, std::optional<std::uint32_t> path_id,
                   const Prefix& prefix, Bytes attributes, bgp::AsnWidth width);
  void set(std::uint32_t voice, const Prefix& prefix, std::uint32_t tail, Time time);
  void drop_all(std::uint32_t peer);
  void end_table(std::size_t file);

  Filter filter_;
  Time at_;
  Lines lines_;
  TextStore tails_;
  std::vector<PeerInfo> peers_;
  std::map<PeerKey, std::uint32_t> peer_numbers_;
  std::multimap<std::pair<IpAddress, Asn>, std::uint32_t> by_session_;
  std::vector<Voice> voices_;
  std::map<Voice, std::uint32_t> voice_numbers_;
  std::unordered_map<Prefix, std::vector<Route>, PrefixHash> routes_;
  std::map<std::size_t, OpenTable> open_;  // by file
  std::size_t route_count_ = 0;
  bool full_ = false;
  TableTotals totals_;
  bgp::Attributes attributes_;
  bgp::UpdateView update_;
  AddPathMemory memory_;
};

}  // namespace lightsout::mrt
