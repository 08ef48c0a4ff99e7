// Writes small MaxMind databases for tests: a tree over prefixes, with values of text and numbers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "net/prefix.h"

namespace lightsout {

class MmdbWriter {
 public:
  MmdbWriter(unsigned record_bits, bool six) : record_bits_(record_bits), six_(six) {
    nodes_.push_back({});
  }

  static std::string text(std::string_view value) {
    std::string head(1, static_cast<char>(2 << 5 | std::min<std::size_t>(value.size(), 29)));
    if (value.size() >= 29) head += static_cast<char>(value.size() - 29);
    return head + std::string(value);
  }
  static std::string number(std::uint32_t value) {
    std::string out(1, static_cast<char>(6 << 5 | 4));
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    return out;
  }
  static std::string map(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out(1, static_cast<char>(7 << 5 | members.size()));
    for (const auto& [key, value] : members) out += text(key) + value;
    return out;
  }
  static std::string array(const std::vector<std::string>& members) {
    std::string out{static_cast<char>(members.size()), 4};  // extended: 7 + 4 is an array
    for (const std::string& value : members) out += value;
    return out;
  }
  // To a value that was written before.
  static std::string pointer(std::size_t at) {
    return {static_cast<char>(1 << 5 | at >> 8), static_cast<char>(at)};
  }

  // Puts a value into the data; where it begins.
  std::size_t value(const std::string& bytes) {
    data_ += bytes;
    return data_.size() - bytes.size();
  }
  void add(const Prefix& prefix, std::size_t value) {
    std::array<std::uint8_t, 16> bits = prefix.address().bytes;
    unsigned length = prefix.length();
    if (six_ && prefix.family() == Family::v4) {
      bits = {};
      for (std::size_t i = 0; i < 4; ++i) bits[12 + i] = prefix.address().bytes[i];
      length += 96;
    }
    std::size_t node = 0;
    for (unsigned depth = 0; depth < length; ++depth) {
      const unsigned side = bits[depth / 8] >> (7 - depth % 8) & 1;
      if (depth + 1 == length) {
        nodes_[node].value[side] = value;
        nodes_[node].kind[side] = Kind::data;
      } else if (nodes_[node].kind[side] != Kind::node) {
        nodes_[node].kind[side] = Kind::node;
        nodes_[node].value[side] = nodes_.size();
        nodes_.push_back({});
      }
      node = depth + 1 == length ? 0 : nodes_[node].value[side];
    }
  }
  // Lets a prefix lead to a node again, as real tables do with IPv4 under 2002::/16; or a loop.
  void link(std::size_t from, unsigned side, std::size_t to) {
    nodes_[from].kind[side] = Kind::node;
    nodes_[from].value[side] = to;
  }
  std::size_t nodes() const { return nodes_.size(); }

  std::string bytes(std::uint32_t build_epoch, const std::string& type) const {
    std::string out;
    for (const Node& node : nodes_) {
      std::uint64_t record[2];
      for (int side = 0; side < 2; ++side) {
        record[side] = node.kind[side] == Kind::node   ? node.value[side]
                       : node.kind[side] == Kind::none ? nodes_.size()
                                                       : nodes_.size() + 16 + node.value[side];
      }
      append(out, record);
    }
    out += std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com";
    return out + map({{"node_count", number(static_cast<std::uint32_t>(nodes_.size()))},
                      {"record_size", number(record_bits_)},
                      {"ip_version", number(six_ ? 6 : 4)},
                      {"database_type", text(type)},
                      {"build_epoch", number(build_epoch)}});
  }

 private:
  enum class Kind { none, node, data };
  struct Node {
    Kind kind[2] = {Kind::none, Kind::none};
    std::size_t value[2] = {0, 0};
  };

  void append(std::string& out, const std::uint64_t (&record)[2]) const {
    const auto put = [&](std::uint64_t value, int bytes) {
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out += static_cast<char>(value >> shift);
      }
    };
    if (record_bits_ == 28) {
      put(record[0] & 0xffffff, 3);
      put(record[0] >> 24 << 4 | record[1] >> 24, 1);
      put(record[1] & 0xffffff, 3);
    } else {
      put(record[0], static_cast<int>(record_bits_ / 8));
      put(record[1], static_cast<int>(record_bits_ / 8));
    }
  }

  unsigned record_bits_;
  bool six_;
  std::vector<Node> nodes_;
  std::string data_;
};

}  // namespace lightsout
