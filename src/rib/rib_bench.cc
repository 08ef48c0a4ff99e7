// How long it takes to know what every peer sees, and what each network and country has visible.
//
//   build/bench/src/rib_rib_bench            # everything, as a table
//   build/bench/src/rib_rib_bench table 20   # one part, in this process
//
// The table is that of mrt/bench_table.h, 20 full feeds made from a real one (6.4 million entries);
// the countries are the registries' of 4 January 2022. Every part runs in a process of its own, so
// that its memory is its own, and reads the file through the page cache. Beside each number stands
// the limit that was measured in the same run (the same bytes parsed and nothing else) and what
// bgpview, IODA's engine, was measured to need on a table of the same size: 9.2 s and 733 MB for
// table and view, 3.1 s for each further view.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "core/check.h"
#include "core/test_data.h"
#include "geo/prefix_table_file.h"
#include "mrt/bench_table.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"
#include "mrt/writer.h"
#include "rib/feed.h"
#include "rib/visibility.h"

namespace lightsout::rib {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBin = 20'000;  // elements

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double resident_mb() {
  std::ifstream status("/proc/self/statm");
  double total = 0, resident = 0;
  status >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {
    CHECK(file_ != nullptr);
    std::setvbuf(file_, nullptr, _IONBF, 0);
  }
  ~FileSource() override { std::fclose(file_); }
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    return std::fread(into.data(), 1, into.size(), file_);
  }

 private:
  std::FILE* file_;
};

// What a part has to say: names and numbers, read again by the process that asked.
void say(const char* name, double value) {
  fmt::print("{} {:.6f}\n", name, value);
}

PrefixTable countries() {
  PrefixTable::Builder builder;
  const auto path = test_data("enrich/rir-ip-20220104.tar.gz");
  if (!path) return builder.build();
  const std::string bytes = mrt::archive_bytes(*path);
  Damage damage;
  MemorySource source{std::string_view(bytes)};
  CHECK(read_prefix_table(source, "rir.tar", builder, damage).ok());
  return builder.build();
}

// The table's file. Where it is known already it comes with the part's name, because making it
// takes memory that is not the part's.
struct TableFile {
  unsigned peers = 20;
  std::string path;
};

TableFile table_file(unsigned peers) {
  const auto file = mrt::bench_table_file(peers);
  CHECK(file.has_value());
  return {peers, file->path.string()};
}

void feed_all(Rib& rib, ByteSource& source) {
  Damage damage;
  mrt::RecordReader reader(source);
  Feed feed(rib, "bench", damage);
  while (reader.next() == mrt::RecordReader::Step::record) feed.apply(reader.record());
  feed.finish(Feed::End::whole);
  CHECK(damage.empty());
}

void load(Rib& rib, const TableFile& file) {
  FileSource source(file.path);
  feed_all(rib, source);
}

// The limit: every element looked at as the state must, and nothing kept. Returns how many.
std::uint64_t parse_only(ByteSource& source) {
  std::uint64_t elements = 0, sum = 0;
  mrt::RecordReader reader(source);
  bgp::RouteUpdate update;
  while (reader.next() == mrt::RecordReader::Step::record) {
    mrt::RibRecord rib;
    mrt::Bgp4mp message;
    if (reader.record().type == mrt::kTableDump2) {
      if (mrt::decode_rib(reader.record(), rib) != mrt::Decoded::yes) continue;
      mrt::RibEntryReader entries(rib);
      for (mrt::RibEntry entry; entries.next(entry); ++elements) {
        bgp::decode_route(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                          update.route);
        sum += update.route.origin_asn + update.route.first_asn;
      }
    } else if (mrt::decode_bgp4mp(reader.record(), message) == mrt::Decoded::yes) {
      bgp::decode_update(message.message.body, message.width, update);
      const auto use = [&](const Prefix& prefix) {
        sum += PrefixIndex::hash_of(prefix);
        ++elements;
      };
      bgp::for_each_change(update, use, use);
    }
  }
  benchmark::DoNotOptimize(sum);
  return elements;
}

void part_parse(const TableFile& file) {
  double best = 1e9;
  std::uint64_t entries = 0;
  for (int i = 0; i < 3; ++i) {
    FileSource source(file.path);
    const auto begin = Clock::now();
    entries = parse_only(source);
    best = std::min(best, seconds_since(begin));
  }
  say("entries", static_cast<double>(entries));
  say("seconds", best);
  say("mb", peak_mb());
}

// A routing table to the counts of every network and country at five thresholds.
void part_table(const TableFile& file, bool paths) {
  const PrefixTable table = countries();
  malloc_trim(0);  // what reading them took
  say("countries_mb", resident_mb());
  const auto begin = Clock::now();
  Rib rib({.paths = paths});
  load(rib, file);
  say("state_mb", resident_mb());
  Visibility visibility(rib, table, {.networks = true});
  visibility.refresh();
  say("seconds", seconds_since(begin));
  say("mb", peak_mb());
  say("entities", static_cast<double>(visibility.entities()));
}

// The median of what `each` takes, in milliseconds.
template <typename Each>
double median_ms(int times, Each&& each) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) all.push_back(each() * 1e3);
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

double timed_refresh(Visibility& visibility) {
  const auto begin = Clock::now();
  visibility.refresh();
  return seconds_since(begin);
}

struct World {
  explicit World(const TableFile& file, bool paths = false)
      : table(countries()), rib({.paths = paths}), visibility(rib, table, {.networks = true}) {
    load(rib, file);
    visibility.refresh();
  }
  // Flips what one peer says about one prefix.
  void flip(PeerId peer, Row row, bool announce) {
    const Prefix prefix = rib.prefixes().at(row);
    if (announce) {
      rib.announce(peer, prefix, {.origin = rib.routes().common_origin(row)}, time);
    } else {
      rib.withdraw(peer, prefix, time);
    }
  }
  // Whether stepwise and from nothing come out the same.
  bool same() {
    Visibility fresh(rib, table, {.networks = true});
    fresh.refresh();
    std::map<std::string, Count> all;
    for (std::size_t e = 0; e < fresh.entities(); ++e) {
      all[fresh.entity(e).text()] = fresh.of(e, Family::v4);
    }
    for (std::size_t e = 0; e < visibility.entities(); ++e) {
      if (!(all[visibility.entity(e).text()] == visibility.of(e, Family::v4))) return false;
    }
    return true;
  }

  PrefixTable table;
  Rib rib;
  Visibility visibility;
  Time time{Seconds(1'278'000'000)};
};

void part_views(const TableFile& file) {
  World world(file);
  Rib& rib = world.rib;
  std::mt19937 random(7);
  const auto rows = static_cast<Row>(rib.prefixes().size());
  say("random_ms", median_ms(21, [&] {
        world.time += Seconds(300);
        for (std::size_t i = 0; i < kBin; ++i) {
          const auto peer = static_cast<PeerId>(random() % 20);
          const auto row = static_cast<Row>(random() % rows);
          world.flip(peer, row, !rib.routes().seen(row, peer));
        }
        return timed_refresh(world.visibility);
      }));
  // The network with the most prefixes that 20 peers make into 20,000 elements: it goes, it comes.
  std::map<Asn, std::vector<Row>> by_origin;
  for (Row row = 0; row < rows; ++row) by_origin[rib.routes().common_origin(row)].push_back(row);
  const std::vector<Row>* lost = nullptr;
  for (const auto& [asn, its_rows] : by_origin) {
    if (its_rows.size() <= kBin / 20 && (!lost || its_rows.size() > lost->size())) lost = &its_rows;
  }
  bool announce = false;
  say("outage_elements", static_cast<double>(lost->size() * 20));
  say("outage_ms", median_ms(21, [&] {
        world.time += Seconds(300);
        for (const Row row : *lost) {
          for (PeerId peer = 0; peer < 20; ++peer) world.flip(peer, row, announce);
        }
        announce = !announce;
        return timed_refresh(world.visibility);
      }));
  // Peers fall, one after the other: each time another set of voices, and every level changes.
  PeerId falls = 0;
  say("full_feed_ms", median_ms(7, [&] {
        rib.session(falls++, false, world.time);
        return timed_refresh(world.visibility);
      }));
  say("same", world.same() ? 1 : 0);
}

// Messages of the table's peers about its own prefixes, 1 to 11 neighbours in each, half of them
// withdrawals: `elements` of them at random places.
std::string random_updates(const Rib& rib, std::size_t elements) {
  std::string bytes;
  mrt::Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
  std::mt19937 random(11);
  const auto rows = static_cast<Row>(rib.prefixes().size());
  for (std::size_t made = 0; made < elements;) {
    const auto peer = static_cast<std::uint32_t>(random() % 20);
    const mrt::Session session{.peer_asn = Asn{mrt::kBenchFirstPeerAsn + peer},
                               .local_asn = Asn{1},
                               .peer = IpAddress::v4(0xc0000201 + peer),
                               .local = IpAddress::v4(1)};
    auto row = static_cast<Row>(random() % rows);
    const Asn origin = rib.routes().common_origin(row);
    std::vector<Prefix> prefixes;
    for (std::size_t most = 1 + random() % 11; prefixes.size() < most && row < rows; ++row) {
      if (rib.routes().common_origin(row) != origin) break;
      prefixes.push_back(rib.prefixes().at(row));
    }
    made += prefixes.size();
    const Time time{Seconds(1'278'000'000 + made / 100)};
    if (random() % 2 == 0) {
      writer.update(time, session, {.withdrawn = prefixes});
    } else {
      const Asn hop{mrt::kBenchFirstTransitAsn + static_cast<std::uint32_t>(random() % 16)};
      writer.update(time, session,
                    {.announced = prefixes,
                     .route = {.path = {session.peer_asn, hop, origin}, .next_hop = session.peer}});
    }
  }
  return bytes;
}

// Elements a second through the state, with a view after every kBin of them where `views`.
double elements_a_second(Rib& rib, Visibility* visibility, const std::string& bytes, int times) {
  Damage damage;
  std::uint64_t elements = 0, next_view = kBin;
  const auto begin = Clock::now();
  for (int i = 0; i < times; ++i) {
    MemorySource source{std::string_view(bytes)};
    mrt::RecordReader reader(source);
    Feed feed(rib, "bench", damage);
    while (reader.next() == mrt::RecordReader::Step::record) {
      feed.apply(reader.record());
      elements += feed.changes().size();
      if (visibility == nullptr || elements < next_view) continue;
      visibility->refresh();
      next_view = elements + kBin;
    }
  }
  return static_cast<double>(elements) / seconds_since(begin);
}

void say_updates(const TableFile& file, const char* name, const std::string& bytes, int times,
                 bool paths) {
  World world(file, paths);
  const std::string prefix(name);
  std::uint64_t elements = 0;
  const auto begin = Clock::now();
  for (int i = 0; i < times; ++i) {
    MemorySource source{std::string_view(bytes)};
    elements += parse_only(source);
  }
  const double parse = seconds_since(begin);
  elements_a_second(world.rib, nullptr, bytes, 1);  // what is new in it is made once
  world.visibility.refresh();
  const double apply = elements_a_second(world.rib, nullptr, bytes, times);
  say((prefix + "_apply").c_str(), apply / 1e6);
  if (paths) return;
  say((prefix + "_parse").c_str(), static_cast<double>(elements) / parse / 1e6);
  const double views = elements_a_second(world.rib, &world.visibility, bytes, times);
  say((prefix + "_views").c_str(), views / 1e6);
}

void part_updates(const TableFile& file, bool paths) {
  if (const auto path = test_data("mrt/et.updates.20151023.0201.gz")) {
    say_updates(file, paths ? "real_paths" : "real", mrt::archive_bytes(*path), 10, paths);
  }
  World world(file);
  const std::string bytes = random_updates(world.rib, 2'000'000);
  say_updates(file, paths ? "random_paths" : "random", bytes, 2, paths);
}

// The same two million changes again and again: a day of updates, and the memory after each.
void part_day(const TableFile& file) {
  World world(file, true);
  const std::string bytes = random_updates(world.rib, 2'000'000);
  for (const int times : {1, 4, 5, 10}) {
    static int total = 0;
    elements_a_second(world.rib, &world.visibility, bytes, times);
    total += times;
    fmt::print("day_{:02}M {:.6f}\n", total * 2, resident_mb());
  }
}

// A part in a process of its own: what it said.
std::map<std::string, double> ask(const std::string& part, const TableFile& file,
                                  bool paths = false) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error).string();
  std::stringstream lines(mrt::output_of(
      fmt::format("'{}' {} {} '{}' {}", self, part, file.peers, file.path, paths ? "paths" : "")));
  std::map<std::string, double> said;
  std::string name;
  for (double value; lines >> name >> value;) said[name] = value;
  CHECK(!said.empty());
  return said;
}

void line(const std::string& what, const std::string& ours, const std::string& beside) {
  fmt::print("{:<52} {:>26}   {}\n", what, ours, beside);
  std::fflush(stdout);
}

void print_tables(const TableFile& file) {
  auto parse = ask("parse", file);
  const double entries = parse["entries"];
  fmt::print(
      "20 full feeds, {:.2f} million entries; bgpview needs 9.2 s and 733 MB for table and view\n",
      entries / 1e6);
  line("parse only (the limit)", fmt::format("{:.3f} s, {:.0f} MB", parse["seconds"], parse["mb"]),
       fmt::format("{:.1f} M entries/s", entries / parse["seconds"] / 1e6));
  for (const bool paths : {false, true}) {
    auto table = ask("table", file, paths);
    line(paths ? "table to view, paths and times" : "table to view, origins",
         fmt::format("{:.3f} s, {:.0f} MB", table["seconds"], table["mb"]),
         fmt::format("{:.2f} x the limit; bgpview / {:.0f} and / {:.0f}; {:.0f} entities",
                     table["seconds"] / parse["seconds"], 9.2 / table["seconds"], 733 / table["mb"],
                     table["entities"]));
  }
  auto views = ask("views", file);
  const auto view = [&](const char* what, const char* name) {
    line(what, fmt::format("{:.2f} ms", views[name]),
         fmt::format("bgpview 3100 ms / {:.0f}", 3100 / views[name]));
  };
  view("next view, 20,000 random elements", "random_ms");
  view("next view, a network gone", "outage_ms");
  view("next view, another set of full feeds", "full_feed_ms");
  line("the same counts as from nothing", views["same"] == 1 ? "yes" : "NO", "");
}

void print_updates(const TableFile& file) {
  auto origins = ask("updates", file);
  auto paths = ask("updates", file, true);
  for (const std::string name : {"real", "random"}) {
    line(name + " updates: parse and apply", fmt::format("{:.1f} M/s", origins[name + "_apply"]),
         fmt::format("parse only {:.1f} M/s", origins[name + "_parse"]));
    line(name + " updates: and a view every 20,000",
         fmt::format("{:.1f} M/s", origins[name + "_views"]), "");
    line(name + " updates: with paths and times",
         fmt::format("{:.1f} M/s", paths[name + "_paths_apply"]), "");
  }
}

// What larger worlds cost, from the sizes of what is kept and the time that an entry took here.
void print_larger(double ns_an_entry, double ns_with_paths) {
  struct Size {
    double prefixes, peers;
  };
  fmt::print(
      "\nreckoned, every peer a full feed:\n"
      "prefixes  peers     state  entities  with paths and times   load on one core   with "
      "paths\n");
  for (const Size& size : {Size{323'487, 20}, Size{1e6, 20}, Size{1e6, 100}, Size{1e6, 1000}}) {
    const double words = std::ceil(size.peers / 64);
    double slots = 1024;
    while (slots * 3 < size.prefixes * 4) slots *= 2;
    const double state =
        size.prefixes * (sizeof(Prefix) + 8 * (words + 1) + 2 * sizeof(Row) + 1) + slots * 4;
    // A part in a network, one in a country; level, place and network of the row.
    const double entities = size.prefixes * (2 * 12 + 9) + 100'000 * 150;
    // A cell of 8 bytes a route, and 26 bytes for each path; one path for six routes.
    const double paths = size.prefixes * size.peers * (8 + 26.0 / 6);
    const double entries = size.prefixes * size.peers;
    fmt::print("{:>8.0f} {:>6.0f} {:>6.0f} MB {:>6.0f} MB {:>18.0f} MB {:>16.1f} s {:>10.1f} s\n",
               size.prefixes, size.peers, state / (1 << 20), entities / (1 << 20),
               paths / (1 << 20), entries * ns_an_entry * 1e-9, entries * ns_with_paths * 1e-9);
  }
}

void print_curve() {
  fmt::print("\npeers     entries   parse s   view s   ns an entry   MB   with paths: s   MB\n");
  double ns_an_entry = 0, ns_with_paths = 0;
  for (const unsigned peers : {1u, 2u, 5u, 10u, 20u, 40u}) {
    const TableFile file = table_file(peers);
    auto parse = ask("parse", file);
    auto origins = ask("table", file);
    auto paths = ask("table", file, true);
    fmt::print("{:>5} {:>11.0f} {:>9.3f} {:>8.3f} {:>13.1f} {:>4.0f} {:>15.3f} {:>4.0f}\n", peers,
               parse["entries"], parse["seconds"], origins["seconds"],
               origins["seconds"] / parse["entries"] * 1e9, origins["mb"], paths["seconds"],
               paths["mb"]);
    std::fflush(stdout);
    ns_an_entry = origins["seconds"] / parse["entries"] * 1e9;
    ns_with_paths = paths["seconds"] / parse["entries"] * 1e9;
  }
  print_larger(ns_an_entry, ns_with_paths);
  fmt::print(
      "\nresident memory after so many elements of updates with paths, a view every 20,000:");
  for (const auto& [name, mb] : ask("day", table_file(20)))
    fmt::print("  {} {:.0f} MB", name.substr(4), mb);
  fmt::print("\n");
}

int run(const std::vector<std::string>& part) {
  if (!test_data("mrt/oracle/rib2010.mrt.gz")) {
    fmt::print("needs the data folder\n");
    return 0;
  }
  const bool paths = !part.empty() && part.back() == "paths";
  const unsigned peers =
      part.size() > 1 ? static_cast<unsigned>(std::strtoul(part[1].c_str(), nullptr, 10)) : 20;
  const bool known = part.size() > 2 && part[2] != "paths";
  const TableFile file = known ? TableFile{peers, part[2]} : table_file(peers);
  if (part.empty()) {
    print_tables(file);
    print_updates(file);
    print_curve();
  } else if (part[0] == "parse") {
    part_parse(file);
  } else if (part[0] == "table") {
    part_table(file, paths);
  } else if (part[0] == "views") {
    part_views(file);
  } else if (part[0] == "updates") {
    part_updates(file, paths);
  } else if (part[0] == "day") {
    part_day(file);
  }
  return 0;
}

}  // namespace
}  // namespace lightsout::rib

int main(int argc, char** argv) {
  return lightsout::rib::run({argv + 1, argv + argc});
}
