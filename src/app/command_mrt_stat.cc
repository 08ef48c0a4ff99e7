// mrt stat: what is in MRT files, counted.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/command_mrt.h"
#include "app/commands.h"
#include "app/run.h"
#include "app/table.h"
#include "mrt/stat.h"

namespace lightsout {

namespace {

using Cell = TableWriter::Cell;

// One shape for all that is counted, so that a program can read it: what a row is about stands
// first; `count` is records, or seconds of a gap, or bytes of damage.
class StatRows {
 public:
  StatRows(World& world, const Options& options)
      : table_(world, options,
               {"about", "name", "collector", "count", "announced", "withdrawn", "in_table",
                "state_changes", "first", "last", "note"}) {}

  void counts(const char* about, const std::string& name, const std::string& collector,
              const mrt::StatCounts& counts, const std::string& note) {
    table_.row({about, name, text(collector), std::size_t{counts.records},
                std::size_t{counts.announced[0] + counts.announced[1]},
                std::size_t{counts.withdrawn[0] + counts.withdrawn[1]},
                std::size_t{counts.in_table[0] + counts.in_table[1]},
                std::size_t{counts.state_changes}, time(counts.first), time(counts.last),
                text(note)});
  }
  void family(const char* name, const mrt::StatCounts& all, int family) {
    table_.row({"family", name, Cell(), Cell(), std::size_t{all.announced[family]},
                std::size_t{all.withdrawn[family]}, std::size_t{all.in_table[family]}, Cell(),
                Cell(), Cell(), Cell()});
  }
  void count(const char* about, const std::string& name, std::uint64_t count,
             const std::string& note) {
    table_.row({about, name, Cell(), std::size_t{count}, Cell(), Cell(), Cell(), Cell(), Cell(),
                Cell(), text(note)});
  }
  void gap(const std::string& file, const std::string& collector, const mrt::StatGap& gap) {
    table_.row({"gap", text(file), text(collector),
                static_cast<std::size_t>((gap.until - gap.from).count()), Cell(), Cell(), Cell(),
                Cell(), time(gap.from), time(gap.until),
                file.empty() ? "no record in any file of the collector" : "no record in the file"});
  }
  Status finish() { return table_.finish(); }

 private:
  static Cell text(const std::string& value) { return value.empty() ? Cell() : Cell(value); }
  static Cell time(const std::optional<Time>& value) {
    return value ? Cell(format_time(*value)) : Cell();
  }

  TableWriter table_;
};

void write_facts(StatRows& rows, const mrt::StatFacts& facts) {
  const std::pair<std::uint64_t, const char*> all[] = {
      {facts.add_path, "table records with path ids (add-path, RFC 8050)"},
      {facts.path_ids, "messages with path ids, said or found out"},
      {facts.two_byte, "records with ASNs of two bytes"},
      {facts.four_byte, "records with ASNs of four bytes"},
      {facts.microseconds, "records with microseconds"},
      {facts.extended, "messages longer than 4096 bytes (RFC 8654)"},
      {facts.local, "messages that the collector sent itself"},
      {facts.end_of_rib, "End-of-RIB markers (RFC 4724)"},
      {facts.attributes_bad, "messages read as withdrawals for a damaged attribute (RFC 7606)"},
  };
  for (const auto& [count, name] : all) {
    if (count > 0) rows.count("fact", name, count, "");
  }
}

void write_rows(StatRows& rows, const mrt::Stat& stat) {
  mrt::StatCounts all;
  mrt::StatFacts facts;
  std::map<std::string, std::uint64_t> types;
  std::set<std::string> unread;
  for (const mrt::FileStat& file : stat.files) {
    rows.counts("file", file.name, file.collector, file.counts,
                fmt::format("{} bytes decompressed", file.bytes));
    all.merge(file.counts);
    facts.merge(file.facts);
    for (const auto& [type, count] : file.by_type) types[type] += count;
    unread.insert(file.unread.begin(), file.unread.end());
  }
  if (stat.files.size() > 1) rows.counts("all", "all files", "", all, "");
  rows.family("ipv4", all, 0);
  rows.family("ipv6", all, 1);
  for (const auto& [type, count] : types) {
    rows.count("type", type, count, unread.contains(type) ? "not read" : "");
  }
  for (const auto& [key, counts] : stat.peers) {
    rows.counts("peer", fmt::format("{} AS{}", key.second.address.text(), key.second.asn.number),
                key.first, counts, "");
  }
  write_facts(rows, facts);
  for (const mrt::FileStat& file : stat.files) {
    for (const mrt::StatGap& gap : file.gaps) rows.gap(file.name, file.collector, gap);
    if (file.gaps_not_kept > 0) {
      rows.count("gap", file.name, file.gaps_not_kept, "so many more gaps in the file");
    }
  }
  for (const auto& [collector, gaps] : stat.collector_gaps) {
    for (const mrt::StatGap& gap : gaps) rows.gap("", collector, gap);
  }
  for (const mrt::FileStat& file : stat.files) {
    for (const DamagedPart& part : file.damage.parts()) {
      rows.count("damage", part.file, part.bytes,
                 fmt::format("offset {}: {}", part.offset, part.reason));
    }
    if (file.damage.count() > file.damage.parts().size()) {
      rows.count("damage", file.name, file.damage.bytes(),
                 fmt::format("{} damaged parts in all", file.damage.count()));
    }
  }
}

}  // namespace

int mrt_stat_command(const Options& options, World& world) {
  Result<std::vector<mrt::Archive>> archives = open_archives(options, world);
  if (!archives) return fail(world, archives.error());
  mrt::StatOptions stat_options{.threads = threads_of(options)};
  if (options.gap) stat_options.gap = *options.gap;
  const mrt::Stat stat = mrt::stat_of(*archives, stat_options);
  StatRows rows(world, options);
  write_rows(rows, stat);
  if (const Status finished = rows.finish(); !finished) return fail(world, finished.error());
  bool damaged = false, any = false;
  for (const mrt::FileStat& file : stat.files) {
    damaged = damaged || !file.damage.empty();
    any = any || file.counts.records > 0;
  }
  if (!any) {
    return fail(world, {ErrorKind::malformed,
                        fmt::format("{}: no MRT record in it", stat.files.front().name)});
  }
  return damaged ? (options.strict ? kRuntimeError : kDamaged) : kOk;
}

}  // namespace lightsout
