// SPDX-License-Identifier: Apache-2.0
#include "rib/replay.h"

#include <gtest/gtest.h>

#include "mrt/writer.h"
#include "rib/made_collector.h"
#include "rib/visibility.h"

namespace lightsout::rib {
namespace {

using namespace std::chrono_literals;

mrt::Archive archive(const std::string& name, const std::string& bytes) {
  return {.name = name, .open = [bytes]() -> Result<std::unique_ptr<ByteSource>> {
            struct Own final : ByteSource {
              explicit Own(std::string all)
                  : text(std::move(all)), source(std::string_view(text)) {}
              Result<std::size_t> read(std::span<std::uint8_t> into) override {
                return source.read(into);
              }
              std::string text;
              MemorySource source;
            };
            return std::unique_ptr<ByteSource>(std::make_unique<Own>(bytes));
          }};
}

TEST(Replay, GivesTheStateAtTheEndOfEachBinAndAtAnyTime) {
  const mrt::Peer peer{.address = IpAddress::v4(0xc0000202), .asn = Asn{64500}};
  const mrt::Session session{.peer_asn = peer.asn,
                             .local_asn = Asn{64499},
                             .peer = peer.address,
                             .local = IpAddress::v4(0x0a000001)};
  const auto route = [&](Asn origin) {
    return bgp::Route{.path = {peer.asn, Asn{3356}, origin}, .next_hop = peer.address};
  };
  std::string table, updates;
  mrt::Writer rib_file([&](Bytes part) { table.append(part.begin(), part.end()); });
  rib_file.peer_index_table(kStart, {.collector_id = 0x0a000001, .view_name = "", .peers = {peer}});
  for (std::uint32_t i = 0; i < 4; ++i) {
    rib_file.rib(kStart, numbered(i), {{{0, kStart, route(Asn{9198})}}});
  }
  mrt::Writer update_file([&](Bytes part) { updates.append(part.begin(), part.end()); });
  update_file.update(kStart + 310s, session, {.withdrawn = {numbered(0)}});
  update_file.update(kStart + 650s, session,
                     {.announced = {numbered(0), numbered(9)}, .route = route(Asn{7})});

  Rib rib({.paths = true});
  Damage damage;
  Replay replay(rib, {archive("updates", updates), archive("rib", table)}, damage);
  const PrefixTable no_places;
  Visibility visibility(rib, no_places, {.networks = true});
  std::string seen;
  Time end = replay.first_bin_end();
  EXPECT_EQ(end, kStart + 300s);
  for (;; end += 300s) {
    const bool more = replay.run_to(end);
    visibility.refresh();
    for (std::size_t e = 0; e < visibility.entities(); ++e) {
      seen += visibility.entity(e).text() + "=" +
              std::to_string(visibility.of(e, Family::v4).units) + " ";
    }
    if (!more) break;
  }
  EXPECT_EQ(seen, "asn:9198=4 asn:9198=3 asn:9198=3 asn:7=2 ");
  EXPECT_EQ(replay.totals().records, 7u);
  EXPECT_TRUE(damage.empty());

  std::string routes, scratch;
  rib.for_each_route([&](Row row, PeerId id) {
    routes += rib.prefixes().at(row).text() + " " +
              std::to_string(rib.path(id, row, scratch).origin()->number) + " " +
              std::to_string(rib.since(id, row) - kStart.time_since_epoch().count()) + "\n";
  });
  EXPECT_EQ(routes,
            "10.0.0.0/24 7 650\n10.0.1.0/24 9198 0\n10.0.2.0/24 9198 0\n10.0.3.0/24 9198 0\n"
            "10.0.9.0/24 7 650\n");
}

TEST(Replay, OfNothingIsEmpty) {
  Rib rib;
  Damage damage;
  Replay replay(rib, {}, damage);
  EXPECT_TRUE(replay.empty());
  EXPECT_FALSE(replay.run_to(kStart));
}

}  // namespace
}  // namespace lightsout::rib
