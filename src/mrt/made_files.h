// Small MRT files of every form, made by our own Writer: what the damage tests break, and the seeds
// of the fuzz targets (testdata/fuzz/mrt_*, kept equal by damage_test.cc).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "mrt/writer.h"

namespace lightsout::mrt {

class MadeFiles {
 public:
  // By name; the same bytes on every machine.
  static std::map<std::string, std::string> all() {
    std::map<std::string, std::string> files;
    const auto make = [&](const char* name, void (MadeFiles::*fill)(Writer&)) {
      std::string& bytes = files[name];
      Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
      MadeFiles maker;
      (maker.*fill)(writer);
    };
    make("table", &MadeFiles::table);
    make("table-add-path", &MadeFiles::table_add_path);
    make("table-generic", &MadeFiles::table_generic);
    make("old-table", &MadeFiles::old_table);
    make("old-table-batched", &MadeFiles::old_table_batched);
    make("entries", &MadeFiles::entries);
    make("updates", &MadeFiles::updates);
    make("updates-as2", &MadeFiles::updates_as2);
    make("updates-et", &MadeFiles::updates_et);
    make("updates-add-path", &MadeFiles::updates_add_path);
    make("updates-hidden-add-path", &MadeFiles::updates_hidden_add_path);
    make("legacy", &MadeFiles::legacy);
    return files;
  }

 private:
  // A number of its own: <random> may differ between libraries.
  std::uint32_t random(std::uint32_t below) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 33) % below;
  }

  Time next_time() { return time_ += Seconds(random(3)); }

  Prefix prefix(Family family) {
    IpAddress address;
    address.family = family;
    address.bytes = {11, static_cast<std::uint8_t>(random(256))};
    if (family == Family::v6) address.bytes = {0x20, 0x01, 0x0d, 0xb8};
    for (std::size_t i = 2; i < 4; ++i) {
      address.bytes[i + (family == Family::v6 ? 2 : 0)] = static_cast<std::uint8_t>(random(256));
    }
    return *Prefix::make(address, (family == Family::v4 ? 16 : 32) + random(9));
  }

  std::vector<Prefix> prefixes(Family family, std::uint32_t most) {
    std::vector<Prefix> some;
    for (std::uint32_t left = 1 + random(most); left > 0; --left) some.push_back(prefix(family));
    return some;
  }

  IpAddress address(Family family, std::uint32_t number) {
    IpAddress address = family == Family::v4 ? IpAddress::v4(0xc0000200 + number)
                                             : *IpAddress::parse("2001:db8:ffff::");
    if (family == Family::v6) address.bytes[15] = static_cast<std::uint8_t>(number);
    return address;
  }

  bgp::Route route(Family hop) {
    bgp::Route route{.path = {Asn{64500 + random(6)}}, .next_hop = address(hop, 1 + random(6))};
    for (std::uint32_t left = random(5); left > 0; --left) {
      route.path.push_back(Asn{random(4) == 0 ? 400'000 + random(99) : 64'600 + random(99)});
    }
    if (random(3) == 0) route.med = random(500);
    if (random(3) == 0) route.local_pref = 100 + random(9);
    for (std::uint32_t left = random(4); left > 0; --left) {
      route.communities.push_back(64'500u << 16 | random(1000));
    }
    return route;
  }

  Session session() {
    const std::uint32_t number = random(6);
    const Family family = number < 4 ? Family::v4 : Family::v6;
    return {.peer_asn = Asn{64'500 + number},
            .local_asn = Asn{64'499},
            .peer = address(family, 10 + number),
            .local = address(family, 1)};
  }

  Session session4() {
    Session session = this->session();
    session.peer = address(Family::v4, 10 + session.peer_asn.number - 64'500);
    session.local = address(Family::v4, 1);
    return session;
  }

  PeerIndexTable peers() {
    PeerIndexTable table{.collector_id = 0xc0000201, .view_name = "made"};
    for (std::uint32_t i = 0; i < 6; ++i) {
      table.peers.push_back({.bgp_id = i,
                             .address = address(i < 4 ? Family::v4 : Family::v6, 10 + i),
                             .asn = Asn{64'500 + i}});
    }
    return table;
  }

  std::vector<RibRoute> rib_routes(Family family) {
    std::vector<RibRoute> routes;
    for (std::uint32_t left = 1 + random(6); left > 0; --left) {
      routes.push_back({.peer_index = static_cast<std::uint16_t>(random(6)),
                        .originated = time_ - Seconds(random(90'000)),
                        .route = route(family),
                        .path_id = 1 + random(3)});
    }
    return routes;
  }

  void rib_records(Writer& writer, int count, RibForm form) {
    for (int i = 0; i < count; ++i) {
      const Family family = i % 3 == 2 ? Family::v6 : Family::v4;
      writer.rib(time_, prefix(family), rib_routes(family), form);
    }
  }

  void table(Writer& writer) {
    writer.peer_index_table(time_, peers());
    rib_records(writer, 60, {});
    rib_records(writer, 6, {.multicast = true});
  }

  void table_add_path(Writer& writer) {
    writer.peer_index_table(time_, peers());
    rib_records(writer, 40, {.add_path = true});
    rib_records(writer, 6, {.multicast = true, .add_path = true});
  }

  void table_generic(Writer& writer) {
    writer.peer_index_table(time_, peers());
    rib_records(writer, 20, {.generic = true});
    rib_records(writer, 20, {.add_path = true, .generic = true});
  }

  OldRoute old_route(Family family) {
    return {.prefix = prefix(family),
            .peer = {.address = address(family, 10 + random(6)), .asn = Asn{64'500 + random(6)}},
            .originated = time_ - Seconds(random(90'000)),
            .route = route(family)};
  }

  void old_table(Writer& writer) {
    for (int i = 0; i < 80; ++i) {
      const Family family = i % 4 == 3 ? Family::v6 : Family::v4;
      writer.table_dump(time_, {old_route(family)},
                        i % 8 < 6 ? bgp::AsnWidth::two : bgp::AsnWidth::four);
    }
  }

  void old_table_batched(Writer& writer) {
    for (int i = 0; i < 12; ++i) {
      std::vector<OldRoute> routes;
      for (std::uint32_t left = 2 + random(12); left > 0; --left) {
        routes.push_back(old_route(Family::v4));
      }
      writer.table_dump(time_, routes);
    }
  }

  void entries(Writer& writer) {
    for (int i = 0; i < 30; ++i) {
      writer.entry(time_, session(), old_route(i % 3 == 2 ? Family::v6 : Family::v4));
    }
  }

  bgp::Update update() {
    const Family family = random(3) == 0 ? Family::v6 : Family::v4;
    bgp::Update update;
    if (random(3) > 0) update.announced = prefixes(family, 6);
    if (random(3) == 0) update.withdrawn = prefixes(family, 4);
    update.route = route(family);
    return update;
  }

  void session_records(Writer& writer, int count, const SessionForm& form) {
    for (int i = 0; i < count; ++i) {
      SessionForm this_form = form;
      if (form.microseconds) this_form.microseconds = random(1'000'000);
      if (form.path_id) this_form.path_id = 1 + random(40);
      const Time time = next_time();
      if (i % 13 == 5) {
        writer.state_change(time, session(), SessionState::established, SessionState::idle,
                            this_form);
      } else if (i % 17 == 3) {
        writer.keepalive(time, session(), this_form);
      } else {
        writer.update(time, session(), update(), this_form);
      }
    }
  }

  void updates(Writer& writer) {
    session_records(writer, 80, {});
    session_records(writer, 10, {.local = true});
  }
  void updates_as2(Writer& writer) { session_records(writer, 80, {.width = bgp::AsnWidth::two}); }
  void updates_et(Writer& writer) { session_records(writer, 80, {.microseconds = 0}); }
  void updates_add_path(Writer& writer) {
    session_records(writer, 40, {.path_id = 1});
    session_records(writer, 20, {.width = bgp::AsnWidth::two, .path_id = 1});
  }
  void updates_hidden_add_path(Writer& writer) {
    session_records(writer, 60, {.path_id = 1, .hide_add_path = true});
  }

  void legacy(Writer& writer) {
    for (int i = 0; i < 60; ++i) {
      const Time time = next_time();
      if (i % 13 == 5) {
        writer.legacy_state_change(time, session4(), SessionState::active, SessionState::idle);
      } else if (i % 17 == 3) {
        writer.legacy_keepalive(time, session4());
      } else {
        writer.legacy_update(
            time, session4(),
            {.withdrawn = {}, .announced = prefixes(Family::v4, 6), .route = route(Family::v4)});
      }
    }
  }

  std::uint64_t state_ = 1;
  Time time_ = *parse_time("2022-01-05T10:00:00Z");
};

}  // namespace lightsout::mrt
