// How fast records become routes, beside bgpdump and beside the limits of the machine.
//
//   build/bench/src/mrt_parse_bench            everything, as ratios (some 40 s)
//   build/bench/src/mrt_parse_bench FILE       one uncompressed file: elements/s and peak memory
//
// An element is visited when its prefix, its peer, its origin network and the bytes of its path
// were looked at. Times are processor time on one core, the best of several runs. The limits are
// measured in the same run: "read" copies the file into the reader's buffer and does no more,
// "records" walks its records. bgpdump prints text, which is what there is to compare with.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "bgp/route_view.h"
#include "mrt/add_path.h"
#include "mrt/bench_table.h"

namespace lightsout::mrt {
namespace {

// A plain file, read with read(2), `times` times over.
class PlainFile final : public ByteSource {
 public:
  explicit PlainFile(const std::filesystem::path& path, int times = 1)
      : file_(open(path.c_str(), O_RDONLY)), left_(times) {
    CHECK(file_ >= 0);
  }
  ~PlainFile() override { close(file_); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    while (true) {
      const ssize_t got = ::read(file_, into.data(), into.size());
      if (got < 0) return Error{ErrorKind::world, "read failed"};
      if (got > 0 || --left_ <= 0) return static_cast<std::size_t>(got);
      lseek(file_, 0, SEEK_SET);
    }
  }

 private:
  int file_;
  int left_;
};

struct Seen {
  std::uint64_t records = 0;
  std::uint64_t elements = 0;
  std::uint64_t sum = 0;  // of everything that was looked at, so that nothing can be left out
};

void visit(Seen& seen, const Prefix& prefix, std::uint32_t peer, const bgp::RouteView& route) {
  ++seen.elements;
  seen.sum +=
      prefix.address().bytes[1] + prefix.length() + peer + route.origin_asn + route.path.size();
}

Seen read_bytes(ByteSource& source) {
  std::vector<std::uint8_t> buffer(RecordReader::kFirstBufferBytes);
  Seen seen;
  while (true) {
    const Result<std::size_t> got = source.read(buffer);
    if (!got || *got == 0) return seen;
    seen.sum += buffer[0];
  }
}

Seen read_records(ByteSource& source) {
  RecordReader reader(source);
  Seen seen;
  while (reader.next() == RecordReader::Step::record) {
    ++seen.records;
    seen.sum += reader.record().body.size();
  }
  return seen;
}

class RouteVisitor {
 public:
  Seen run(ByteSource& source) {
    RecordReader reader(source);
    for (auto step = reader.next(); step != RecordReader::Step::end; step = reader.next()) {
      if (step == RecordReader::Step::damaged) continue;
      ++seen_.records;
      const Record& record = reader.record();
      if (record.type == kTableDump2) {
        table(record);
      } else if (record.is_session()) {
        session(record);
      }
    }
    return seen_;
  }

 private:
  void table(const Record& record) {
    if (decode_rib(record, rib_) != Decoded::yes) return;
    RibEntryReader entries(rib_);
    for (RibEntry entry; entries.next(entry);) {
      bgp::decode_route(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table, route_);
      visit(seen_, rib_.prefix, entry.peer_index, route_);
    }
  }

  void session(const Record& record) {
    if (decode_bgp4mp(record, entry_) != Decoded::yes) return;
    if (entry_.kind != Bgp4mp::Kind::message || entry_.message.type != 2) return;
    memory_.decode(entry_, update_);
    const auto use = [&](const Prefix& prefix) {
      visit(seen_, prefix, entry_.session.peer_asn.number, update_.route);
    };
    bgp::for_each_change(update_, use, use);
  }

  Seen seen_;
  RibRecord rib_;
  Bgp4mp entry_;
  AddPathMemory memory_;
  bgp::RouteView route_;
  bgp::RouteUpdate update_;
};

Seen visit_routes(ByteSource& source) {
  return RouteVisitor().run(source);
}

// The same with every attribute that `mrt dump` prints.
Seen visit_attributes(ByteSource& source) {
  RecordReader reader(source);
  Seen seen;
  AddPathMemory memory;
  bgp::Attributes attributes;
  bgp::UpdateView update;
  Bgp4mp entry;
  const auto use = [&](const Prefix& prefix) {
    ++seen.elements;
    seen.sum += prefix.length() + update.attributes.med.value_or(0);
  };
  while (reader.next() == RecordReader::Step::record) {
    const Record& record = reader.record();
    RibRecord rib;
    if (record.type == kTableDump2 && decode_rib(record, rib) == Decoded::yes) {
      RibEntryReader entries(rib);
      for (RibEntry route; entries.next(route); ++seen.elements) {
        bgp::decode_attributes(route.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                               attributes);
        seen.sum += attributes.path.origin().value_or(Asn{}).number;
      }
    } else if (record.is_session() && decode_bgp4mp(record, entry) == Decoded::yes &&
               entry.kind == Bgp4mp::Kind::message && entry.message.type == 2) {
      memory.decode(entry, update);
      bgp::for_each_change(update, use, use);
    }
  }
  return seen;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double children_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

struct Timed {
  double seconds = 1e9;
  Seen seen;
  double rate() const { return static_cast<double>(seen.elements) / seconds / 1e6; }
};

using Work = Seen (*)(ByteSource&);

Timed best_of(int runs, const std::filesystem::path& path, int times, Work work) {
  Timed best;
  for (int run = 0; run < runs; ++run) {
    PlainFile file(path, times);
    const double before = processor_seconds();
    best.seen = work(file);
    best.seconds = std::min(best.seconds, processor_seconds() - before);
  }
  return best;
}

// Lines a second of `bgpdump -m`, in millions; 0 without bgpdump.
double bgpdump_rate(const std::filesystem::path& path) {
  const std::string command = "bgpdump -m '" + path.string() + "' 2>/dev/null";
  const std::string lines = output_of(command + " | wc -l");
  double best = 1e9;
  for (int run = 0; run < 2; ++run) {
    const double before = children_seconds();
    output_of(command + " > /dev/null");
    best = std::min(best, children_seconds() - before);
  }
  return std::strtod(lines.c_str(), nullptr) / best / 1e6;
}

// The peak of this process' memory, in MB.
double peak_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

// Peak memory of a process of its own that reads this file `times` times over.
std::string peak_of(const std::filesystem::path& path, int times) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  std::string out =
      output_of("'" + self.string() + "' '" + path.string() + "' " + std::to_string(times));
  const std::size_t at = out.rfind(", peak ");
  return at == std::string::npos ? "?" : out.substr(at + 7, out.find('\n', at) - at - 7);
}

std::filesystem::path temporary(const std::string& name, const std::vector<std::string>& files) {
  const auto path = std::filesystem::temp_directory_path() / ("lightsout-bench-" + name);
  std::ofstream out(path, std::ios::binary);
  for (const std::string& file : files) out << file;
  return path;
}

void report(const char* what, const std::filesystem::path& path, int times,
            const std::filesystem::path& for_bgpdump) {
  const Timed bytes = best_of(5, path, times, read_bytes);
  const Timed records = best_of(5, path, times, read_records);
  const Timed routes = best_of(7, path, times, visit_routes);
  const Timed all = best_of(3, path, times, visit_attributes);
  const double peer = bgpdump_rate(for_bgpdump);
  const double size = static_cast<double>(std::filesystem::file_size(path)) * times;
  fmt::print("{}: {:.1f} MB, {} records, {} elements\n", what, size / 1e6, routes.seen.records,
             routes.seen.elements);
  fmt::print(
      "  routes          {:7.1f} M elements/s {:6.0f} MB/s  {:.2f} x read, {:.2f} x records\n",
      routes.rate(), size / routes.seconds / 1e6, routes.seconds / bytes.seconds,
      routes.seconds / records.seconds);
  fmt::print("  all attributes  {:7.1f} M elements/s {:6.0f} MB/s\n", all.rate(),
             size / all.seconds / 1e6);
  fmt::print("  records only                         {:6.0f} MB/s\n", size / records.seconds / 1e6);
  fmt::print("  read only                            {:6.0f} MB/s\n", size / bytes.seconds / 1e6);
  if (peer > 0) {
    fmt::print("  bgpdump -m      {:7.2f} M lines/s: routes are {:.0f} x as fast\n", peer,
               routes.rate() / peer);
  }
  fmt::print("  peak memory     {} for routes\n", peak_of(path, times));
}

void report_curve() {
  fmt::print("Cost by the number of peers (linear when ns/entry stays the same)\n");
  for (const unsigned peers : {1u, 2u, 5u, 10u, 20u, 40u}) {
    const auto table = bench_table_file(peers);
    const Timed routes = best_of(3, table->path, 1, visit_routes);
    CHECK(routes.seen.elements == table->entries);
    fmt::print("  {:2} peers {:9} entries  {:6.1f} ms  {:5.1f} ns/entry  {:6.1f} M/s\n", peers,
               table->entries, routes.seconds * 1e3, 1e3 / routes.rate(), routes.rate());
    if (peers != 2 && peers != 20) std::filesystem::remove(table->path);
  }
}

std::vector<std::string> morning_of_rrc06() {
  std::vector<std::string> files;
  for (int minute = 305; minute <= 475; minute += 5) {
    const auto path = test_data(fmt::format(
        "mrt/rrc06-20210102/rrc06.updates.20210102.{:02}{:02}.gz", minute / 60, minute % 60));
    if (path) files.push_back(archive_bytes(*path));
  }
  return files;
}

int run_all() {
  const auto small = bench_table_file(2);
  const auto table = bench_table_file(20);
  const auto jinx = test_data("mrt/rv-jinx.rib.20140530.2200.bz2");
  const auto updates = test_data("mrt/et.updates.20151023.0201.gz");
  if (!table || !jinx || !updates) {
    fmt::print("needs the data folder (set LIGHTSOUT_DATA)\n");
    return 1;
  }
  report("Table of 20 peers (rib2010)", table->path, 1, small->path);
  const auto jinx_path = temporary("jinx.mrt", {archive_bytes(*jinx)});
  report("Table of JINX, 30 May 2014, 14 peers, one full", jinx_path, 1, jinx_path);
  const auto updates_path = temporary("updates.mrt", {archive_bytes(*updates)});
  report("Updates of 23 October 2015, ten times", updates_path, 10, updates_path);
  const auto rrc06_path = temporary("rrc06.mrt", morning_of_rrc06());
  report("Updates of rrc06, 2 January 2021, 35 files", rrc06_path, 1, rrc06_path);
  fmt::print("Memory over a stream of updates: {} for 13.5 MB, {} for 135 MB, {} for 1.35 GB\n",
             peak_of(updates_path, 1), peak_of(updates_path, 10), peak_of(updates_path, 100));
  report_curve();
  for (const auto& path : {jinx_path, updates_path, rrc06_path}) std::filesystem::remove(path);
  return 0;
}

int run_one(const char* path, int times) {
  const Timed routes = best_of(1, path, times, visit_routes);
  fmt::print("{} elements, {:.1f} M/s, peak {:.1f} MB\n", routes.seen.elements, routes.rate(),
             peak_mb());
  return 0;
}

}  // namespace
}  // namespace lightsout::mrt

int main(int argc, char** argv) {
  using namespace lightsout::mrt;
  if (argc < 2) return run_all();
  return run_one(argv[1], argc > 2 ? std::atoi(argv[2]) : 1);
}
