// A large routing table for benchmarks, made from a real one: 1 to 200 full-feed peers.
//
// The table is rib2010 of the data folder (rrc06, 1 July 2010: 323,487 IPv4 prefixes, two full
// feeds). Every synthetic peer copies the entries of one of the two feeds. Its paths begin with its
// own ASN, the peer's, as real paths do; a transit network that two peers share follows, so that
// half of the paths differ behind the first hop; and each entry has two communities. An entry has
// then 57 bytes on average, as in the tables of that kind that other parsers were measured with.
//
//   const auto table = bench_table_file(20);   // nullopt without the data folder
//   // table->path: 372 MB in the temporary folder, kept there for the next run
//   // table->entries: 6,419,420
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/test_data.h"
#include "mrt/record_reader.h"
#include "mrt/test_archive.h"

namespace lightsout::mrt {

constexpr unsigned kBenchMaxPeers = 200;
constexpr std::uint32_t kBenchFirstPeerAsn = 64512;     // the private range of RFC 6996
constexpr std::uint32_t kBenchFirstTransitAsn = 65000;  // one for two peers

class BenchTable {
 public:
  BenchTable(const std::string& rib2010, unsigned peers) : peers_(peers) {
    CHECK(peers >= 1 && peers <= kBenchMaxPeers);
    MemorySource source{std::string_view(rib2010)};
    RecordReader reader(source);
    while (reader.next() == RecordReader::Step::record) {
      const Record& record = reader.record();
      RibRecord rib;
      if (decode_rib(record, rib) == Decoded::yes) rows_.push_back(row_of(record, rib));
    }
  }

  std::uint64_t entries() const {
    std::uint64_t count = 0;
    for (const Row& row : rows_) {
      for (unsigned peer = 0; peer < peers_; ++peer) count += !row.routes[peer % kFeeds].empty();
    }
    return count;
  }

  // Calls `sink(const std::string&)` with pieces of some 256 kB, in order.
  template <typename Sink>
  void write(Sink&& sink) const {
    std::string out;
    peer_table(out);
    for (const Row& row : rows_) {
      record(row, out);
      if (out.size() >= 256u << 10) {
        sink(out);
        out.clear();
      }
    }
    sink(out);
  }

 private:
  static constexpr std::uint16_t kFeeds = 2;  // peers 0 and 1 of rib2010 have the whole table

  struct Row {
    std::uint32_t seconds = 0;
    std::string head;                        // sequence number and prefix
    std::array<std::string, kFeeds> routes;  // time, then attributes; empty: the feed has none
  };

  static void put16(std::string& out, std::size_t value) {
    out += static_cast<char>(value >> 8);
    out += static_cast<char>(value);
  }
  static void put32(std::string& out, std::uint32_t value) {
    put16(out, value >> 16);
    put16(out, value & 0xffff);
  }
  static std::string text_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

  static Row row_of(const Record& record, const RibRecord& rib) {
    Row row;
    row.seconds = static_cast<std::uint32_t>(record.time.time_since_epoch().count());
    row.head = text_of(record.body.first(record.body.size() - rib.entries.size() - 2));
    RibEntryReader entries(rib);
    for (RibEntry entry; entries.next(entry);) {
      if (entry.peer_index >= kFeeds || !row.routes[entry.peer_index].empty()) continue;
      std::string& route = row.routes[entry.peer_index];
      put32(route, entry.originated);
      route += text_of(entry.attributes);
    }
    return row;
  }

  static void header(std::string& out, std::uint32_t seconds, std::uint16_t subtype,
                     std::size_t length) {
    put32(out, seconds);
    put16(out, kTableDump2);
    put16(out, subtype);
    put32(out, static_cast<std::uint32_t>(length));
  }

  void peer_table(std::string& out) const {
    header(out, rows_.empty() ? 0 : rows_.front().seconds, kPeerIndexTable, 8 + 13 * peers_);
    put32(out, 1);  // collector
    put16(out, 0);  // no view name
    put16(out, peers_);
    for (unsigned peer = 0; peer < peers_; ++peer) {
      out += '\2';  // an IPv4 address, an ASN of four bytes
      put32(out, 0x0a000001 + peer);
      put32(out, 0xc0000201 + peer);  // 192.0.2.1 and on
      put32(out, kBenchFirstPeerAsn + peer);
    }
  }

  // The attributes of a feed as this peer would send them.
  static void route(std::string& out, const std::string& old, unsigned peer) {
    std::size_t at = 4;
    const std::size_t length_at = out.size() + 4;
    out.append(old, 0, 4);
    put16(out, 0);
    while (at + 3 <= old.size()) {
      const bool extended = (old[at] & 0x10) != 0;
      const std::size_t head = extended ? 4 : 3;
      std::size_t size = static_cast<std::uint8_t>(old[at + 2]);
      if (extended) size = size << 8 | static_cast<std::uint8_t>(old[at + 3]);
      const bool path = old[at + 1] == 2 && !extended && size >= 6 && size < 252 &&
                        old[at + 3] == 2 && static_cast<std::uint8_t>(old[at + 4]) < 255;
      if (path) {
        out.append(old, at, 2);
        out += static_cast<char>(size + 4);
        out += old[at + 3];
        out += static_cast<char>(old[at + 4] + 1);
        put32(out, kBenchFirstPeerAsn + peer);
        put32(out, kBenchFirstTransitAsn + peer / 2);
        out.append(old, at + 9, size - 6);
      } else {
        out.append(old, at, head + size);
      }
      at += head + size;
    }
    out.append("\xc0\x08\x08", 3);
    put32(out, (kBenchFirstPeerAsn + peer) << 16 | 100);
    put32(out, (kBenchFirstTransitAsn + peer / 2) << 16 | 200);
    const std::size_t length = out.size() - length_at - 2;
    out[length_at] = static_cast<char>(length >> 8);
    out[length_at + 1] = static_cast<char>(length);
  }

  void record(const Row& row, std::string& out) const {
    const std::size_t begin = out.size();
    header(out, row.seconds, kRibIpv4Unicast, 0);
    out += row.head;
    const std::size_t count_at = out.size();
    put16(out, 0);
    unsigned count = 0;
    for (unsigned peer = 0; peer < peers_; ++peer) {
      const std::string& old = row.routes[peer % kFeeds];
      if (old.empty()) continue;
      put16(out, peer);
      route(out, old, peer);
      ++count;
    }
    out[count_at] = static_cast<char>(count >> 8);
    out[count_at + 1] = static_cast<char>(count);
    const std::size_t length = out.size() - begin - 12;
    for (int i = 0; i < 4; ++i) out[begin + 8 + i] = static_cast<char>(length >> (24 - 8 * i));
  }

  unsigned peers_;
  std::vector<Row> rows_;
};

struct BenchTableFile {
  std::filesystem::path path;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

// Makes the table in the temporary folder, or finds it there from an earlier run. Another program
// that makes it at the same time does no harm: the file appears under its name when it is whole.
inline std::optional<BenchTableFile> bench_table_file(unsigned peers) {
  const auto rib2010 = test_data("mrt/oracle/rib2010.mrt.gz");
  if (!rib2010) return std::nullopt;
  const BenchTable table(archive_bytes(*rib2010), peers);
  const std::string name = "lightsout-bench-table-1-" + std::to_string(peers) + ".mrt";
  BenchTableFile file{.path = std::filesystem::temp_directory_path() / name,
                      .entries = table.entries()};
  if (!std::filesystem::exists(file.path)) {
    const std::string part = file.path.string() + "." + std::to_string(getpid());
    FILE* out = std::fopen(part.c_str(), "wb");
    CHECK(out != nullptr);
    table.write([&](const std::string& bytes) {
      CHECK(std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size());
    });
    CHECK(std::fclose(out) == 0);
    std::filesystem::rename(part, file.path);
  }
  file.bytes = std::filesystem::file_size(file.path);
  return file;
}

}  // namespace lightsout::mrt
