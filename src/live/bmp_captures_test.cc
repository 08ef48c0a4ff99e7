// The captures of real routers against what another collector (pmacct) made of the same packets:
// every row, every field that speaks about the router. Left out are the fields of pmacct itself:
// seq, writer_id, tag, label, the address of its test network, its words for numbers. Its rows
// "internal delete" are what it knew of a session when that ended; here they are what is left after
// all announcements and withdrawals.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/test_data.h"
#include "live/bmp_json.h"
#include "live/capture.h"
#include "live/test_bmp.h"

namespace lightsout::live {
namespace {

using nlohmann::json;

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<json> json_lines(const std::string& text) {
  std::vector<json> rows;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) rows.push_back(json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  return rows;
}

// Everything that the capture says, as our JSON.
std::vector<json> ours(const std::filesystem::path& path) {
  std::string text;
  BmpJson writer;
  std::vector<std::string> damage;
  Capture capture(
      {.name = "capture",
       .record = {},
       .damage = [&](DamagedPart part) { damage.push_back(part.reason); },
       .message = [&](const std::string& name, const BmpMessage& message,
                      const Stamp& arrival) { writer.write(name, message, arrival, text); }});
  capture.push(bytes_of(file_text(path)));
  capture.finish();
  EXPECT_THAT(damage, testing::IsEmpty());
  return json_lines(text);
}

std::string address(const json& text) {
  if (!text.is_string()) return "-";
  const Result<IpAddress> parsed = IpAddress::parse(text.get<std::string>());
  if (!parsed) return "?";
  // pmacct writes 192.0.2.1 for ::ffff:192.0.2.1 in one place and the reverse in another.
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(kMapped.begin(), kMapped.end(), parsed->bytes.begin())) return parsed->text();
  return IpAddress::v4(ByteReader(Bytes(parsed->bytes).subspan(12)).u32()).text();
}

std::string list(const json& row, const char* name, bool sorted) {
  std::vector<std::string> texts;
  if (row.contains(name) && row[name].is_string()) {  // the other scenario writes one text
    const std::string text = row[name].get<std::string>();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      texts.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  } else if (row.contains(name)) {
    for (const json& each : row[name]) {
      texts.push_back(each.is_string() ? each.get<std::string>() : each.dump());
    }
  }
  if (sorted) std::sort(texts.begin(), texts.end());
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string plain(const json& row, const char* name) {
  if (!row.contains(name) || row[name].is_null()) return "-";
  return row[name].is_string() ? row[name].get<std::string>() : row[name].dump();
}

// --- pmacct's rows ---

std::string their_view(const json& row) {
  return fmt::format("{} in={} loc={} post={} out={}", plain(row, "bmp_rib_type"),
                     plain(row, "is_in"), plain(row, "is_loc"), plain(row, "is_post"),
                     plain(row, "is_out"));
}

std::string their_peer(const json& row) {
  return fmt::format("{} AS{} {} {}", address(row["peer_ip"]), plain(row, "peer_asn"),
                     plain(row, "bgp_id"), their_view(row));
}

std::string their_route(const json& row, bool attributes) {
  std::string text = fmt::format("{} afi {} safi {} {} rd {} of {}", their_peer(row),
                                 plain(row, "afi"), plain(row, "safi"), plain(row, "ip_prefix"),
                                 plain(row, "rd"), plain(row, "rd_origin"));
  EXPECT_TRUE(row["as_path_id"].is_null() && row["psid_li"].is_null());
  if (!attributes) return text;
  return text + fmt::format(
                    " hop {} path {} comms {} ecomms {} lcomms {} origin {} lp {} med {} "
                    "aigp {} otc {} label {}",
                    address(row["bgp_nexthop"]), list(row, "as_path", false),
                    list(row, "comms", true), list(row, "ecomms", true), list(row, "lcomms", true),
                    plain(row, "origin"), plain(row, "local_pref"), plain(row, "med"),
                    plain(row, "aigp"), plain(row, "otc"), plain(row, "mpls_label"));
}

std::string their_text(const json& row) {
  const std::string type = row.value("bmp_msg_type", "");
  const std::string log = row.value("log_type", "");
  if (type == "init") {
    return fmt::format("init {} | {}", plain(row, "bmp_init_info_sysdescr"),
                       plain(row, "bmp_init_info_sysname"));
  }
  const std::string at = plain(row, "timestamp");
  if (type == "peer_up") {
    return fmt::format("peer_up {} {} type {} rd {} local AS{} {} ports {} {} filtered {} table {}",
                       at, their_peer(row), plain(row, "peer_type"), plain(row, "rd"),
                       plain(row, "local_as"), address(row["local_ip"]), plain(row, "local_port"),
                       plain(row, "remote_port"), plain(row, "is_filtered"),
                       plain(row, "bmp_peer_up_info_vrf_table_name"));
  }
  if (type == "peer_down") {
    return fmt::format("peer_down {} {} type {} rd {} reason {} fsm {}", at, their_peer(row),
                       plain(row, "peer_type"), plain(row, "rd"), plain(row, "reason_type"),
                       plain(row, "reason_loc_code"));
  }
  if (type == "stats") {
    return fmt::format("stats {} {} type {} rd {} counter {} = {} afi {} safi {}", at,
                       their_peer(row), plain(row, "peer_type"), plain(row, "rd"),
                       plain(row, "counter_type"), plain(row, "counter_value"), plain(row, "afi"),
                       plain(row, "safi"));
  }
  // What pmacct deletes when a session ends bears its own clock.
  if (log == "delete") return "delete " + their_route(row, true);
  if (log == "end-of-rib") return fmt::format("end-of-rib {} {}", at, their_route(row, false));
  if (log.empty()) return "dump " + their_route(row, true);  // with the time of the dump
  return fmt::format("{} {} {}", log, at, their_route(row, true));
}

// --- our rows, in the same words ---

class OurTexts {
 public:
  // `ends`: the session ends with the capture, and everything known is deleted.
  std::vector<std::string> of(const std::vector<json>& rows, bool ends) {
    for (const json& row : rows) add(row);
    if (ends) {
      for (const auto& [key, route] : routes_) texts_.push_back("delete " + route);
    }
    return texts_;
  }

  // What is known at the end, as pmacct dumps it.
  std::vector<std::string> known() const {
    std::vector<std::string> texts;
    for (const auto& [key, route] : routes_) texts.push_back("dump " + route);
    return texts;
  }

 private:
  static std::string at(const json& row) {
    return row.contains("time") ? fmt::format("{:.6f}", row["time"].get<double>()) : "0.000000";
  }
  static std::string view(const json& row) {
    const std::string rib = row["rib"];
    if (rib == "loc") return "Loc-Rib in=- loc=1 post=- out=-";
    const bool post = rib == "adj_in_post";
    return fmt::format("Adj-Rib-In {}-Policy in=1 loc=- post={} out=-", post ? "Post" : "Pre",
                       post ? 1 : 0);
  }
  std::string peer(const json& row) const {
    // pmacct takes the number of a Loc-RIB from a Peer Up of 0.0.0.0, in which FRR wrote 0; in the
    // header of the message the number is right.
    const bool loc = row["rib"] == "loc" && up_at_zero_;
    return fmt::format("{} AS{} {} {}", address(row["peer"]), loc ? "0" : plain(row, "peer_asn"),
                       plain(row, "bgp_id"), view(row));
  }
  std::string route(const json& row) const {
    const bool vpn = row.contains("distinguisher");
    // For labelled routes (SAFI 4) pmacct leaves away the distinguisher of the instance.
    const bool instance = row.contains("peer_distinguisher") && plain(row, "safi") != "4";
    return fmt::format("{} afi {} safi {} {} rd {} of {}", peer(row), plain(row, "afi"),
                       plain(row, "safi"), plain(row, "prefix"),
                       vpn        ? plain(row, "distinguisher")
                       : instance ? plain(row, "peer_distinguisher")
                                  : "-",
                       vpn        ? "bgp"
                       : instance ? "bmp"
                                  : "-");
  }
  static std::string attributes(const json& row) {
    const std::map<std::string, std::string> kOrigins{
        {"igp", "i"}, {"egp", "e"}, {"incomplete", "u"}};
    return fmt::format(
        " hop {} path {} comms {} ecomms {} lcomms {} origin {} lp {} med {} aigp {} "
        "otc {} label {}",
        // A message without a next hop is one of 0.0.0.0 to pmacct.
        row.contains("next_hop") ? address(row["next_hop"]) : "0.0.0.0", list(row, "path", false),
        list(row, "communities", true), list(row, "extended_communities", true),
        list(row, "large_communities", true),
        row.contains("origin") ? kOrigins.at(row["origin"]) : "-", plain(row, "local_pref"),
        plain(row, "med"), plain(row, "aigp"), plain(row, "only_to_customer"),
        row.contains("labels") ? list(row, "labels", false) : "-");
  }

  void add(const json& row) {
    const std::string event = row["event"];
    if (event == "initiation") {
      texts_.push_back(fmt::format("init {} | {}", plain(row, "system"), plain(row, "name")));
      return;
    }
    const std::string rd = plain(row, "peer_distinguisher");
    if (event == "peer_up") {
      up_at_zero_ = up_at_zero_ || row["peer_asn"] == 0;
      texts_.push_back(
          fmt::format("peer_up {} {} type {} rd {} local AS{} {} ports {} {} filtered {} table {}",
                      at(row), peer(row), plain(row, "peer_type"), rd, plain(row, "local_asn"),
                      address(row["local"]), plain(row, "local_port"), plain(row, "remote_port"),
                      row.contains("filtered") ? 1 : 0, plain(row, "table")));
    } else if (event == "peer_down") {
      texts_.push_back(fmt::format("peer_down {} {} type {} rd {} reason {} fsm {}", at(row),
                                   peer(row), plain(row, "peer_type"), rd, plain(row, "reason"),
                                   plain(row, "fsm_event")));
      forget(row);
    } else if (event == "statistic") {
      texts_.push_back(fmt::format("stats {} {} type {} rd {} counter {} = {} afi {} safi {}",
                                   at(row), peer(row), plain(row, "peer_type"), rd,
                                   plain(row, "counter"), plain(row, "value"), plain(row, "afi"),
                                   plain(row, "safi")));
    } else if (event == "end_of_rib") {
      texts_.push_back(fmt::format("end-of-rib {} {}", at(row), route(row)));
    } else if (event == "announce") {
      routes_[route(row)] = route(row) + attributes(row);
      texts_.push_back(fmt::format("update {} {}", at(row), routes_[route(row)]));
    } else if (event == "withdraw") {
      // pmacct adds what it knew of the route, and does not tell of a route it did not know.
      if (!routes_.contains(route(row))) return;
      texts_.push_back(fmt::format("withdraw {} {}", at(row), routes_[route(row)]));
      routes_.erase(route(row));
    } else {
      texts_.push_back("unexpected " + row.dump());
    }
  }

  void forget(const json& row) {
    const std::string whom = fmt::format("{} AS{} {}", address(row["peer"]), plain(row, "peer_asn"),
                                         plain(row, "bgp_id"));
    for (auto at = routes_.begin(); at != routes_.end();) {
      if (!at->first.starts_with(whom)) {
        ++at;
        continue;
      }
      texts_.push_back("delete " + at->second);
      at = routes_.erase(at);
    }
  }

  std::map<std::string, std::string> routes_;
  bool up_at_zero_ = false;
  std::vector<std::string> texts_;
};

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::vector<std::string> theirs(const std::filesystem::path& path) {
  std::vector<std::string> texts;
  for (const json& row : json_lines(file_text(path))) {
    if (!row.contains("bmp_msg_type")) continue;  // pmacct's own: log_init, dump_init, dump_close
    texts.push_back(their_text(row));
  }
  return texts;
}

struct CaptureCase {
  const char* folder;
  const char* expected;
  bool ends;
  std::size_t rows;
};

class BmpCaptures : public testing::TestWithParam<CaptureCase> {};

TEST_P(BmpCaptures, SayWhatAnotherCollectorReadInThem) {
  const std::string folder = std::string("bmp/") + GetParam().folder;
  REQUIRE_DATA(capture, folder + "/traffic-00.pcap");
  REQUIRE_DATA(expected, folder + "/" + GetParam().expected);
  const std::vector<std::string> wanted = sorted(theirs(expected));
  EXPECT_EQ(wanted.size(), GetParam().rows);
  const std::vector<std::string> got = sorted(OurTexts().of(ours(capture), GetParam().ends));
  std::vector<std::string> missing, extra;
  std::set_difference(wanted.begin(), wanted.end(), got.begin(), got.end(),
                      std::back_inserter(missing));
  std::set_difference(got.begin(), got.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(extra));
  EXPECT_THAT(missing, testing::IsEmpty());
  EXPECT_THAT(extra, testing::IsEmpty());
}

TEST(BmpDump, HoldsWhatAnotherCollectorKnowsAtTheEnd) {
  for (const char* const expected_name :
       {"output-bmp-dump-00.json", "scenario-01/output-bmp-dump-00.json"}) {
    REQUIRE_DATA(capture, "bmp/203-BMP-HUAWEI-dump/traffic-00.pcap");
    REQUIRE_DATA(expected, std::string("bmp/203-BMP-HUAWEI-dump/") + expected_name);
    std::vector<std::string> wanted;
    for (const std::string& text : theirs(expected)) {
      if (text.starts_with("dump ")) wanted.push_back(text);
    }
    OurTexts texts;
    texts.of(ours(capture), false);
    EXPECT_EQ(wanted.size(), 84u);
    EXPECT_EQ(sorted(texts.known()), sorted(wanted));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Real, BmpCaptures,
    testing::Values(
        CaptureCase{"200-BMP-HUAWEI-locrib_instance", "output-bmp-00.json", true, 189},
        CaptureCase{"200-BMP-HUAWEI-locrib_instance", "scenario-01/output-bmp-00.json", true, 189},
        CaptureCase{"201-BMP-CISCO-rd_instance", "output-bmp-00.json", true, 669},
        CaptureCase{"201-BMP-CISCO-rd_instance", "scenario-01/output-bmp-00.json", true, 669},
        CaptureCase{"203-BMP-HUAWEI-dump", "output-bmp-00.json", false, 105},
        CaptureCase{"203-BMP-HUAWEI-dump", "scenario-01/output-bmp-00.json", false, 105},
        CaptureCase{"205-BMP-6wind-FRR-peer_down", "output-bmp-00.json", false, 765},
        CaptureCase{"205-BMP-6wind-FRR-peer_down", "scenario-01/output-bmp-00.json", false, 765}));

}  // namespace
}  // namespace lightsout::live
