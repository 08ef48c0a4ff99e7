// AsPath: the networks that a route has passed, as a view of the bytes of AS_PATH and AS4_PATH.
//
// An old speaker writes AS 23456 for every number that needs more than 16 bits and carries the true
// numbers in AS4_PATH. RFC 6793 section 4.2.3 says how the two become one path: the first hops of
// AS_PATH, then all of AS4_PATH. Segments of confederations are no hops: they stay where they
// precede or join a hop that stays, and count for nothing in AS4_PATH. The view walks both without
// copying either.
//
//   path.origin()   // Asn{9198}: who announces it; nullopt for an AS_SET or an empty path
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/byte_reader.h"
#include "net/asn.h"

namespace lightsout::bgp {

enum class AsnWidth : std::uint8_t { two = 2, four = 4 };

enum class SegmentType : std::uint8_t {
  set = 1,
  sequence = 2,
  confed_sequence = 3,
  confed_set = 4
};

struct Segment {
  SegmentType type = SegmentType::sequence;
  Bytes numbers;
  AsnWidth width = AsnWidth::four;

  bool confederation() const {
    return type == SegmentType::confed_sequence || type == SegmentType::confed_set;
  }
  // For the comparison of RFC 4271 section 9.1.2.2: a set counts once, confederations not at all
  // (RFC 5065 section 5.3).
  std::size_t hops() const {
    return type == SegmentType::sequence ? size() : type == SegmentType::set ? 1 : 0;
  }
  std::size_t size() const { return numbers.size() / static_cast<std::size_t>(width); }
  Asn at(std::size_t index) const {
    const std::uint8_t* at = numbers.data() + index * static_cast<std::size_t>(width);
    if (width == AsnWidth::two) return Asn{static_cast<std::uint32_t>(at[0] << 8 | at[1])};
    return Asn{static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 |
               static_cast<std::uint32_t>(at[2]) << 8 | at[3]};
  }
};

class AsPath {
 public:
  AsPath() = default;

  // nullopt when the bytes are not a path: RFC 7606 section 7.2.
  static std::optional<AsPath> make(Bytes bytes, AsnWidth width);
  // The merged path of RFC 6793; as4_path is ignored when it is the longer one or damaged.
  AsPath merged_with(Bytes as4_path) const;

  bool empty() const { return head_.empty() && tail_.empty(); }
  // The first hop, which is the peer unless that is a route server; nullopt when the path begins
  // with a set.
  std::optional<Asn> first() const;
  std::optional<Asn> origin() const;
  std::size_t hops() const;  // the sum over its segments

  template <typename Use>
  void for_each_segment(Use&& use) const {
    std::size_t left = head_hops_;
    ByteReader head(head_);
    Segment segment;
    while (next(head, head_width_, segment)) {
      if (!segment.confederation()) {
        if (left == 0) break;
        if (segment.type == SegmentType::sequence && segment.size() > left) {
          segment.numbers = segment.numbers.first(left * static_cast<std::size_t>(segment.width));
          use(segment);
          break;
        }
        left -= segment.hops();
      }
      use(segment);
    }
    ByteReader tail(tail_);
    while (next(tail, AsnWidth::four, segment)) {
      if (!segment.confederation()) use(segment);  // RFC 6793 section 6: discard them
    }
  }

 private:
  static bool next(ByteReader& reader, AsnWidth width, Segment& segment);

  Bytes head_;
  AsnWidth head_width_ = AsnWidth::four;
  std::size_t head_hops_ = SIZE_MAX;  // how many hops of head_ count before tail_ takes over
  Bytes tail_;                        // AS4_PATH
};

}  // namespace lightsout::bgp
