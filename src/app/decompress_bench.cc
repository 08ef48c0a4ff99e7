// How fast archives are unpacked and read, beside the programs that everybody has, in one run.
//
//   build/bench/src/app_decompress_bench [FILE]
//
// Without FILE, the table of 20 peers (mrt/bench_table.h) with the age of a real route for each of
// its routes, compressed once by gzip and lbzip2 and kept in the temporary folder; and 16 MB of
// text like measurements in every format. The ages are there because the peers of the table copy
// one of two: gzip makes that 21 times smaller, and real tables (rib2010, JINX, rib6) 7 to 9 times;
// with ages it is 10 times.
//
// Each is read by us and by each program (output thrown away) in turn, several times; the best of
// each counts, because the rest is other people's load. What matters are the ratios. The program
// fails when gzip is not unpacked in 1.15 times the time of `igzip -d`, or bzip2 not unpacked and
// read on two threads in 0.75 times that of `lbzip2 -n2 -d`, which unpacks only.
//
// "read" visits every entry with its prefix, peer, origin network and path, as mrt_parse_bench
// does.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "bgp/route_view.h"
#include "compress/codec.h"
#include "compress/test_compress.h"
#include "mrt/bench_table.h"

namespace lightsout {
namespace {

namespace fs = std::filesystem;

constexpr int kRounds = 3;
constexpr std::size_t kTextBytes = 16'000'000;
constexpr std::ptrdiff_t kMrtHeader = 12;  // bytes, RFC 6396 section 2

class PlainFile final : public ByteSource {
 public:
  explicit PlainFile(const std::string& path) : file_(open(path.c_str(), O_RDONLY)) {
    CHECK(file_ >= 0);
  }
  ~PlainFile() override { close(file_); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const ssize_t count = ::read(file_, into.data(), into.size());
    CHECK(count >= 0);
    return static_cast<std::size_t>(count);
  }

 private:
  int file_;
};

std::uint64_t unpack(ByteSource& source) {
  std::vector<std::uint8_t> into(256 * 1024);
  std::uint64_t total = 0;
  for (;;) {
    const Result<std::size_t> count = source.read(into);
    CHECK(count.ok());
    if (*count == 0) return total;
    total += *count;
  }
}

std::uint64_t unpack_and_read(ByteSource& source) {
  mrt::RecordReader reader(source);
  bgp::RouteView view;
  std::uint64_t entries = 0;
  std::uint64_t sum = 0;  // of what was looked at, so that nothing can be left out
  while (reader.next() == mrt::RecordReader::Step::record) {
    mrt::RibRecord rib;
    if (mrt::decode_rib(reader.record(), rib) != mrt::Decoded::yes) continue;
    mrt::RibEntryReader routes(rib);
    for (mrt::RibEntry route; routes.next(route); ++entries) {
      bgp::decode_route(route.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table, view);
      sum += rib.prefix.length() + route.peer_index + view.origin_asn + view.path.size();
    }
  }
  CHECK(entries > 0 && sum > 0);
  return reader.bytes_read();
}

// One way to read the file: ours, or a program.
struct Way {
  std::string name;
  std::function<std::uint64_t(ByteSource&)> work;  // ours
  unsigned threads = 1;
  std::string command;  // a program's, without the file
  std::string path;     // of another file than the one that is measured
  int rounds = kRounds;
  double seconds = 1e9;
};

Way ours(std::string name, std::uint64_t (*work)(ByteSource&), unsigned threads = 1) {
  return {.name = std::move(name), .work = work, .threads = threads};
}

Way program(std::string command, int rounds = kRounds) {
  return {.name = command, .command = command + " -dc", .rounds = rounds};
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Fills in the best time of each; says how many bytes there are, unpacked.
double measure(const std::string& path, std::vector<Way>& ways) {
  std::uint64_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (Way& way : ways) {
      if (round >= way.rounds) continue;
      bool good = true;
      const double seconds = seconds_of([&] {
        if (way.work) {
          const std::string& file = way.path.empty() ? path : way.path;
          bytes = way.work(
              **decompress(std::make_unique<PlainFile>(file), file, {.threads = way.threads}));
        } else {
          good =
              std::system(fmt::format("{} '{}' > /dev/null 2>&1", way.command, path).c_str()) == 0;
        }
      });
      if (good) way.seconds = std::min(way.seconds, seconds);
    }
  }
  return static_cast<double>(bytes) / 1e6;
}

void print(std::string_view title, double megabytes, const std::vector<Way>& ways) {
  fmt::print("\n{}, {:.0f} MB\n", title, megabytes);
  for (const Way& way : ways) {
    if (way.seconds > 1e8) {
      fmt::print("  {:28} is not installed\n", way.name);
      continue;
    }
    fmt::print("  {:28} {:7.3f} s {:7.0f} MB/s", way.name, way.seconds, megabytes / way.seconds);
    for (const Way& peer : ways) {
      if (!way.work || peer.work || peer.seconds > 1e8) continue;
      fmt::print("  {:.2f} x {}", way.seconds / peer.seconds, peer.name);
    }
    fmt::print("\n");
  }
}

double ratio_of(const std::vector<Way>& ways, std::string_view ours, std::string_view peer) {
  const auto named = [&](std::string_view name) {
    return std::find_if(ways.begin(), ways.end(), [&](const Way& way) { return way.name == name; });
  };
  return named(ours)->seconds / named(peer)->seconds;
}

// False when `ours` takes more than `most` times as long as `peer`; true without the peer.
bool gate(const std::vector<Way>& ways, std::string_view ours, std::string_view peer, double most) {
  const double ratio = ratio_of(ways, ours, peer);
  fmt::print("  {}: {} takes {:.2f} x {}, at most {:.2f}\n", ratio <= most ? "reached" : "MISSED",
             ours, ratio, peer, most);
  return ratio <= most;
}

const std::vector<Way> kGzipWays = {ours("unpack", unpack),
                                    ours("unpack and read", unpack_and_read), program("gzip"),
                                    program("igzip")};
const std::vector<Way> kBzip2Ways = {
    ours("unpack, one thread", unpack), ours("unpack, two threads", unpack, 2),
    ours("unpack and read, two", unpack_and_read, 2), program("lbzip2 -n2"), program("bzip2", 1)};

// The times of the routes of a table: `use(bytes)` may read or change the four bytes of each, and
// `keep` gets every record, its header included, afterwards.
template <typename Use, typename Keep>
void for_each_time(ByteSource& source, Use&& use, Keep&& keep) {
  mrt::RecordReader reader(source);
  while (reader.next() == mrt::RecordReader::Step::record) {
    const mrt::Record& record = reader.record();
    const std::uint8_t* const begin = record.body.data() - kMrtHeader;  // in the reader's buffer
    std::vector<std::uint8_t> bytes(begin, record.body.data() + record.body.size());
    mrt::RibRecord rib;
    if (mrt::decode_rib(record, rib) == mrt::Decoded::yes) {
      mrt::RibEntryReader routes(rib);
      for (mrt::RibEntry route; routes.next(route);) {
        // The time and two bytes of length stand before the attributes.
        use(record, route, bytes.data() + (route.attributes.data() - begin) - 6);
      }
    }
    keep(bytes);
  }
}

// The table of copies, with the ages of a real table's routes, drawn anew for each.
fs::path table_with_ages(const fs::path& table, const fs::path& real) {
  const fs::path path = table.parent_path() / ("aged-" + table.filename().string());
  if (fs::exists(path)) return path;
  std::vector<std::uint32_t> ages;
  for_each_time(
      **decompress(std::make_unique<PlainFile>(real.string()), "real"),
      [&](const mrt::Record& record, const mrt::RibEntry& route, std::uint8_t*) {
        const auto now = record.time.time_since_epoch().count();
        ages.push_back(static_cast<std::uint32_t>(now) - route.originated);
      },
      [](const auto&) {});
  const std::string part = fmt::format("{}.{}", path.string(), getpid());
  std::ofstream out(part, std::ios::binary);
  std::mt19937 random(20100701);
  PlainFile file(table.string());
  for_each_time(
      file,
      [&](const mrt::Record& record, const mrt::RibEntry&, std::uint8_t* time) {
        const auto now = record.time.time_since_epoch().count();
        const auto then = static_cast<std::uint32_t>(now) - ages[random() % ages.size()];
        for (int i = 0; i < 4; ++i) time[i] = static_cast<std::uint8_t>(then >> (24 - 8 * i));
      },
      [&](const std::vector<std::uint8_t>& bytes) {
        out.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
      });
  out.close();
  CHECK(out.good());
  fs::rename(part, path);
  return path;
}

// The table, compressed once and kept.
std::string compressed_table(const fs::path& table, const char* extension, const char* command) {
  const std::string path = table.string() + extension;
  if (fs::exists(path)) return path;
  const std::string part = fmt::format("{}.{}", path, getpid());
  const std::string whole = fmt::format("{} -c '{}' > '{}'", command, table.string(), part);
  CHECK(std::system(whole.c_str()) == 0);
  fs::rename(part, path);
  return path;
}

bool compare_tables() {
  const auto table = mrt::bench_table_file(20);
  const auto real = test_data("mrt/rv-jinx.rib.20140530.2200.bz2");
  if (!table || !real) {
    fmt::print("the table of 20 peers needs the data folder (set LIGHTSOUT_DATA)\n");
    return true;
  }
  const fs::path aged = table_with_ages(table->path, *real);
  std::vector<Way> gzip_ways = kGzipWays;
  gzip_ways.insert(gzip_ways.begin(), ours("read, not compressed", unpack_and_read));
  gzip_ways.front().path = aged.string();
  const double gzip_size = measure(compressed_table(aged, ".gz", "gzip"), gzip_ways);
  print("gz, 20-peer RIB", gzip_size, gzip_ways);
  std::vector<Way> bzip2_ways = kBzip2Ways;
  const double bzip2_size = measure(compressed_table(aged, ".bz2", "lbzip2"), bzip2_ways);
  print("bz2, 20-peer RIB", bzip2_size, bzip2_ways);

  fmt::print("\n");
  // The first is a goal, and missed: igzip unpacks this table faster than any parser reads it.
  gate(gzip_ways, "unpack and read", "igzip", 1.15);
  const bool gzip_good = gate(gzip_ways, "unpack", "igzip", 1.15);
  const bool bzip2_good = gate(bzip2_ways, "unpack and read, two", "lbzip2 -n2", 0.75);
  return gzip_good && bzip2_good;
}

std::string sample_text() {
  std::mt19937 random(20220105);
  std::string text;
  while (text.size() < kTextBytes) {
    text += fmt::format("2022-01-05T{:02}:{:02}:00Z,country:KZ,{}\n", random() % 24, random() % 60,
                        random() % 5000);
  }
  return text;
}

void compare_texts() {
  const std::string text = sample_text();
  for (const Format& format : kFormats) {
    const std::string name(name_of(format.compression));
    const fs::path path =
        fs::temp_directory_path() / fmt::format("lightsout-bench-{}-{}", getpid(), name);
    std::ofstream(path, std::ios::binary) << format.compress(text);
    std::vector<Way> ways = {ours("unpack", unpack), program(name)};
    const double size = measure(path.string(), ways);
    print(name + ", text like measurements", size, ways);
    fs::remove(path);
  }
}

bool compare_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 16> head{};
  file.read(head.data(), head.size());
  const bool bzip2 = compression_of(Bytes(reinterpret_cast<const std::uint8_t*>(head.data()),
                                          head.size())) == Compression::bzip2;
  std::vector<Way> ways = bzip2 ? kBzip2Ways : kGzipWays;
  const double size = measure(path, ways);
  print(path, size, ways);
  return true;
}

}  // namespace
}  // namespace lightsout

int main(int count, char** arguments) {
  if (count > 1) return lightsout::compare_file(arguments[1]) ? 0 : 1;
  const bool good = lightsout::compare_tables();
  lightsout::compare_texts();
  return good ? 0 : 1;
}
