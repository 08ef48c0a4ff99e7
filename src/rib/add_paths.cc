// SPDX-License-Identifier: Apache-2.0
#include "rib/add_paths.h"

namespace lightsout::rib {

void AddPaths::announce(PeerId peer, Row row, std::uint32_t path_id, Asn origin) {
  withdraw(peer, row, path_id);  // it is the newest now
  if (size_ >= max_paths_) {
    ++beyond_limit_;
    return;
  }
  std::uint32_t node = free_;
  if (node == kNone) {
    node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({});
  } else {
    free_ = nodes_[node].next;
  }
  const std::uint32_t* head = heads_.find(key(peer, row));
  nodes_[node] = {path_id, origin.number, head == nullptr ? kNone : *head};
  heads_[key(peer, row)] = node;
  ++size_;
}

void AddPaths::give_back(std::uint32_t node) {
  nodes_[node].next = free_;
  free_ = node;
  --size_;
}

std::optional<Asn> AddPaths::withdraw(PeerId peer, Row row, std::uint32_t path_id) {
  std::uint32_t* link = heads_.find(key(peer, row));
  if (link == nullptr) return std::nullopt;
  for (std::uint32_t* at = link; *at != kNone; at = &nodes_[*at].next) {
    if (nodes_[*at].path_id != path_id) continue;
    const std::uint32_t gone = *at;
    *at = nodes_[gone].next;
    give_back(gone);
    break;
  }
  if (*link != kNone) return Asn{nodes_[*link].origin};
  heads_.erase(key(peer, row));
  return std::nullopt;
}

void AddPaths::forget(PeerId peer, Row row) {
  const std::uint32_t* head = heads_.find(key(peer, row));
  if (head == nullptr) return;
  for (std::uint32_t node = *head; node != kNone;) {
    const std::uint32_t next = nodes_[node].next;
    give_back(node);
    node = next;
  }
  heads_.erase(key(peer, row));
}

void AddPaths::move_to(AddPaths& to, PeerId peer, Row row) {
  to.forget(peer, row);
  const std::uint32_t* head = heads_.find(key(peer, row));
  if (head == nullptr) return;
  std::vector<Node> oldest_first;
  for (std::uint32_t node = *head; node != kNone; node = nodes_[node].next) {
    oldest_first.insert(oldest_first.begin(), nodes_[node]);
  }
  for (const Node& node : oldest_first) to.announce(peer, row, node.path_id, Asn{node.origin});
  forget(peer, row);
}

}  // namespace lightsout::rib
