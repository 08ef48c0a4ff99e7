// SPDX-License-Identifier: Apache-2.0
#include "live/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lightsout::live {
namespace {

constexpr std::size_t kFileHeaderBytes = 24, kPacketHeaderBytes = 16;
constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4, kNanoseconds = 0xa1b23c4d;
constexpr int kChain = 3;  // packets in a row that make a place to go on from
constexpr Seconds kDay{86'400};

enum LinkType : std::uint32_t {
  kLoopback = 0,
  kEthernet = 1,
  kRawIp = 101,
  kRawIpOld = 12,
  kLoop = 108,
  kCooked = 113,
  kCooked2 = 276,
};

std::uint32_t read32(const std::uint8_t* at, bool big_endian) {
  const std::uint32_t big =
      std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
  return big_endian ? big : __builtin_bswap32(big);
}

bool strip(Bytes& bytes, std::size_t count) {
  if (bytes.size() < count) return false;
  bytes = bytes.subspan(count);
  return true;
}

}  // namespace

// One direction of a TCP connection.
struct Capture::Flow {
  static constexpr std::size_t kSegmentCost = 96;  // bytes that holding a segment takes beside it

  enum class Kind { undecided, bmp, other };

  Kind kind = Kind::undecided;
  std::size_t looked_at = 0;
  bool started = false;        // `next` is known
  std::uint32_t next = 0;      // the sequence number that comes next
  bool syn_had_bytes = false;  // and whoever wrote the capture may not have counted the SYN
  std::map<std::int64_t, std::vector<std::uint8_t>> held;  // by their distance from `first`
  std::size_t held_bytes = 0;
  std::int64_t delivered = 0;  // bytes since `first`
  std::unique_ptr<BmpStream> stream;

  void deliver(Bytes bytes, const Stamp& at) {
    next += static_cast<std::uint32_t>(bytes.size());
    delivered += static_cast<std::int64_t>(bytes.size());
    if (stream) stream->push(bytes, at);
  }
  void lose(std::uint64_t count, const Stamp& at) {
    next += static_cast<std::uint32_t>(count);
    delivered += static_cast<std::int64_t>(count);
    if (stream) stream->lose(count, at);
  }
  // Gives out what is in order now. With `all`, also what lies behind a gap.
  void release(const Stamp& at, bool all) {
    while (!held.empty()) {
      const auto first = held.begin();
      if (first->first > delivered && !all && held_bytes <= kMaxHeldBytes) return;
      if (first->first > delivered) {
        lose(static_cast<std::uint64_t>(first->first - delivered), at);
      }
      const auto known = static_cast<std::size_t>(delivered - first->first);
      const Bytes bytes = first->second;
      if (known < bytes.size()) deliver(bytes.subspan(known), at);
      held_bytes -= bytes.size() + kSegmentCost;
      held.erase(first);
    }
  }
  void take(std::uint32_t sequence, Bytes bytes, const Stamp& at) {
    if (bytes.empty()) return;  // an acknowledgement
    const auto ahead = static_cast<std::int32_t>(sequence - next);
    if (ahead > 0) {
      std::vector<std::uint8_t>& place = held[delivered + ahead];
      if (place.size() >= bytes.size()) return;  // sent again
      held_bytes += bytes.size() - place.size() + (place.empty() ? kSegmentCost : 0);
      place.assign(bytes.begin(), bytes.end());
    } else {
      const auto known = static_cast<std::size_t>(-static_cast<std::int64_t>(ahead));
      if (known < bytes.size()) deliver(bytes.subspan(known), at);
    }
    release(at, false);
  }
};

bool looks_like_capture(Bytes head) {
  if (head.size() < kFileHeaderBytes) return false;
  for (const bool big_endian : {false, true}) {
    const std::uint32_t magic = read32(head.data(), big_endian);
    if (magic == kMicroseconds || magic == kNanoseconds) return true;
  }
  return false;
}

Capture::Capture(BmpSinks sinks) : sinks_(std::move(sinks)) {}
Capture::~Capture() = default;

void Capture::add_damage(std::uint64_t offset, std::uint64_t bytes, std::string reason) {
  if (!sinks_.damage) return;
  sinks_.damage(
      {.file = sinks_.name, .offset = offset, .bytes = bytes, .reason = std::move(reason)});
}

BmpTotals Capture::totals() const {
  BmpTotals totals = ended_;
  for (const auto& [key, flow] : flows_) {
    if (flow->stream) totals.merge(flow->stream->totals());
  }
  return totals;
}

std::uint32_t Capture::number(std::size_t at) const {
  return read32(buffer_.data() + at, big_endian_);
}

bool Capture::read_file_header() {
  if (buffer_.size() < kFileHeaderBytes) return false;
  for (const bool big_endian : {false, true}) {
    const std::uint32_t magic = read32(buffer_.data(), big_endian);
    if (magic != kMicroseconds && magic != kNanoseconds) continue;
    big_endian_ = big_endian;
    nanoseconds_ = magic == kNanoseconds;
    link_type_ = number(20) & 0x0fffffff;  // the upper bits speak of checksums
    at_ = kFileHeaderBytes;
    header_read_ = true;
    return true;
  }
  refused_ = true;
  add_damage(0, 0, "no packet capture begins here");
  return false;
}

bool Capture::plausible(std::size_t at, PacketHeader& header) const {
  if (at + kPacketHeaderBytes > buffer_.size()) return false;
  const std::uint32_t fraction = number(at + 4);
  header.at.time = Time{Seconds{number(at)}};
  header.at.microseconds = nanoseconds_ ? fraction / 1000 : fraction;
  header.captured = number(at + 8);
  header.length = number(at + 12);
  if (header.at.microseconds >= 1'000'000 || header.captured > kMaxPacketBytes ||
      header.captured > header.length) {
    return false;
  }
  return !last_.known() ||
         (header.at.time < last_.time + kDay && header.at.time > last_.time - kDay);
}

bool Capture::chain_begins(std::size_t at) const {
  PacketHeader header;
  for (int found = 0; found < kChain; ++found) {
    if (at == buffer_.size()) return found > 0;
    if (!plausible(at, header) || header.captured == 0) return false;
    at += kPacketHeaderBytes + header.captured;
    if (at > buffer_.size()) return found > 0;
  }
  return true;
}

void Capture::pass_over(std::size_t bytes, std::string reason) {
  add_damage(base_ + at_, bytes, std::move(reason));
  at_ += bytes;
}

void Capture::read_packets(bool finished) {
  while (at_ < buffer_.size()) {
    const std::size_t left = buffer_.size() - at_;
    if (left < kPacketHeaderBytes) {
      if (finished) pass_over(left, fmt::format("{} bytes after the last packet", left));
      return;
    }
    PacketHeader header;
    if (plausible(at_, header)) {
      const std::size_t size = kPacketHeaderBytes + header.captured;
      if (left >= size) {
        const std::size_t at = at_;
        at_ += size;
        last_ = header.at;
        packet(header, Bytes(buffer_).subspan(at + kPacketHeaderBytes, header.captured));
        continue;
      }
      if (!finished) return;
      // A wrong length hides the packets behind it.
    }
    if (!finished && left < 2 * kMaxPacketBytes) return;  // more to look at
    std::size_t skip = 1;
    while (skip < left && !chain_begins(at_ + skip)) ++skip;
    pass_over(skip, skip == left ? fmt::format("packet cut short: {} bytes left", left)
                                 : "no packet begins here");
  }
}

void Capture::push(Bytes bytes) {
  if (refused_) return;
  if (at_ > 0 && at_ >= buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    base_ += at_;
    at_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (!header_read_ && !read_file_header()) return;
  read_packets(false);
}

void Capture::finish() {
  if (refused_) return;
  if (!header_read_) return add_damage(0, buffer_.size(), "the capture ends inside its header");
  read_packets(true);
  for (auto& [key, flow] : flows_) {
    flow->release(last_, true);
    if (flow->stream) flow->stream->finish();
  }
  if (flows_refused_ > 0) {
    add_damage(
        base_ + at_, 0,
        fmt::format("{} connections past the limit of {} are not read", flows_refused_, kMaxFlows));
  }
}

// Takes the link layer away, so that `frame` begins with the IP header.
bool Capture::strip_link(Bytes& frame) const {
  switch (link_type_) {
    case kRawIp:
    case kRawIpOld:
      return true;
    case kLoopback:
    case kLoop:
      return strip(frame, 4);
    case kCooked:
      return strip(frame, 16);
    case kCooked2:
      return strip(frame, 20);
    case kEthernet:
      break;
    default:
      return false;
  }
  if (!strip(frame, 12)) return false;
  while (frame.size() >= 2) {
    const unsigned type = frame[0] << 8 | frame[1];
    const bool tagged = type == 0x8100 || type == 0x88a8 || type == 0x9100;  // IEEE 802.1Q
    if (!tagged) return strip(frame, 2);
    if (!strip(frame, 4)) return false;
  }
  return false;
}

bool Capture::read_segment(Bytes ip, Segment& segment) {
  constexpr std::uint8_t kTcp = 6;
  constexpr std::uint8_t kFin = 1, kSyn = 2, kReset = 4;
  if (ip.empty()) return false;
  ByteReader reader(ip);
  std::size_t length = 0;  // of the IP payload
  const unsigned version = ip[0] >> 4;
  const auto address = [&](Family family) {
    IpAddress out{.family = family};
    const Bytes bytes = reader.take(family == Family::v4 ? 4 : 16);
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
  };
  if (version == 4) {
    const std::size_t header = (ip[0] & 15u) * 4;
    reader.u16();
    length = reader.u16();
    reader.u16();
    const std::uint16_t fragment = reader.u16();
    reader.u8();
    if (reader.u8() != kTcp) return false;
    if ((fragment & 0x3fff) != 0) {
      add_damage(base_ + at_, ip.size(), "a fragment of an IP packet is not read");
      return false;
    }
    reader.u16();
    segment.key.from = address(Family::v4);
    segment.key.to = address(Family::v4);
    if (header < 20 || length < header) return false;
    reader.take(header - 20);
    length -= header;
  } else if (version == 6) {
    reader.u32();
    length = reader.u16();
    if (reader.u8() != kTcp) return false;  // extension headers do not occur before TCP in practice
    reader.u8();
    segment.key.from = address(Family::v6);
    segment.key.to = address(Family::v6);
  } else {
    return false;
  }
  const std::size_t available = std::min(reader.remaining(), length);
  ByteReader tcp = reader.sub(available);
  segment.key.from_port = tcp.u16();
  segment.key.to_port = tcp.u16();
  segment.sequence = tcp.u32();
  tcp.u32();
  const std::size_t header = (tcp.u8() >> 4) * 4u;
  const std::uint8_t flags = tcp.u8();
  if (header < 20) return false;
  tcp.take(6 + header - 20);
  if (!tcp.ok()) return false;
  segment.syn = (flags & kSyn) != 0;
  segment.fin = (flags & kFin) != 0;
  segment.reset = (flags & kReset) != 0;
  segment.bytes = tcp.take(tcp.remaining());
  segment.missing = length - available;
  return true;
}

void Capture::packet(const PacketHeader& header, Bytes frame) {
  ++packets_;
  Segment found;
  if (strip_link(frame) && read_segment(frame, found)) segment(found, header.at);
}

void Capture::segment(const Segment& segment, const Stamp& at) {
  auto known = flows_.find(segment.key);
  if (known == flows_.end()) {
    if (flows_.size() >= kMaxFlows) {
      ++flows_refused_;
      return;
    }
    known = flows_.emplace(segment.key, std::make_unique<Flow>()).first;
  }
  Flow& flow = *known->second;
  if (flow.kind == Flow::Kind::undecided && !segment.bytes.empty()) {
    if (looks_like_bmp(segment.bytes)) {
      flow.kind = Flow::Kind::bmp;
      BmpSinks sinks = sinks_;
      sinks.name = fmt::format("{}, {} port {}", sinks_.name, segment.key.from.text(),
                               segment.key.from_port);
      flow.stream = std::make_unique<BmpStream>(std::move(sinks));
      flow.started = false;
    } else if (++flow.looked_at >= kMaxUndecided) {
      flow.kind = Flow::Kind::other;
      ++other_flows_;
    }
  }
  if (flow.kind == Flow::Kind::bmp) {
    // The SYN counts as one byte. Tools that rewrite captures put bytes into it and do not count
    // it, so that the next segment begins one byte early.
    const std::uint32_t sequence = segment.sequence + (segment.syn ? 1 : 0);
    if (!flow.started || segment.syn) flow.next = sequence;
    if (flow.started && flow.syn_had_bytes && segment.sequence + 1 == flow.next) {
      flow.next = segment.sequence;
    }
    flow.started = true;
    flow.syn_had_bytes = segment.syn && !segment.bytes.empty();
    flow.take(sequence, segment.bytes, at);
    if (segment.missing > 0) flow.lose(segment.missing, at);
  }
  if (!segment.fin && !segment.reset) return;
  flow.release(at, true);
  if (flow.stream) {
    flow.stream->end(at);
    ended_.merge(flow.stream->totals());
  }
  flows_.erase(known);
}

}  // namespace lightsout::live
