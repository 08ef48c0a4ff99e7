// SPDX-License-Identifier: Apache-2.0
#include "bgp/as_path.h"

namespace lightsout::bgp {

bool AsPath::next(ByteReader& reader, AsnWidth width, Segment& segment) {
  if (reader.empty()) return false;
  segment.type = static_cast<SegmentType>(reader.u8());
  segment.width = width;
  segment.numbers = reader.take(std::size_t{reader.u8()} * static_cast<std::size_t>(width));
  return reader.ok();
}

std::optional<AsPath> AsPath::make(Bytes bytes, AsnWidth width) {
  ByteReader reader(bytes);
  Segment segment;
  while (!reader.empty()) {
    if (!next(reader, width, segment)) return std::nullopt;
    const auto type = static_cast<unsigned>(segment.type);
    if (type < 1 || type > 4 || segment.numbers.empty()) return std::nullopt;
  }
  AsPath path;
  path.head_ = bytes;
  path.head_width_ = width;
  return path;
}

AsPath AsPath::merged_with(Bytes as4_path) const {
  const std::optional<AsPath> four = make(as4_path, AsnWidth::four);
  if (!four || four->empty()) return *this;
  const std::size_t own = hops();
  const std::size_t theirs = four->hops();
  if (own < theirs) return *this;
  AsPath merged = *this;
  merged.head_hops_ = own - theirs;
  merged.tail_ = as4_path;
  return merged;
}

std::size_t AsPath::hops() const {
  std::size_t count = 0;
  for_each_segment([&](const Segment& segment) { count += segment.hops(); });
  return count;
}

std::optional<Asn> AsPath::first() const {
  // Nearly every path is one sequence, so the common case is a look at four bytes.
  std::optional<Asn> found;
  bool seen = false;
  for_each_segment([&](const Segment& segment) {
    if (!seen && segment.type == SegmentType::sequence) found = segment.at(0);
    seen = true;
  });
  return found;
}

std::optional<Asn> AsPath::origin() const {
  std::optional<Asn> last;
  for_each_segment([&](const Segment& segment) {
    last = segment.type == SegmentType::sequence ? std::optional(segment.at(segment.size() - 1))
                                                 : std::nullopt;
  });
  return last;
}

}  // namespace lightsout::bgp
