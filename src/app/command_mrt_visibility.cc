// mrt visibility: how much of each entity the full-feed peers see, bin by bin.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/command_mrt.h"
#include "app/commands.h"
#include "app/run.h"
#include "app/table.h"
#include "geo/prefix_table_file.h"
#include "rib/feed.h"
#include "rib/visibility.h"

namespace lightsout {

namespace {

using Cell = TableWriter::Cell;

constexpr Family kFamilies[2] = {Family::v4, Family::v6};
// A stretch without records is shown bin by bin up to this long; and after it the state is not
// believed any more (as in the series of source/mrt_source.h).
constexpr Seconds kLongestGap{86'400};

std::optional<rib::Threshold> threshold_of(unsigned percent) {
  switch (percent) {
    case 1:
      return rib::Threshold::min_1;
    case 25:
      return rib::Threshold::min_25;
    case 50:
      return rib::Threshold::min_50;
    case 75:
      return rib::Threshold::min_75;
    case 100:
      return rib::Threshold::min_100;
    default:
      return std::nullopt;
  }
}

struct Wanted {
  EntityType type = EntityType::country;
  bool in_country = false;  // asn:N@country:CC, not asn:N
  rib::Threshold threshold = rib::Threshold::min_50;
  Seconds bin{300};
  std::optional<Time> from, until;
};

// Reads the records and writes rows as the bins end.
class Run {
 public:
  Run(const Wanted& wanted, const PrefixTable& table, rib::VisibilityOptions options,
      std::vector<mrt::Archive> archives, unsigned threads, Damage& damage, TableWriter& rows)
      : wanted_(wanted), rows_(rows), visibility_(rib_, table, options) {
    for (const mrt::Archive& archive : archives) feeds_.emplace_back(rib_, archive.name, damage);
    reader_ = std::make_unique<mrt::MergedReader>(std::move(archives), damage,
                                                  mrt::MergedReader::Options{.threads = threads});
  }

  void run() {
    while (true) {
      const mrt::MergedReader::Step step = reader_->next();
      if (step == mrt::MergedReader::Step::end) break;
      rib::Feed& feed = feeds_[reader_->file()];
      if (step == mrt::MergedReader::Step::file_end) {
        using End = rib::Feed::End;
        feed.finish(reader_->cut() ? End::cut : reader_->damaged() ? End::damaged : End::whole);
        continue;
      }
      if (wanted_.until && reader_->time() >= *wanted_.until) break;
      move_to(reader_->time());
      heard_ = true;
      feed.apply(reader_->record());
    }
    if (started_) close_bin();
  }

  const rib::Rib& rib() const { return rib_; }
  bool any_number() const { return any_number_; }
  std::size_t skipped_gaps() const { return skipped_gaps_; }
  std::uint64_t tables() const {
    std::uint64_t count = 0;
    for (const rib::Feed& feed : feeds_) count += feed.totals().tables;
    return count;
  }
  std::map<std::string, std::uint64_t> unread() const {
    std::map<std::string, std::uint64_t> all;
    for (const rib::Feed& feed : feeds_) {
      for (const auto& [type, count] : feed.totals().unsupported) all[type] += count;
    }
    return all;
  }

 private:
  void move_to(Time time) {
    if (!started_) {
      bin_ = bin_begin(time, wanted_.bin);
      started_ = true;
    }
    if (time >= bin_ + wanted_.bin + kLongestGap) {
      close_bin();
      for (rib::PeerId peer = 0; peer < rib_.peers().size(); ++peer) {
        rib_.session(peer, false, time);
      }
      bin_ = bin_begin(time, wanted_.bin);
      ++skipped_gaps_;
      return;
    }
    while (time >= bin_ + wanted_.bin) {
      close_bin();
      bin_ += wanted_.bin;
    }
  }

  void close_bin() {
    rib_.expire(bin_ + wanted_.bin);
    visibility_.refresh();
    seen_.resize(visibility_.entities());
    const bool shown = !wanted_.from || bin_ >= *wanted_.from;
    const std::string time = format_time(bin_);
    for (std::size_t entity = 0; entity < visibility_.entities(); ++entity) {
      if (visibility_.type(entity) != wanted_.type) continue;
      if (wanted_.type == EntityType::asn &&
          visibility_.entity(entity).country().empty() == wanted_.in_country) {
        continue;
      }
      for (int family = 0; family < 2; ++family) write(time, entity, family, shown);
    }
    heard_ = false;
  }

  // Nobody to see it is not the same as nobody seeing it.
  bool known(int family) const {
    const Family f = kFamilies[family];
    return heard_ && visibility_.voices(f) > 0 && !rib_.doubtful(f);
  }

  void write(const std::string& time, std::size_t entity, int family, bool shown) {
    const rib::Count& count = visibility_.of(entity, kFamilies[family], wanted_.threshold);
    std::uint8_t& seen = seen_[entity][static_cast<std::size_t>(family)];
    if (count.prefixes > 0) seen = 1;
    if (seen == 0 || !shown) return;  // most of a table's entities never have a route
    const bool number = known(family);
    any_number_ = any_number_ || number;
    const auto cell = [&](bool of_family, std::uint64_t value) {
      return number && of_family ? Cell(std::size_t{value}) : Cell();
    };
    // The network itself is the one that originates its routes.
    const std::uint64_t asns =
        wanted_.type == EntityType::asn ? (count.prefixes > 0 ? 1 : 0) : count.asns;
    rows_.row({time, visibility_.entity(entity).text(), family == 0 ? "ipv4" : "ipv6",
               cell(family == 0, count.units), cell(family == 1, count.units),
               cell(true, count.prefixes), cell(true, asns),
               std::size_t{visibility_.voices(kFamilies[family])}});
  }

  const Wanted& wanted_;
  TableWriter& rows_;
  rib::Rib rib_;
  rib::Visibility visibility_;
  std::vector<rib::Feed> feeds_;
  std::unique_ptr<mrt::MergedReader> reader_;
  std::vector<std::array<std::uint8_t, 2>> seen_;  // had a route once, by entity and family
  bool started_ = false, heard_ = false, any_number_ = false;
  std::size_t skipped_gaps_ = 0;
  Time bin_;
};

Result<Wanted> wanted_of(const Options& options) {
  Wanted wanted{.from = options.filter.from, .until = options.filter.until};
  if (options.by == "region") wanted.type = EntityType::region;
  if (options.by == "asn" || options.by == "asn-in-country") wanted.type = EntityType::asn;
  wanted.in_country = options.by == "asn-in-country";
  const std::optional<rib::Threshold> threshold = threshold_of(options.threshold);
  if (!threshold) {
    return Error{ErrorKind::usage,
                 fmt::format("--threshold {} is not 1, 25, 50, 75 or 100", options.threshold)};
  }
  wanted.threshold = *threshold;
  if (options.bin) wanted.bin = *options.bin;
  if (wanted.bin < Seconds(60) || wanted.bin > Seconds(86'400)) {
    return Error{ErrorKind::usage, "--bin is from 1min to 1d"};
  }
  if (options.by != "asn" && options.geo.empty()) {
    return Error{ErrorKind::usage,
                 fmt::format("--by {} needs to know which prefix lies where: --geo TABLE "
                             "(docs/formats/prefix-table.md)",
                             options.by)};
  }
  return wanted;
}

// The tables of --geo as one; says on standard error which they are.
Result<PrefixTable> read_geo(const Options& options, World& world, Damage& damage) {
  PrefixTable::Builder builder;
  if (options.geo.empty()) return builder.build();
  Result<WorldInputs> opened = world.open_inputs(options.geo);
  if (!opened) return opened.error();
  for (const Input& input : opened->inputs) {
    const Result<std::unique_ptr<ByteSource>> source = input.open();
    if (!source) return source.error();
    const Result<PrefixTableOrigin> origin =
        read_prefix_table(**source, input.lineage.name, builder, damage);
    if (!origin) return origin.error();
    if (options.quiet) continue;
    world.err(fmt::format("geo: {}, {}, {} rows, as of {}, sha256 {}\n", origin->name,
                          origin->format, origin->rows,
                          origin->as_of ? format_date(*origin->as_of) : "a day it does not say",
                          input.lineage.sha256));
  }
  return builder.build();
}

}  // namespace

int mrt_visibility_command(const Options& options, World& world) {
  const Result<Wanted> wanted = wanted_of(options);
  if (!wanted) return fail(world, wanted.error());
  Damage damage;
  const Result<PrefixTable> table = read_geo(options, world, damage);
  if (!table) return fail(world, table.error());
  Result<std::vector<mrt::Archive>> archives = open_archives(options, world);
  if (!archives) return fail(world, archives.error());
  const bool networks = wanted->type == EntityType::asn;
  const rib::VisibilityOptions visibility{.networks = networks && !wanted->in_country,
                                          .networks_by_origin = networks && wanted->in_country};
  TableWriter rows(world, options,
                   {"time", "entity", "family", "visible_slash24", "visible_slash48", "prefixes",
                    "origin_asns", "full_feed_asns"});
  Run run(*wanted, *table, visibility, std::move(*archives), threads_of(options), damage, rows);
  run.run();
  if (const Status finished = rows.finish(); !finished) return fail(world, finished.error());
  const int code = say_mrt_damage(options, world, damage);
  if (!options.quiet) {
    world.err(fmt::format("{} tables; full-feed peers that count now: {} for IPv4, {} for IPv6\n",
                          run.tables(), run.rib().counting_peers(Family::v4),
                          run.rib().counting_peers(Family::v6)));
    for (const auto& [type, count] : run.unread()) {
      world.err(fmt::format("{} records of type {} are not read\n", count, type));
    }
    if (run.skipped_gaps() > 0) {
      world.err(fmt::format("{} stretches of more than a day without records are left out\n",
                            run.skipped_gaps()));
    }
  }
  if (run.any_number()) return code;
  if (rows.rows() > 0) {
    world.err("lightsout: no full-feed peer to see anything: every row is empty\n");
    return kCannotTell;
  }
  world.err("lightsout: no entity of that kind has a route in these files\n");
  return run.tables() == 0 ? kCannotTell : kNothing;
}

}  // namespace lightsout
