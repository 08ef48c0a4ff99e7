// SPDX-License-Identifier: Apache-2.0
#include "mrt/record.h"

#include <gtest/gtest.h>

#include <map>

#include "core/test_data.h"
#include "mrt/add_path.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"

namespace lightsout::mrt {
namespace {

const Time kStart = *parse_time("2022-01-05T10:00:00Z");

struct File {
  std::string bytes;
  Writer writer{[this](Bytes part) { bytes.append(part.begin(), part.end()); }};
};

Prefix prefix_of(const char* text) {
  return *Prefix::parse(text);
}

Session session_of(const char* peer) {
  const IpAddress address = *IpAddress::parse(peer);
  IpAddress local = address;
  ++local.bytes[15];
  return {.peer_asn = Asn{64501}, .local_asn = Asn{64499}, .peer = address, .local = local};
}

bgp::Route route_of(std::vector<Asn> path, const char* next_hop = "192.0.2.1") {
  return bgp::Route{.path = std::move(path), .next_hop = *IpAddress::parse(next_hop)};
}

std::string text_of(const bgp::AsPath& path) {
  std::string text;
  path.for_each_segment([&](const bgp::Segment& segment) {
    for (std::size_t i = 0; i < segment.size(); ++i) {
      text += " " + std::to_string(segment.at(i).number);
    }
  });
  return text;
}

// One line a record, with all its routes.
class Reading {
 public:
  explicit Reading(const std::string& bytes) {
    MemorySource source{std::string_view(bytes)};
    RecordReader reader(source);
    for (auto step = reader.next(); step != RecordReader::Step::end; step = reader.next()) {
      if (step == RecordReader::Step::damaged) {
        text_ += "damaged " + std::to_string(reader.damaged().bytes) + "\n";
        continue;
      }
      const Record& record = reader.record();
      text_ += name_of(record.type, record.subtype);
      const Decoded decoded = use(record);
      text_ += decoded == Decoded::yes ? "\n" : decoded == Decoded::damaged ? " damaged\n" : " -\n";
    }
  }
  const std::string& text() const { return text_; }

 private:
  Decoded use(const Record& record) {
    if (record.is_old_rib()) return old_rib(record);
    if (record.is_session()) return session(record);
    if (record.type != kTableDump2) return Decoded::unsupported;
    if (record.subtype == kPeerIndexTable) {
      return decode_peer_index_table(record.body).ok() ? Decoded::yes : Decoded::damaged;
    }
    return rib(record);
  }

  void route(Bytes attributes, bgp::AsnWidth width) {
    bgp::decode_attributes(attributes, width, bgp::AttributeForm::table, attributes_);
    text_ += text_of(attributes_.path);
  }

  Decoded rib(const Record& record) {
    RibRecord rib;
    const Decoded decoded = decode_rib(record, rib);
    if (decoded != Decoded::yes) return decoded;
    text_ += (rib.multicast ? " multicast " : " ") + rib.prefix.text();
    RibEntryReader entries(rib);
    for (RibEntry entry; entries.next(entry);) {
      text_ += " " + std::to_string(entry.peer_index);
      if (rib.add_path) text_ += "#" + std::to_string(entry.path_id);
      text_ += ":";
      route(entry.attributes, bgp::AsnWidth::four);
    }
    return entries.ok() ? Decoded::yes : Decoded::damaged;
  }

  Decoded old_rib(const Record& record) {
    OldRibReader routes(record);
    for (OldRibRecord rib; routes.next(rib);) {
      text_ += " " + rib.prefix.text() + " " + rib.peer.address.text() + "," +
               std::to_string(rib.peer.asn.number) + ":";
      route(rib.attributes, rib.width);
    }
    return routes.decoded();
  }

  Decoded session(const Record& record) {
    Bgp4mp entry;
    const Decoded decoded = decode_bgp4mp(record, entry);
    if (decoded != Decoded::yes) return decoded;
    if (record.type == kBgp4mpEt) text_ += " ." + std::to_string(record.microseconds);
    text_ += " " + entry.session.peer.text();
    if (entry.local) text_ += " local";
    if (entry.kind == Bgp4mp::Kind::state_change) {
      text_ += " " + std::to_string(entry.old_state) + ">" + std::to_string(entry.new_state);
      return decoded;
    }
    if (entry.message.type != static_cast<std::uint8_t>(bgp::MessageType::update)) {
      text_ += " message " + std::to_string(entry.message.type);
      return decoded;
    }
    bgp::UpdateView update;
    memory_.decode(entry, update);
    using PathId = std::optional<std::uint32_t>;
    const auto change = [&](char sign, const Prefix& prefix, const PathId& id) {
      text_ += std::string(" ") + sign + prefix.text();
      if (id) text_ += "#" + std::to_string(*id);
    };
    bgp::for_each_change(
        update, [&](const Prefix& prefix, const PathId& id) { change('-', prefix, id); },
        [&](const Prefix& prefix, const PathId& id) { change('+', prefix, id); });
    if (update.attributes.has_path) text_ += text_of(update.attributes.path);
    return decoded;
  }

  AddPathMemory memory_;
  bgp::Attributes attributes_;
  std::string text_;
};

TEST(Record, ReadsEverySubtypeOfTableDumpV2) {
  File file;
  const std::vector<RibRoute> routes = {{.peer_index = 0,
                                         .originated = kStart,
                                         .route = route_of({Asn{64500}, Asn{9198}}),
                                         .path_id = 7},
                                        {.peer_index = 3,
                                         .originated = kStart,
                                         .route = route_of({Asn{400000}}),
                                         .path_id = 1u << 31}};
  for (const char* prefix : {"192.0.2.0/24", "2001:db8::/32"}) {
    for (unsigned bits = 0; bits < 8; ++bits) {
      file.writer.rib(
          kStart, prefix_of(prefix), routes,
          {.multicast = (bits & 1) != 0, .add_path = (bits & 2) != 0, .generic = (bits & 4) != 0});
    }
  }
  EXPECT_EQ(Reading(file.bytes).text(),
            "TABLE_DUMP_V2/2 192.0.2.0/24 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/3 multicast 192.0.2.0/24 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/8 192.0.2.0/24 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/9 multicast 192.0.2.0/24 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/6 192.0.2.0/24 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/6 multicast 192.0.2.0/24 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/12 192.0.2.0/24 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/12 multicast 192.0.2.0/24 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/4 2001:db8::/32 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/5 multicast 2001:db8::/32 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/10 2001:db8::/32 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/11 multicast 2001:db8::/32 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/6 2001:db8::/32 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/6 multicast 2001:db8::/32 0: 64500 9198 3: 400000\n"
            "TABLE_DUMP_V2/12 2001:db8::/32 0#7: 64500 9198 3#2147483648: 400000\n"
            "TABLE_DUMP_V2/12 multicast 2001:db8::/32 0#7: 64500 9198 3#2147483648: 400000\n");
}

TEST(Record, ReadsAGenericTableOfAddPathAsTheRfcHasIt) {
  // RFC 8050 section 4.2: the path id stands before the prefix, not in the entries.
  const std::vector<std::uint8_t> body = {0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 9,    24, 192, 0, 2,
                                          0, 1, 0, 4, 0, 0, 0, 0, 0, 4, 0x40, 1,  1,   0};
  RibRecord rib;
  ASSERT_EQ(decode_rib({.type = kTableDump2, .subtype = kRibGenericAddPath, .body = body}, rib),
            Decoded::yes);
  EXPECT_EQ(rib.prefix.text(), "192.0.2.0/24");
  RibEntryReader entries(rib);
  RibEntry entry;
  ASSERT_TRUE(entries.next(entry));
  EXPECT_EQ(entry.path_id, 9u);
  EXPECT_EQ(entry.peer_index, 4u);
}

TEST(Record, LeavesOtherFamiliesOfAGenericTableAlone) {
  const std::vector<std::uint8_t> vpn = {0, 0, 0, 1, 0, 1, 128, 112, 0, 0, 0, 0};
  RibRecord rib;
  EXPECT_EQ(decode_rib({.type = kTableDump2, .subtype = kRibGeneric, .body = vpn}, rib),
            Decoded::unsupported);
}

TEST(Record, ReadsTheTablesBeforeTableDumpV2) {
  File file;
  const OldRoute four{.prefix = prefix_of("192.0.2.0/24"),
                      .peer = {.address = *IpAddress::parse("198.51.100.1"), .asn = Asn{64501}},
                      .originated = kStart,
                      .route = route_of({Asn{64501}, Asn{400000}})};
  OldRoute six = four;
  six.prefix = prefix_of("2001:db8::/32");
  six.peer.address = *IpAddress::parse("2001:db8::1");
  OldRoute other = four;
  other.prefix = prefix_of("203.0.113.0/24");
  file.writer.table_dump(kStart, {four});
  file.writer.table_dump(kStart, {six});
  file.writer.table_dump(kStart, {four}, bgp::AsnWidth::four);
  file.writer.table_dump(kStart, {six}, bgp::AsnWidth::four);
  file.writer.table_dump(kStart, {four, other, four});  // the writers of January 2000
  file.writer.table_dump(kStart, {other, four});
  file.writer.entry(kStart, session_of("198.51.100.1"), four);
  file.writer.entry(kStart, session_of("198.51.100.1"), six);
  file.writer.record(kStart, kBgp4mp, kSnapshot, Bytes());
  EXPECT_EQ(Reading(file.bytes).text(),
            "TABLE_DUMP/1 192.0.2.0/24 198.51.100.1,64501: 64501 400000\n"
            "TABLE_DUMP/2 2001:db8::/32 2001:db8::1,64501: 64501 400000\n"
            "TABLE_DUMP/3 192.0.2.0/24 198.51.100.1,64501: 64501 400000\n"
            "TABLE_DUMP/4 2001:db8::/32 2001:db8::1,64501: 64501 400000\n"
            "TABLE_DUMP/1 192.0.2.0/24 198.51.100.1,64501: 64501 400000"
            " 203.0.113.0/24 198.51.100.1,64501: 64501 400000"
            " 192.0.2.0/24 198.51.100.1,64501: 64501 400000\n"
            "TABLE_DUMP/1 203.0.113.0/24 198.51.100.1,64501: 64501 400000"
            " 192.0.2.0/24 198.51.100.1,64501: 64501 400000\n"
            "BGP4MP/2 192.0.2.0/24 198.51.100.1,64501: 64501 400000\n"
            "BGP4MP/2 2001:db8::/32 198.51.100.1,64501: 64501 400000\n"
            "BGP4MP/3 -\n");
}

TEST(Record, ReadsEverySubtypeOfBgp4mp) {
  File file;
  const bgp::Update update{.withdrawn = {prefix_of("198.51.100.0/24")},
                           .announced = {},
                           .route = route_of({Asn{64501}, Asn{9198}})};
  for (unsigned bits = 0; bits < 8; ++bits) {
    SessionForm form;
    form.width = (bits & 1) != 0 ? bgp::AsnWidth::four : bgp::AsnWidth::two;
    form.local = (bits & 2) != 0;
    if ((bits & 4) != 0) form.path_id = 5;
    if (bits % 3 == 0) form.microseconds = 17;
    const char* peer = bits % 2 == 0 ? "192.0.2.9" : "2001:db8::9";
    file.writer.update(kStart, session_of(peer), update, form);
    if (bits < 2) {
      file.writer.state_change(kStart, session_of(peer), SessionState::established,
                               SessionState::idle, form);
      file.writer.keepalive(kStart, session_of(peer), form);
    }
  }
  EXPECT_EQ(Reading(file.bytes).text(),
            "BGP4MP_ET/1 .17 192.0.2.9 -198.51.100.0/24\n"
            "BGP4MP_ET/0 .17 192.0.2.9 6>1\n"
            "BGP4MP_ET/1 .17 192.0.2.9 message 4\n"
            "BGP4MP/4 2001:db8::9 -198.51.100.0/24\n"
            "BGP4MP/5 2001:db8::9 6>1\n"
            "BGP4MP/4 2001:db8::9 message 4\n"
            "BGP4MP/6 192.0.2.9 local -198.51.100.0/24\n"
            "BGP4MP_ET/7 .17 2001:db8::9 local -198.51.100.0/24\n"
            "BGP4MP/8 192.0.2.9 -198.51.100.0/24#5\n"
            "BGP4MP/9 2001:db8::9 -198.51.100.0/24#5\n"
            "BGP4MP_ET/10 .17 192.0.2.9 local -198.51.100.0/24#5\n"
            "BGP4MP/11 2001:db8::9 local -198.51.100.0/24#5\n");
}

TEST(Record, ReadsTheTypeOf1999) {
  File file;
  const bgp::Update update{.withdrawn = {},
                           .announced = {prefix_of("192.0.2.0/24")},
                           .route = route_of({Asn{64501}, Asn{9198}})};
  const Session session = session_of("192.0.2.9");
  file.writer.legacy_update(kStart, session, update);
  file.writer.legacy_state_change(kStart, session, SessionState::active, SessionState::open_sent);
  file.writer.legacy_keepalive(kStart, session);
  file.writer.record(kStart, kLegacyBgp, kLegacySync, std::vector<std::uint8_t>{0, 0, 'a', 0});
  file.writer.record(kStart, kLegacyBgp, kLegacyNull, Bytes());
  EXPECT_EQ(Reading(file.bytes).text(),
            "BGP/1 192.0.2.9 +192.0.2.0/24 64501 9198\n"
            "BGP/3 192.0.2.9 3>4\n"
            "BGP/7 192.0.2.9 message 4\n"
            "BGP/4 -\n"
            "BGP/0 -\n");
}

TEST(Record, ReadsAMessageOf65535Bytes) {
  std::vector<Prefix> prefixes;
  for (std::uint32_t i = 0; i < 16'300; ++i) {
    prefixes.push_back(*Prefix::make(IpAddress::v4((11u << 24) + (i << 8)), 24));
  }
  File file;
  file.writer.update(kStart, session_of("192.0.2.9"),
                     {.withdrawn = {}, .announced = prefixes, .route = route_of({Asn{64501}})},
                     {.max_message_bytes = bgp::kMaxExtendedMessageBytes});
  EXPECT_GT(file.bytes.size(), 65'000u);
  MemorySource source{std::string_view(file.bytes)};
  RecordReader reader(source);
  ASSERT_EQ(reader.next(), RecordReader::Step::record);
  Bgp4mp entry;
  ASSERT_EQ(decode_bgp4mp(reader.record(), entry), Decoded::yes);
  bgp::UpdateView update;
  ASSERT_EQ(bgp::decode_update(entry.message.body, entry.width, update), bgp::Verdict::good);
  std::vector<Prefix> announced;
  bgp::for_each_change(
      update, [](const Prefix&) {}, [&](const Prefix& prefix) { announced.push_back(prefix); });
  EXPECT_EQ(announced, prefixes);
}

struct Counts {
  std::uint64_t records = 0;
  std::uint64_t announced = 0;
  std::uint64_t withdrawn = 0;
  std::uint64_t table_routes = 0;
  std::uint64_t state_changes = 0;
  std::uint64_t unknown_states = 0;  // of sessions without a name
  std::uint64_t unknown_opens = 0;
  std::uint64_t not_read = 0;
  std::uint64_t damaged = 0;
  std::map<unsigned, std::uint64_t> messages;  // by type
  bool operator==(const Counts&) const = default;
};

Counts counts_of(const std::filesystem::path& path) {
  const std::string bytes = archive_bytes(path);
  MemorySource source{std::string_view(bytes)};
  RecordReader reader(source);
  AddPathMemory memory;
  bgp::UpdateView update;
  Counts counts;
  for (auto step = reader.next(); step != RecordReader::Step::end; step = reader.next()) {
    if (step == RecordReader::Step::damaged) {
      ++counts.damaged;
      continue;
    }
    ++counts.records;
    const Record& record = reader.record();
    Decoded decoded = Decoded::unsupported;
    Bgp4mp entry;
    if (record.is_old_rib()) {
      OldRibReader routes(record);
      for (OldRibRecord rib; routes.next(rib);) ++counts.table_routes;
      decoded = routes.decoded();
    } else if (record.is_session()) {
      decoded = decode_bgp4mp(record, entry);
    }
    counts.not_read += decoded == Decoded::unsupported;
    counts.damaged += decoded == Decoded::damaged;
    if (decoded != Decoded::yes || !record.is_session()) continue;
    if (entry.kind == Bgp4mp::Kind::state_change) {
      ++(entry.session.known() ? counts.state_changes : counts.unknown_states);
      continue;
    }
    ++counts.messages[entry.message.type];
    if (entry.message.type == 1 && !entry.session.known()) ++counts.unknown_opens;
    if (entry.message.type != 2) continue;
    memory.decode(entry, update);
    bgp::for_each_change(
        update, [&](const Prefix&) { ++counts.withdrawn; },
        [&](const Prefix&) { ++counts.announced; });
  }
  return counts;
}

// The numbers of two other parsers: bgpdump 1.6.2 and bgpkit-parser 0.21.
TEST(HistoricalFiles, September1999IsMrtType5) {
  REQUIRE_DATA(path, "mrt/rrc00.updates.19990903.1041.gz");
  const Counts counts = counts_of(path);
  EXPECT_EQ(counts.records, 24'242u);
  EXPECT_EQ(counts.messages, (std::map<unsigned, std::uint64_t>{{1, 1}, {2, 24'216}, {4, 21}}));
  EXPECT_EQ(counts.state_changes, 4u);
  EXPECT_EQ(counts.announced, 65'286u);
  EXPECT_EQ(counts.withdrawn, 25u);
  EXPECT_EQ(counts.damaged + counts.not_read, 0u);
}

TEST(HistoricalFiles, January2000HasTablesInBatchesOfFourBytesTooShort) {
  REQUIRE_DATA(path, "mrt/rrc00.bview.20000111.0032.gz");
  const Counts counts = counts_of(path);
  EXPECT_EQ(counts.records, 2'490u);
  EXPECT_EQ(counts.table_routes, 452'018u);
  EXPECT_EQ(counts.damaged + counts.not_read, 0u);
}

TEST(HistoricalFiles, November2000HasRecordsOfZebraWithoutASession) {
  REQUIRE_DATA(path, "mrt/rrc01.updates.20001104.0124.gz");
  const Counts counts = counts_of(path);
  EXPECT_EQ(counts.records, 1'286u);
  EXPECT_EQ(counts.unknown_states, 42u);
  EXPECT_EQ(counts.unknown_opens, 21u);
  EXPECT_EQ(counts.state_changes, 322u);
  EXPECT_EQ(counts.announced, 378u);
  EXPECT_EQ(counts.withdrawn, 141u);
  EXPECT_EQ(counts.damaged + counts.not_read, 0u);
}

TEST(HistoricalFiles, OpenBgpdsTablesOfBgp4mpEntriesAreRead) {
  REQUIRE_DATA(path, "mrt/samples/openbgpd_rib_table-mp.a3a843.mrt");
  const Counts counts = counts_of(path);
  EXPECT_EQ(counts.records, 31u);
  EXPECT_EQ(counts.table_routes, 31u);
  EXPECT_EQ(counts.damaged + counts.not_read, 0u);
}

}  // namespace
}  // namespace lightsout::mrt
