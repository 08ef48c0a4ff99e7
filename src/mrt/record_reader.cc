// SPDX-License-Identifier: Apache-2.0
#include "mrt/record_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace lightsout::mrt {
namespace {

constexpr std::size_t kHeaderBytes = 12;
// While finding the way back only records up to this size are believed: the buffer stays small.
constexpr std::size_t kMaxFoundBytes = RecordReader::kFirstBufferBytes;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::uint32_t kYear1990 = 631'152'000;

// One bit a subtype, for the types of IANA's list.
constexpr std::uint32_t subtypes_of(std::uint16_t type) {
  switch (type) {
    case kLegacyBgp:
      return 0x00ff;  // 0 to 7
    case kTableDump:
      return 0x001f;  // 0 to 4
    case kTableDump2:
      return 0x1ffe;  // 1 to 12; 7 is GEO_PEER_TABLE of RFC 6397
    case kBgp4mp:
    case kBgp4mpEt:
      return 0x0fff;  // 0 to 11
    case kOspf2:
    case kIsis:
    case kIsisEt:
    case kOspf3:
    case kOspf3Et:
      return 0x0001;
    default:
      return 0;
  }
}

// A message has at most 65,535 bytes (RFC 8654), and before RFC 8654 4,096. The closer the limit,
// the less often do bytes look like a header that are none.
constexpr std::uint32_t longest_of(std::uint16_t type) {
  switch (type) {
    case kTableDump2:
      return kMaxRecordBytes;
    case kTableDump:
      return 256u << 10;
    case kLegacyBgp:
      return 8u << 10;
    default:
      return 65'535 + 64;  // with two IPv6 addresses, ASNs and microseconds
  }
}

struct KnownTypes {
  struct Type {
    std::uint32_t subtypes = 0;
    std::uint32_t longest = 0;
  };
  Type types[64] = {};
  constexpr KnownTypes() {
    for (std::uint16_t type = 0; type < 64; ++type) {
      types[type] = {.subtypes = subtypes_of(type), .longest = longest_of(type)};
    }
  }
};

constexpr KnownTypes kKnown;

bool plausible(std::uint16_t type, std::uint16_t subtype, std::uint32_t length) {
  if (type >= 64 || subtype >= 32) return false;
  const KnownTypes::Type& known = kKnown.types[type];
  return (known.subtypes >> subtype & 1) != 0 && length <= known.longest;
}

// Where the content of a BGP4MP record ends, by the length of the BGP message or by the subtype; 0
// when that cannot be told. It need not lie in the record.
template <typename Header>
std::size_t content_bytes(const Header& header, const std::uint8_t* body, std::size_t size) {
  constexpr std::uint32_t kWithAs4 = 1u << kMessageAs4 | 1u << kStateChangeAs4 |
                                     1u << kMessageAs4Local | 1u << kMessageAs4AddPath |
                                     1u << kMessageAs4LocalAddPath;
  if (header.subtype == kEntry || header.subtype == kSnapshot) return 0;
  const bool as4 = (kWithAs4 >> header.subtype & 1) != 0;
  const std::size_t head = (header.type == kBgp4mpEt ? 4u : 0u) + (as4 ? 12u : 8u);
  if (size < head || body[head - 2] != 0 || body[head - 1] < 1 || body[head - 1] > 2) return 0;
  const std::size_t end = head + (body[head - 1] == 1 ? 8u : 32u);
  if (header.subtype == kStateChange || header.subtype == kStateChangeAs4) return end + 4;
  if (size < end + 19) return 0;
  return end + number_at<std::uint16_t>(body + end + 16);
}

// Does the entry count of a routing table's record leave bytes over?
bool has_bytes_left(const Record& record) {
  RibRecord rib;
  if (decode_rib(record, rib) != Decoded::yes) return false;
  RibEntryReader entries(rib);
  for (RibEntry entry; entries.next(entry);) {
  }
  return entries.ok() && entries.bytes_left() > 0;
}

// Of the types from before 2003.
bool has_a_strange_end(const Record& record) {
  if (record.type == kTableDump) {
    OldRibReader routes(record);
    for (OldRibRecord route; routes.next(route);) {
    }
    return routes.decoded() == Decoded::damaged;
  }
  if (record.type != kLegacyBgp) return false;
  constexpr std::size_t kSession = 12;  // both ends, before an UPDATE
  if (record.subtype == kLegacyStateChange) return record.body.size() > 10;
  if (record.subtype == kLegacyKeepalive) return record.body.size() > kSession;
  if (record.subtype != kLegacyUpdate || record.body.size() < kSession) return false;
  ByteReader reader(record.body.subspan(kSession));
  reader.take(reader.u16());
  reader.take(reader.u16());
  return !reader.ok() || !bgp::check_nlri(reader.rest(), Family::v4, bgp::NlriForm::plain).whole;
}

}  // namespace

std::size_t RecordReader::ensure(std::size_t at, std::size_t count) {
  const std::size_t needed = at + count;
  while (end_ - at_ < needed && !at_end_) {
    if (at_ + needed > buffer_.size()) {
      std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
      base_ += at_;
      end_ -= at_;
      at_ = 0;
      if (needed > buffer_.size()) buffer_.resize(needed + needed / 2);
    }
    const Result<std::size_t> got = source_.read(std::span(buffer_).subspan(end_));
    if (!got) broken_ = got.error().message;
    if (!got || *got == 0) {
      at_end_ = true;
    } else {
      end_ += *got;
    }
  }
  return end_ - at_ <= at ? 0 : std::min(count, end_ - at_ - at);
}

std::optional<RecordReader::Header> RecordReader::plausible_header(std::size_t at) {
  if (ensure(at, kHeaderBytes) < kHeaderBytes) return std::nullopt;
  Header header{};
  if (!read_header(buffer_.data() + at_ + at, header)) return std::nullopt;
  return header;
}

inline bool RecordReader::read_header(const std::uint8_t* at, Header& header) {
  const std::uint32_t types = number_at<std::uint32_t>(at + 4);
  header.seconds = number_at<std::uint32_t>(at);
  header.type = static_cast<std::uint16_t>(types >> 16);
  header.subtype = static_cast<std::uint16_t>(types);
  header.length = number_at<std::uint32_t>(at + 8);
  return plausible(header.type, header.subtype, header.length);
}

std::size_t RecordReader::size_of(std::size_t at, const Header& header) {
  const std::size_t size = kHeaderBytes + header.length;
  if (header.type != kBgp4mpEt && header.type != kTableDump) return size;
  const std::size_t after = ensure(at + size, kHeaderBytes);
  const bool ends_well = after == 0 || (after == kHeaderBytes && plausible_header(at + size));
  if (ends_well || ensure(at + size, 4) < 4) return size;
  // What is inside decides: four bytes may also be all that is left of the next record.
  const std::uint8_t* const body = buffer_.data() + at_ + at + kHeaderBytes;
  if (header.type == kBgp4mpEt) {
    return content_bytes(header, body, header.length + 4) == header.length + 4 ? size + 4 : size;
  }
  const Record record{
      .type = header.type, .subtype = header.subtype, .body = Bytes(body, header.length + 4)};
  OldRibReader routes(record);
  OldRibRecord route;
  while (routes.next(route)) {
  }
  return routes.decoded() == Decoded::yes ? size + 4 : size;
}

bool RecordReader::chain_begins(std::size_t at) {
  for (int found = 0; found < kChain; ++found) {
    const std::size_t available = ensure(at, kHeaderBytes);
    if (available == 0) return found > 0;
    const std::optional<Header> header = plausible_header(at);
    if (!header || header->length > kMaxFoundBytes || header->length == 0) return false;
    const bool near = have_time_ ? std::abs(static_cast<std::int64_t>(header->seconds) -
                                            static_cast<std::int64_t>(last_seconds_)) <= kDaySeconds
                                 : header->seconds >= kYear1990;
    if (!near) return false;
    const std::size_t size = size_of(at, *header);
    if (ensure(at, size) < size) return found > 0;
    at += size;
  }
  return true;
}

RecordReader::Step RecordReader::damage(std::size_t from, std::size_t to, std::string reason) {
  damaged_ =
      DamagedPart{.offset = base_ + at_ + from, .bytes = to - from, .reason = std::move(reason)};
  at_ += to;
  return Step::damaged;
}

// Passes over bytes until a chain begins. `from` is the first place that may be one.
RecordReader::Step RecordReader::recover(std::size_t from, const char* reason) {
  constexpr std::size_t kStride = 64u << 10;
  const std::uint64_t begin = base_ + at_;
  const auto report = [&] {
    damaged_ = DamagedPart{.offset = begin, .bytes = base_ + at_ - begin, .reason = reason};
    return Step::damaged;
  };
  while (true) {
    for (std::size_t at = from; at < from + kStride; ++at) {
      if (ensure(at, kHeaderBytes) < kHeaderBytes) {
        at_ = end_;
        return report();
      }
      // The upper byte of every type is zero: a cheap look before the dear one.
      if (buffer_[at_ + at + 4] != 0 || !chain_begins(at)) continue;
      at_ += at;
      return report();
    }
    at_ += kStride;
  }
}

inline RecordReader::Step RecordReader::take(const Header& header, std::size_t size) {
  Bytes body(buffer_.data() + at_ + kHeaderBytes, size - kHeaderBytes);
  record_.offset = base_ + at_;
  record_.time = Time(Seconds(header.seconds));
  record_.microseconds = 0;
  record_.type = header.type;
  record_.subtype = header.subtype;
  if (header.type == kBgp4mpEt && body.size() >= 4) {
    record_.microseconds = number_at<std::uint32_t>(body.data());
    body = body.subspan(4);
  }
  record_.body = body;
  have_time_ = true;
  last_seconds_ = header.seconds;
  at_ += size;
  return Step::record;
}

// A length that is wrong by just the size of the next records looks right from the outside.
inline bool RecordReader::is_too_long(const Header& header) const {
  if (header.type == kTableDump2) return !is_followed(header) && is_too_long_table(header);
  const std::uint8_t* const body = buffer_.data() + at_ + kHeaderBytes;
  if (header.type == kBgp4mp || header.type == kBgp4mpEt) {
    const std::size_t content = content_bytes(header, body, header.length);
    return content != 0 && content + kHeaderBytes <= header.length;
  }
  return has_a_strange_end(
      {.type = header.type, .subtype = header.subtype, .body = Bytes(body, header.length)});
}

// Records of a table are numbered: when the next one has the next number, none was swallowed. That
// spares a walk over the entries.
inline bool RecordReader::is_followed(const Header& header) const {
  const std::size_t next = at_ + kHeaderBytes + header.length;
  if (header.length < 4 || end_ < next + kHeaderBytes + 4) return false;
  const auto number_of = [&](std::size_t record) {
    return number_at<std::uint32_t>(buffer_.data() + record + kHeaderBytes);
  };
  return number_at<std::uint16_t>(buffer_.data() + next + 4) == kTableDump2 &&
         number_of(next) == number_of(at_) + 1;
}

bool RecordReader::is_too_long_table(const Header& header) const {
  const Bytes body(buffer_.data() + at_ + kHeaderBytes, header.length);
  return has_bytes_left({.type = header.type, .subtype = header.subtype, .body = body});
}

RecordReader::Step RecordReader::next() {
  // Nearly always the record and the header behind it lie in the buffer, and both are plausible.
  const std::size_t in_buffer = end_ - at_;
  Header header;
  Header behind;
  if (in_buffer >= 2 * kHeaderBytes && read_header(buffer_.data() + at_, header) &&
      in_buffer >= 2 * kHeaderBytes + header.length &&
      read_header(buffer_.data() + at_ + kHeaderBytes + header.length, behind) &&
      !is_too_long(header)) {
    return take(header, kHeaderBytes + header.length);
  }
  return next_slowly();
}

RecordReader::Step RecordReader::next_slowly() {
  const std::size_t available = ensure(0, kHeaderBytes);
  if (available == 0) {
    if (broken_.empty()) return Step::end;
    damaged_ = DamagedPart{.offset = base_ + at_, .bytes = 0, .reason = std::exchange(broken_, {})};
    return Step::damaged;
  }
  if (available < kHeaderBytes) {
    return damage(0, available, fmt::format("{} bytes after the last record", available));
  }
  const std::optional<Header> header = plausible_header(0);
  if (!header) return recover(1, "no MRT record begins here");

  const std::size_t size = size_of(0, *header);
  const std::size_t have = ensure(0, size);
  const bool cut = have < size;
  const bool lost =
      !cut && ensure(size, kHeaderBytes) == kHeaderBytes && !plausible_header(size).has_value();
  const bool as_it_says = size == kHeaderBytes + header->length;
  if (cut || lost || (as_it_says && is_too_long(*header))) {
    // Was it this record whose length is wrong? Then a chain begins inside of it, if only with the
    // first bytes of a header.
    for (std::size_t at = 1; at < have && ensure(at, kHeaderBytes) == kHeaderBytes; ++at) {
      if (buffer_[at_ + at + 4] == 0 && chain_begins(at)) {
        return damage(0, at, "the length of the record is wrong");
      }
    }
  }
  if (cut) {
    return damage(0, have, fmt::format("record cut short: {} of {} bytes", have, size));
  }
  return take(*header, size);
}

bool looks_like_mrt(Bytes head) {
  MemorySource source(head);
  RecordReader reader(source);
  // A damaged begin is damage, not another format; a text never holds a plausible record.
  const RecordReader::Step first = reader.next();
  if (first == RecordReader::Step::record) return true;
  if (first == RecordReader::Step::end || head.size() < kHeaderBytes) return false;
  if (reader.damaged().offset == 0 && reader.damaged().reason.starts_with("record cut short")) {
    return true;  // one record longer than the head
  }
  return reader.next() == RecordReader::Step::record;
}

}  // namespace lightsout::mrt
