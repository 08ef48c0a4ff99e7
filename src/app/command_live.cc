// listen bmp, listen ris-live: live feeds in, routes out as they come, or MRT files.
// bmp dump: all that a BMP stream says.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/command_mrt.h"
#include "app/commands.h"
#include "app/run.h"
#include "live/bmp_json.h"
#include "live/bmp_station.h"
#include "live/live_source.h"
#include "live/record_archive.h"
#include "live/ris_live.h"
#include "mrt/dump.h"

namespace lightsout {

namespace {

using namespace std::chrono_literals;

// Where the records of a feed go: kept as files with --out, else printed as `mrt dump` does.
class RecordsOut {
 public:
  RecordsOut(const Options& options, World& world, mrt::Filter filter)
      : world_(world),
        dump_{.format = options.format == Format::jsonl  ? mrt::DumpFormat::jsonl
                        : options.format == Format::text ? mrt::DumpFormat::text
                                                         : mrt::DumpFormat::bgpdump,
              .filter = std::move(filter)} {
    if (!options.out) return;
    archive_.emplace(*options.out, [&world](const std::string& path, std::string_view bytes) {
      return world.write_file(path, bytes);
    });
  }

  void add(const std::string& collector, Bytes record) {
    if (!archive_) {
      waiting_.append(reinterpret_cast<const char*>(record.data()), record.size());
    } else if (const Status kept = archive_->add(collector, record); !kept) {
      status_ = kept;
    }
  }

  // What came until now, before waiting for more.
  Status flush() {
    if (archive_) {
      if (const Status kept = archive_->tick(world_.clock().now()); !kept) status_ = kept;
      return status_;
    }
    if (waiting_.empty()) return status_;
    MemorySource source(waiting_);
    const auto sink = [&](std::string_view text) {
      status_ = world_.out(text);
      return status_.ok();
    };
    const Result<mrt::DumpTotals> totals = mrt::dump(source, dump_, sink, damage_, "the feed");
    waiting_.clear();
    return totals ? status_ : Status{totals.error()};
  }

  Status finish() {
    if (const Status flushed = flush(); !flushed) return flushed;
    return archive_ ? archive_->finish() : Status{};
  }

  Damage& damage() { return damage_; }
  std::string summary() const {
    return archive_ ? fmt::format("; {} MRT files, {:.1f} MB", archive_->files(),
                                  static_cast<double>(archive_->bytes()) / 1e6)
                    : "";
  }

 private:
  World& world_;
  mrt::DumpOptions dump_;
  std::optional<live::RecordArchive> archive_;
  std::string waiting_;
  Status status_;
  Damage damage_;
};

void say(const Options& options, World& world, std::string_view text) {
  if (!options.quiet) world.err(fmt::format("{}\n", text));
}

int finish(const Options& options, World& world, RecordsOut& out, std::uint64_t records,
           const std::vector<std::string>& notes) {
  if (const Status finished = out.finish(); !finished) return fail(world, finished.error());
  for (const std::string& note : notes) say(options, world, note);
  say(options, world, fmt::format("{} records{}", records, out.summary()));
  return say_mrt_damage(options, world, out.damage());
}

}  // namespace

int listen_bmp_command(const Options& options, World& world) {
  Result<mrt::Filter> filter = mrt::Filter::make(options.filter);
  if (!filter) return fail(world, filter.error());
  Result<std::unique_ptr<Listener>> listener = world.listen(options.arguments.front());
  if (!listener) return fail(world, listener.error());
  say(options, world,
      fmt::format("listening for BMP on {}; Ctrl-C ends it", (*listener)->address()));
  RecordsOut out(options, world, std::move(*filter));
  live::BmpStation station(
      **listener, world.clock(),
      {.record = [&](const std::string& router, Bytes record) { out.add(router, record); },
       .damage = [&](DamagedPart part) { out.damage().add(std::move(part)); },
       .say = [&](const std::string& sentence) { say(options, world, sentence); }});
  while (station.step(1s)) {
    if (const Status flushed = out.flush(); !flushed) return fail(world, flushed.error());
  }
  return finish(options, world, out, station.records(), station.totals().notes());
}

int listen_ris_live_command(const Options& options, World& world) {
  // A stream of all collectors never is silent for a second; see docs/formats/ris-live.md.
  constexpr Seconds kSilence{120};
  Result<mrt::Filter> filter = mrt::Filter::make(options.filter);
  if (!filter) return fail(world, filter.error());
  Result<std::unique_ptr<Listener>> listener = world.listen("-");
  if (!listener) return fail(world, listener.error());
  RecordsOut out(options, world, std::move(*filter));
  std::string collector;
  live::RisLive frames({.name = "standard input",
                        .record = [&](Bytes record) { out.add(collector, record); },
                        .damage = [&](DamagedPart part) { out.damage().add(std::move(part)); },
                        .collector = [&](const std::string& host) { collector = host; }});
  Time heard = world.clock().now();
  bool silent = false;
  while (true) {
    const ListenerEvent event = (*listener)->next(1s);
    if (event.kind == ListenerEvent::Kind::stop) break;
    if (event.kind == ListenerEvent::Kind::bytes) {
      frames.push(event.bytes);
      if (silent) say(options, world, "frames come again");
      heard = world.clock().now();
      silent = false;
    } else if (!silent && world.clock().now() > heard + kSilence) {
      // Without this nobody would notice for days that a feed has died (BGPalerter issue 535).
      silent = true;
      world.err(
          fmt::format("no frame for {}: is the feed still there?\n", format_duration(kSilence)));
    }
    if (const Status flushed = out.flush(); !flushed) return fail(world, flushed.error());
  }
  frames.finish();
  return finish(options, world, out, frames.records(), frames.totals().notes());
}

int bmp_dump_command(const Options& options, World& world) {
  Result<WorldInputs> opened = world.open_inputs(options.arguments);
  if (!opened) return fail(world, opened.error());
  for (const std::string& note : opened->notes) say(options, world, note);
  Damage damage;
  for (const Input& input : opened->inputs) {
    Result<std::unique_ptr<ByteSource>> bytes = input.open();
    if (!bytes) return fail(world, bytes.error());
    live::BmpJson json;
    std::string lines;
    const auto notes = std::make_shared<live::LiveNotes>();
    const std::unique_ptr<ByteSource> source = live::open_live(
        std::move(*bytes), {.name = input.lineage.name,
                            .notes = notes,
                            .message = [&](const std::string& name, const live::BmpMessage& message,
                                           const live::Stamp& arrival) {
                              json.write(name, message, arrival, lines);
                            }});
    if (notes->format != live::LiveFormat::bmp && notes->format != live::LiveFormat::capture) {
      return fail(world, {ErrorKind::malformed,
                          fmt::format("{}: no BMP stream and no packet capture (pcap) of one",
                                      input.lineage.name)});
    }
    std::vector<std::uint8_t> records(64u << 10);
    while (true) {
      const Result<std::size_t> count = source->read(records);
      if (const Status written = world.out(lines); !written) return fail(world, written.error());
      lines.clear();
      if (!count) damage.add({.file = input.lineage.name, .reason = count.error().message});
      if (!count || *count == 0) break;
    }
    damage.merge(notes->damage);
  }
  return say_mrt_damage(options, world, damage);
}

}  // namespace lightsout
