// AddPaths: the paths of peers that may send several to one prefix (RFC 7911).
//
// Such a route has a path id, and a new route replaces only the one of the same id. A prefix is
// seen by the peer while any of its paths is announced; the newest of them says the origin.
//
//   paths.announce(peer, row, 7, Asn{9198});
//   paths.withdraw(peer, row, 7)   // the origin of one that is left; nullopt when none is
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/asn.h"
#include "rib/flat_map.h"
#include "rib/plane.h"
#include "rib/prefix_index.h"

namespace lightsout::rib {

class AddPaths {
 public:
  // 4 million paths take some 150 MB. One more is not told apart from the others of its prefix.
  static constexpr std::size_t kMaxPaths = 4'000'000;

  explicit AddPaths(std::size_t max_paths = kMaxPaths) : max_paths_(max_paths) {}

  bool empty() const { return heads_.empty(); }
  std::size_t size() const { return size_; }
  std::uint64_t refused_by_limit() const { return beyond_limit_; }

  void announce(PeerId peer, Row row, std::uint32_t path_id, Asn origin);
  std::optional<Asn> withdraw(PeerId peer, Row row, std::uint32_t path_id);
  void forget(PeerId peer, Row row);
  // Replaces what `to` has for the pair.
  void move_to(AddPaths& to, PeerId peer, Row row);

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  struct Node {
    std::uint32_t path_id;
    std::uint32_t origin;
    std::uint32_t next;  // the one announced before it
  };
  static std::uint64_t key(PeerId peer, Row row) { return std::uint64_t{row} << 16 | peer; }
  void give_back(std::uint32_t node);

  std::size_t max_paths_;
  FlatMap<std::uint32_t> heads_;
  std::vector<Node> nodes_;
  std::uint32_t free_ = kNone;
  std::size_t size_ = 0;
  std::uint64_t beyond_limit_ = 0;
};

}  // namespace lightsout::rib
