// PathStore: which path each peer has to each prefix, and since when.
//
// Paths are kept once each and without their first hop, which is the peer: peers behind the same
// transit then share them, and of the 3 million paths of a table of 20 peers a quarter is left. A
// path of plain hops is its hops; one with sets or confederations is its AS_PATH attribute in four
// byte form. What is no longer used is found and thrown out when it may be half of the store, so
// that a month of updates needs no more memory than a table.
//
// A pair of prefix and peer takes eight bytes, in blocks that are made when they are first needed:
// a peer that sends a thousand prefixes of a million costs next to nothing.
//
//   store.set(PathStore::state, peer, row, PathKey::of(path, scratch), seconds);
//   store.path(store.at(PathStore::state, peer, row).path, asn, scratch)   // the hops again
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bgp/route_view.h"
#include "core/byte_reader.h"
#include "rib/plane.h"
#include "rib/prefix_index.h"

namespace lightsout::rib {

// A path without its first hop, ready to be kept or asked for.
struct PathKey {
  Bytes bytes;  // hops of four bytes each, or an AS_PATH attribute
  bool attribute = false;
  bool copied = false;  // the bytes are in `scratch`, and hold until the next path
  std::uint64_t hash = 0;

  // `scratch` holds the bytes where the path does not have them in one piece.
  static PathKey of(const bgp::RouteView& route, std::string& scratch);
};

class PathStore {
 public:
  // Of paths, 4 bytes each: 400 MB. A full table of 1,000 peers has some 20 million paths.
  static constexpr std::size_t kMaxWords = 100'000'000;
  using PathId = std::uint32_t;  // 0: none

  struct Cell {
    PathId path = 0;
    std::uint32_t since = 0;  // Unix seconds
  };

  // What holds now, and the routing tables that are being read.
  enum Part : std::uint8_t { state, table };

  explicit PathStore(std::size_t max_words = kMaxWords) : max_words_(max_words) {}

  void prefetch(const PathKey& key) const {
    __builtin_prefetch(&slots_[key.hash & (slots_.size() - 1)]);
  }
  // A moment later: the path that is probably the one.
  void prefetch_path(const PathKey& key) const {
    const PathId likely = slots_[key.hash & (slots_.size() - 1)];
    __builtin_prefetch(&arena_[likely]);
  }
  // Keeps the path of a peer to a row. Beyond the limit the path is not kept, the time is.
  void set(Part part, PeerId peer, Row row, const PathKey& key, std::uint32_t since);
  // Takes over what the table has.
  void promote(PeerId peer, Row row);
  void reset(Part part, PeerId peer, Row row);
  void drop_table() { blocks_[table].clear(); }

  // path 0 where nothing is known.
  Cell at(Part part, PeerId peer, Row row) const {
    const auto& peers = blocks_[part];
    if (peer >= peers.size() || row / kBlockRows >= peers[peer].size()) return {};
    const auto& block = peers[peer][row / kBlockRows];
    return block ? (*block)[row % kBlockRows] : Cell{};
  }
  // The path with the peer's number in front again. `scratch` must outlive the path.
  bgp::AsPath path(PathId id, Asn peer, std::string& scratch) const;

  std::size_t paths() const { return count_; }
  std::size_t words() const { return arena_.size(); }
  std::uint64_t refused_by_limit() const { return beyond_limit_; }

  // Throws out the paths that nobody has. set() calls it in time.
  void collect();

 private:
  static constexpr std::size_t kBlockRows = 512;
  using Block = std::array<Cell, kBlockRows>;
  // A path in the arena: a word that says what follows, and the bytes, filled up to whole words.
  static constexpr std::uint32_t kAttribute = 1u << 31;
  static constexpr std::uint32_t kUsed = 1u << 30;
  static constexpr std::uint32_t kSize = (1u << 20) - 1;

  Cell& cell(Part part, PeerId peer, Row row);
  PathId intern(const PathKey& key);
  bool is(PathId id, const PathKey& key) const;
  Bytes bytes_of(PathId id) const;
  static std::uint64_t hash_of(Bytes bytes, bool attribute);
  void index_all(std::size_t slots);
  void insert(PathId id, std::uint64_t hash);
  template <typename Use>
  void for_each_cell(Use&& use);

  std::size_t max_words_;
  std::vector<std::uint32_t> arena_ = std::vector<std::uint32_t>(1);
  std::vector<PathId> slots_ = std::vector<PathId>(1024);
  std::size_t count_ = 0;
  std::size_t given_up_ = 0;  // cells that changed their path: at most so many paths are of no use
  std::vector<std::vector<std::unique_ptr<Block>>> blocks_[2];  // by part, peer and rows
  std::uint64_t beyond_limit_ = 0;

  friend struct PathKey;
};

}  // namespace lightsout::rib
