// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>

#include "mrt/record_reader.h"
#include "mrt/writer.h"

namespace lightsout::mrt {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_time("2022-01-05T10:00:00Z");

Session session_of(unsigned number) {
  return Session{.peer_asn = Asn{64500 + number},
                 .local_asn = Asn{64499},
                 .peer = IpAddress::v4(0xc0000200 + number),
                 .local = IpAddress::v4(0xc0000201)};
}

bgp::Route route_of(std::vector<Asn> path) {
  return bgp::Route{.path = std::move(path), .next_hop = IpAddress::v4(0xc0000201)};
}

struct File {
  std::string bytes;
  Writer writer{[this](Bytes part) { bytes.append(part.begin(), part.end()); }};
};

// Everything that a file says, as text: two files are the same exactly when their texts are.
std::string text_of(const std::string& bytes) {
  std::string out;
  MemorySource source{std::string_view(bytes)};
  RecordReader reader(source);
  while (true) {
    const RecordReader::Step step = reader.next();
    if (step == RecordReader::Step::end) return out;
    if (step == RecordReader::Step::damaged) {
      out += "damaged " + std::to_string(reader.damaged().bytes) + "\n";
      continue;
    }
    const Record& record = reader.record();
    out += format_time(record.time) + " " + name_of(record.type, record.subtype);
    RibRecord rib;
    Bgp4mp message;
    if (record.type == kTableDump2 && record.subtype == kPeerIndexTable) {
      const auto table = decode_peer_index_table(record.body);
      if (!table) return out + " unreadable";
      for (const Peer& peer : table->peers) {
        out += " " + peer.address.text() + "," + std::to_string(peer.asn.number);
      }
    } else if (record.type == kTableDump2 && decode_rib(record, rib) == Decoded::yes) {
      out += " " + rib.prefix.text();
      RibEntryReader entries(rib);
      for (RibEntry entry; entries.next(entry);) {
        bgp::Attributes attributes;
        bgp::decode_attributes(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                               attributes);
        out += " " + std::to_string(entry.peer_index) + ":" +
               std::to_string(attributes.path.origin().value_or(Asn{}).number);
      }
    } else if (record.is_bgp4mp() && decode_bgp4mp(record, message) == Decoded::yes) {
      out += " " + message.session.peer.text();
      if (message.kind == Bgp4mp::Kind::state_change) {
        out += " " + std::to_string(message.old_state) + ">" + std::to_string(message.new_state);
      } else {
        bgp::UpdateView update;
        bgp::decode_update(message.message.body, message.width, update);
        bgp::for_each_change(
            update, [&](const Prefix& prefix) { out += " -" + prefix.text(); },
            [&](const Prefix& prefix) { out += " +" + prefix.text(); });
      }
    }
    out += "\n";
  }
}

TEST(Writer, WritesWhatTheReaderReads) {
  File file;
  const IpAddress six = *IpAddress::parse("2001:db8::1");
  file.writer.peer_index_table(
      kStart, {.collector_id = 7,
               .view_name = "test",
               .peers = {{.bgp_id = 1, .address = IpAddress::v4(0xc0000201), .asn = Asn{64500}},
                         {.bgp_id = 2, .address = six, .asn = Asn{400000}}}});
  file.writer.rib(
      kStart, *Prefix::parse("192.0.2.0/24"),
      {{.peer_index = 0, .originated = kStart, .route = route_of({Asn{64500}, Asn{9198}})},
       {.peer_index = 1, .originated = kStart, .route = route_of({Asn{400000}})}});
  file.writer.rib(kStart, *Prefix::parse("2001:db8::/32"),
                  {{.peer_index = 1, .originated = kStart, .route = route_of({Asn{400000}})}});
  file.writer.update(
      kStart + 1s, session_of(1),
      {.withdrawn = {*Prefix::parse("192.0.2.0/24"), *Prefix::parse("2001:db8::/32")},
       .announced = {*Prefix::parse("198.51.100.0/24"), *Prefix::parse("2001:db8:1::/48")},
       .route = route_of({Asn{64501}, Asn{9198}})});
  file.writer.state_change(kStart + 2s, session_of(2), SessionState::established,
                           SessionState::idle);
  EXPECT_EQ(text_of(file.bytes),
            "2022-01-05T10:00:00Z TABLE_DUMP_V2/1 192.0.2.1,64500 2001:db8::1,400000\n"
            "2022-01-05T10:00:00Z TABLE_DUMP_V2/2 192.0.2.0/24 0:9198 1:400000\n"
            "2022-01-05T10:00:00Z TABLE_DUMP_V2/4 2001:db8::/32 1:400000\n"
            "2022-01-05T10:00:01Z BGP4MP/4 192.0.2.1 -192.0.2.0/24\n"
            "2022-01-05T10:00:01Z BGP4MP/4 192.0.2.1 -2001:db8::/32\n"
            "2022-01-05T10:00:01Z BGP4MP/4 192.0.2.1 +198.51.100.0/24\n"
            "2022-01-05T10:00:01Z BGP4MP/4 192.0.2.1 +2001:db8:1::/48\n"
            "2022-01-05T10:00:02Z BGP4MP/5 192.0.2.2 6>1\n");
}

TEST(Writer, SplitsAnUpdateThatIsTooLongAndLosesNothing) {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    bgp::Update update{.route = route_of({Asn{64500}, Asn{9198}})};
    for (unsigned i = 0; i < 300 + random() % 3000; ++i) {
      const bool six = random() % 2 == 0;
      IpAddress address = six ? *IpAddress::parse("2001:db8::") : IpAddress::v4(0);
      for (std::size_t b = six ? 4 : 0; b < (six ? 16u : 4u); ++b) {
        address.bytes[b] = static_cast<std::uint8_t>(random());
      }
      const Prefix prefix = *Prefix::make(address, random() % (max_length(address.family) + 1));
      (random() % 2 == 0 ? update.withdrawn : update.announced).push_back(prefix);
    }
    std::vector<Prefix> withdrawn, announced;
    for (const bgp::ByteVector& bytes : bgp::encode_update(update)) {
      ASSERT_LE(bytes.size(), bgp::kMaxMessageBytes);
      const auto message = bgp::read_message(bytes);
      ASSERT_TRUE(message.has_value());
      bgp::UpdateView view;
      ASSERT_EQ(bgp::decode_update(message->body, bgp::AsnWidth::four, view), bgp::Verdict::good);
      bgp::for_each_change(
          view, [&](const Prefix& prefix) { withdrawn.push_back(prefix); },
          [&](const Prefix& prefix) { announced.push_back(prefix); });
    }
    const auto by_family = [](const Prefix& a, const Prefix& b) { return a.family() < b.family(); };
    std::stable_sort(update.withdrawn.begin(), update.withdrawn.end(), by_family);
    std::stable_sort(update.announced.begin(), update.announced.end(), by_family);
    EXPECT_EQ(withdrawn, update.withdrawn);
    EXPECT_EQ(announced, update.announced);
  }
}

}  // namespace
}  // namespace lightsout::mrt
