// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump.h"

#include <fmt/format.h>

#include "mrt/dump_chunks.h"
#include "mrt/record_reader.h"

namespace lightsout::mrt {
namespace {

// What happens to each record of one or several files, before it becomes text.
class DumpRun {
 public:
  DumpRun(const DumpOptions& options, const TextSink& sink, std::size_t files)
      : filter_(options.filter), chunks_(options, sink), peers_(files) {}

  // False when no more is wanted.
  bool add(const Record& record, std::size_t file, const std::string& name) {
    ++totals_.records;
    count(record);
    if (record.type == kTableDump2 && record.subtype == kPeerIndexTable) {
      peer_table(record, file, name);
      return true;
    }
    if (!filter_.time(record.time)) return true;
    return chunks_.add(record, peers_[file], name);
  }

  // The damage of the framing first, then that of the contents: the same order however the records
  // were shared out among threads.
  DumpTotals finish(Damage& damage) {
    damage.merge(framing_);
    chunks_.finish(damage, totals_);
    return totals_;
  }

  Damage& framing() { return framing_; }
  std::uint64_t records() const { return totals_.records; }

 private:
  // The counter of the last type is kept: a map is looked up for each change of type, not for each
  // record.
  void count(const Record& record) {
    const std::uint32_t type = std::uint32_t{record.type} << 16 | record.subtype;
    if (last_ == nullptr || last_type_ != type) {
      last_ = &totals_.by_type[name_of(record.type, record.subtype)];
      last_type_ = type;
    }
    ++*last_;
  }

  void peer_table(const Record& record, std::size_t file, const std::string& name) {
    Result<PeerIndexTable> table = decode_peer_index_table(record.body);
    if (!table) {
      framing_.add({.file = name,
                    .offset = record.offset,
                    .bytes = record.body.size() + 12,
                    .reason = fmt::format("{}: the record cannot be read",
                                          name_of(record.type, record.subtype))});
      return;
    }
    auto made = std::make_shared<PeerSet>();
    made->number = ++peer_sets_;
    made->peers = std::move(table->peers);
    peers_[file] = std::move(made);
  }

  const Filter& filter_;
  DumpChunks chunks_;
  std::vector<std::shared_ptr<const PeerSet>> peers_;  // by file
  Damage framing_;
  DumpTotals totals_;
  std::uint64_t peer_sets_ = 0;
  std::uint64_t* last_ = nullptr;
  std::uint32_t last_type_ = 0;
};

}  // namespace

Result<DumpFormat> parse_dump_format(std::string_view text) {
  if (text == "bgpdump-m") return DumpFormat::bgpdump;
  if (text == "jsonl") return DumpFormat::jsonl;
  if (text == "text") return DumpFormat::text;
  return Error{ErrorKind::usage, fmt::format("format '{}' is not bgpdump-m, jsonl or text", text)};
}

Result<DumpTotals> dump(ByteSource& source, const DumpOptions& options, const TextSink& sink,
                        Damage& damage, const std::string& file) {
  DumpRun run(options, sink, 1);
  RecordReader reader(source);
  std::uint64_t passed_over = 0;
  while (true) {
    const RecordReader::Step step = reader.next();
    if (step == RecordReader::Step::end) break;
    if (step == RecordReader::Step::damaged) {
      DamagedPart part = reader.damaged();
      part.file = file;
      passed_over += part.bytes;
      run.framing().add(std::move(part));
      continue;
    }
    if (!run.add(reader.record(), 0, file)) break;
  }
  DumpTotals totals = run.finish(damage);
  if (totals.records == 0) {
    return Error{ErrorKind::malformed,
                 fmt::format("{}: no MRT record in it, {} bytes passed over", file, passed_over)};
  }
  return totals;
}

namespace {

// A single file needs no order; what is in it is read ahead all the same.
Result<DumpTotals> dump_file(const Archive& archive, const DumpOptions& options,
                             const TextSink& sink, Damage& damage) {
  Result<std::unique_ptr<ByteSource>> source = archive.open();
  if (!source) return source.error();
  if (options.threads == 1) return dump(**source, options, sink, damage, archive.name);
  ReadAhead ahead(1);
  const std::unique_ptr<ByteSource> stream =
      ahead.add([&]() -> Result<std::unique_ptr<ByteSource>> { return std::move(*source); });
  return dump(*stream, options, sink, damage, archive.name);
}

}  // namespace

Result<DumpTotals> dump_files(std::vector<Archive> archives, const DumpOptions& options,
                              const TextSink& sink, Damage& damage) {
  if (archives.size() == 1) return dump_file(archives.front(), options, sink, damage);
  std::vector<std::string> names;
  for (const Archive& archive : archives) names.push_back(archive.name);
  DumpRun run(options, sink, archives.size());
  MergedReader reader(
      std::move(archives), run.framing(),
      {.clocks = MergedReader::Clocks::taken_as_they_are, .threads = options.threads});
  for (bool wanted = true; wanted;) {
    const MergedReader::Step step = reader.next();
    if (step == MergedReader::Step::end) break;
    if (step == MergedReader::Step::record) {
      wanted = run.add(reader.record(), reader.file(), names[reader.file()]);
    }
  }
  DumpTotals totals = run.finish(damage);
  if (totals.records == 0) {
    return Error{ErrorKind::malformed,
                 fmt::format("no MRT record in {} files, the first is {}", names.size(),
                             names.empty() ? "" : names.front())};
  }
  return totals;
}

}  // namespace lightsout::mrt
