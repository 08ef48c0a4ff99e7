// SPDX-License-Identifier: Apache-2.0
#include "source/mrt_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "live/live_source.h"
#include "mrt/merged_reader.h"
#include "rib/feed.h"
#include "rib/visibility.h"
#include "signal/catalogue.h"
#include "source/head.h"
#include "source/prefix_table_source.h"

namespace lightsout {
namespace {

constexpr const char* kMetrics[2] = {"visible_slash24", "visible_slash48"};
constexpr Family kFamilies[2] = {Family::v4, Family::v6};

// What the source itself was in one bin and family; the same for all entities.
struct BinState {
  SampleState state = SampleState::source_down;
  float coverage = 0;
};

// The numbers of one entity over the bins, before it is known which bins may have one.
struct Gathered {
  std::vector<float> visible[2];
  std::vector<std::uint32_t> updates;
};

// Reads everything and keeps what each bin showed.
class Observation {
 public:
  Observation(const PrefixTable& table, const ReadOptions& options, std::vector<mrt::Archive> files,
              Damage& damage)
      : options_(options),
        damage_(damage),
        reader_(files, damage),
        visibility_(rib_, table, visibility_options(table, options)),
        gathered_(visibility_.entities()) {
    for (const mrt::Archive& file : files) feeds_.emplace_back(rib_, file.name, damage);
    spans_.resize(files.size());
  }

  void run() {
    while (true) {
      const mrt::MergedReader::Step step = reader_.next();
      if (step == mrt::MergedReader::Step::end) break;
      rib::Feed& feed = feeds_[reader_.file()];
      if (step == mrt::MergedReader::Step::file_end) {
        finish_file(feed);
        continue;
      }
      const mrt::Record& record = reader_.record();
      if (options_.range && record.time >= options_.range->end) break;
      if (!move_to(reader_.time())) break;
      feed.apply(record);
      note_record(record, feed);
    }
    if (started_) close_bin();
  }

  const rib::Visibility& visibility() const { return visibility_; }
  const rib::Rib& rib() const { return rib_; }
  const std::vector<rib::Feed>& feeds() const { return feeds_; }
  const std::vector<Gathered>& gathered() const { return gathered_; }
  Time begin() const { return begin_; }
  std::size_t bins() const { return states_[0].size(); }
  bool any_table() const { return any_table_; }
  bool any_updates() const { return any_updates_; }
  bool covered_by_updates(std::size_t bin) const { return covered_[bin]; }

  // After run(): a bin without a file behind it has no numbers, whatever the state was.
  BinState state(std::size_t bin, int family) const {
    if (covered_[bin] || table_in_bin_[bin]) return states_[family][bin];
    return {};
  }

  void find_covered_bins() {
    covered_.assign(bins(), false);
    table_in_bin_.assign(bins(), false);
    for (const auto& span : spans_) {
      if (span) fill(covered_, *span);
    }
    for (const Time time : tables_) fill(table_in_bin_, {time, time});
  }

 private:
  static rib::VisibilityOptions visibility_options(const PrefixTable& table,
                                                   const ReadOptions& options) {
    rib::VisibilityOptions out;
    if (!options.entity) return out;
    out.country = options.entity->country();
    if (out.country.empty()) return out;
    out.networks_by_origin =
        std::none_of(table.entities().begin(), table.entities().end(), [&](const Entity& entity) {
          return entity.type() == EntityType::asn && entity.country() == out.country;
        });
    return out;
  }

  void fill(std::vector<bool>& bins, const std::pair<Time, Time>& span) const {
    for (Time time = std::max(bin_begin(span.first, kMrtStep), begin_); time <= span.second;
         time += kMrtStep) {
      const auto bin = static_cast<std::size_t>((time - begin_) / kMrtStep);
      if (bin >= bins.size()) return;
      bins[bin] = true;
    }
  }

  // Closes the bins that end before `time`; false when there would be too many.
  bool move_to(Time time) {
    if (!started_) {
      begin_ = bin_begin(options_.range ? std::max(time, options_.range->begin) : time, kMrtStep);
      bin_end_ = begin_ + kMrtStep;
      started_ = true;
      last_ = time;
    }
    if (time > last_ + kLongestMrtGap) {
      // The bin before the silence still has its state.
      if (time >= bin_end_) {
        close_bin();
        bin_end_ += kMrtStep;
      }
      forget(time);
    }
    last_ = time;
    while (time >= bin_end_) {
      const std::size_t more = bins() + 2;  // the one that closes and the one that opens
      if (more > kMostMrtBins || more * series_ > kMostMrtSamples) {
        const std::string limit =
            more > kMostMrtBins
                ? fmt::format("{} bins of 5 minutes", kMostMrtBins)
                : fmt::format("{} samples, with {} series", kMostMrtSamples, series_);
        damage_.add({.reason = fmt::format("the MRT files reach from {} past the limit of {}; "
                                           "choose a range of time",
                                           format_time(begin_), limit)});
        return false;
      }
      close_bin();
      bin_end_ += kMrtStep;
    }
    return true;
  }

  void forget(Time time) {
    for (rib::PeerId peer = 0; peer < rib_.peers().size(); ++peer) rib_.session(peer, false, time);
  }

  void close_bin() {
    rib_.expire(bin_end_);
    visibility_.refresh();
    for (int f = 0; f < 2; ++f) {
      const std::size_t known = rib_.full_feed_peers(kFamilies[f]);
      const std::size_t alive = rib_.counting_peers(kFamilies[f]);
      BinState state;
      if (alive > 0) {
        state.state = SampleState::number;
        state.coverage = static_cast<float>(alive) / static_cast<float>(known);
      } else if (rib_.doubtful(kFamilies[f])) {
        state.state = SampleState::suppressed;
      }
      states_[f].push_back(state);
    }
    gathered_.resize(visibility_.entities());  // networks are found on the way
    for (std::size_t e = 0; e < gathered_.size(); ++e) gather(e);
  }

  void gather(std::size_t e) {
    Gathered& entity = gathered_[e];
    const std::size_t count = bins();
    for (int f = 0; f < 2; ++f) {
      const auto units = static_cast<float>(visibility_.of(e, kFamilies[f]).units);
      // Most entities of a table never show anything: nothing is kept for them.
      if (units > 0 && entity.visible[f].empty()) ++series_;
      if (units > 0 || !entity.visible[f].empty()) {
        entity.visible[f].resize(count - 1, 0);
        entity.visible[f].push_back(units);
      }
    }
  }

  void note_record(const mrt::Record& record, const rib::Feed& feed) {
    if (!record.is_bgp4mp()) return;
    any_updates_ = true;
    auto& span = spans_[reader_.file()];
    if (!span) span = {record.time, record.time};
    span->second = std::max(span->second, record.time);
    for (const rib::Feed::Change& change : feed.changes()) {
      visibility_.entities_of(change.prefix, entities_);
      for (const std::uint32_t e : entities_) {
        if (visibility_.type(e) != EntityType::country) continue;
        std::vector<std::uint32_t>& updates = gathered_[e].updates;
        if (updates.empty()) ++series_;
        updates.resize(std::max(updates.size(), bins() + 1), 0);
        ++updates[bins()];
      }
    }
  }

  void finish_file(rib::Feed& feed) {
    using End = rib::Feed::End;
    const std::uint64_t before = feed.totals().tables;
    feed.finish(reader_.cut() ? End::cut : reader_.damaged() ? End::damaged : End::whole);
    if (feed.totals().tables == before || !started_) return;
    any_table_ = true;
    tables_.push_back(last_);
  }

  const ReadOptions& options_;
  Damage& damage_;
  rib::Rib rib_;
  mrt::MergedReader reader_;
  rib::Visibility visibility_;
  std::vector<rib::Feed> feeds_;
  std::vector<Gathered> gathered_;
  std::vector<std::optional<std::pair<Time, Time>>> spans_;  // of the updates in each file
  std::vector<Time> tables_;                                 // when each routing table was complete
  std::vector<BinState> states_[2];
  std::vector<bool> covered_, table_in_bin_;
  std::vector<std::uint32_t> entities_;
  bool started_ = false;
  bool any_table_ = false, any_updates_ = false;
  Time begin_, bin_end_, last_;
  std::size_t series_ = 0;
};

// From what was observed to series, with lineage and without bins before anything was known.
class SeriesMaker {
 public:
  SeriesMaker(const Observation& seen, const ReadOptions& options, std::vector<Lineage> lineage,
              Reading& reading)
      : seen_(seen), options_(options), lineage_(std::move(lineage)), reading_(reading) {}

  void make() {
    for (std::size_t e = 0; e < seen_.gathered().size(); ++e) {
      const Entity entity = seen_.visibility().entity(e);
      const Gathered& gathered = seen_.gathered()[e];
      if (!wanted(entity)) continue;
      for (int f = 0; f < 2; ++f) {
        // The one that was asked for may be gone all the time; of the others that is no news.
        const bool asked = f == 0 && options_.entity == entity && seen_.any_table();
        if (asked || !gathered.visible[f].empty()) visibility(entity, f, gathered.visible[f]);
      }
      if (!gathered.updates.empty()) update_rate(entity, gathered.updates);
    }
    std::sort(reading_.series.begin(), reading_.series.end(),
              [](const Series& a, const Series& b) { return a.id < b.id; });
  }

 private:
  // With an entity given: it and its parts, and the country that it lies in.
  bool wanted(const Entity& entity) const {
    if (!options_.entity || options_.entity->type() == EntityType::country) return true;
    if (entity.type() == EntityType::country) return true;
    return options_.entity->asn().number == 0 || entity.asn() == options_.entity->asn();
  }

  Series empty_series(const Entity& entity, const char* metric) const {
    Series series{.id = *SignalId::make(entity, "bgp", metric)};
    const SignalKind& kind = kind_of(series.id);
    series.plane = kind.plane;
    series.unit = kind.unit;
    series.worse = kind.worse;
    series.begin = seen_.begin();
    series.step = kMrtStep;
    series.lineage = lineage_;
    return series;
  }

  void visibility(const Entity& entity, int family, const std::vector<float>& values) {
    Series series = empty_series(entity, kMetrics[family]);
    bool known = false;
    for (std::size_t bin = 0; bin < seen_.bins(); ++bin) {
      const BinState state = seen_.state(bin, family);
      if (!known && state.state == SampleState::source_down) {
        series.begin += kMrtStep;
        continue;
      }
      known = true;
      const double value = bin < values.size() ? values[bin] : 0;
      series.samples.push_back(Sample::of(state.state, value));
      series.coverage.push_back(state.coverage);
    }
    if (known) reading_.series.push_back(std::move(series));
  }

  void update_rate(const Entity& entity, const std::vector<std::uint32_t>& values) {
    Series series = empty_series(entity, "update_rate");
    for (std::size_t bin = 0; bin < seen_.bins(); ++bin) {
      const bool covered = seen_.covered_by_updates(bin);
      if (series.samples.empty() && !covered) {
        series.begin += kMrtStep;
        continue;
      }
      series.samples.push_back(covered ? Sample::of(bin < values.size() ? values[bin] : 0)
                                       : Sample::source_down());
    }
    if (!series.samples.empty()) reading_.series.push_back(std::move(series));
  }

  const Observation& seen_;
  const ReadOptions& options_;
  std::vector<Lineage> lineage_;
  Reading& reading_;
};

// What is odd about one file.
void note_oddities(const rib::FeedTotals& totals, std::vector<std::string>& notes) {
  if (totals.dropped_tables > 0) {
    notes.push_back(
        "the routing table is cut short: not used, since what is missing in it may be there");
  }
  if (totals.damaged_tables > 0) {
    notes.push_back(
        "the routing table is damaged inside: what it holds is used, what it lacks may be there");
  }
  if (totals.refused_peers > 0) {
    notes.push_back(fmt::format(
        "the table holds less than half of what {} peers had: not believed, the state is held",
        totals.refused_peers));
  }
  if (totals.peers_beyond_limit > 0) {
    notes.push_back(
        fmt::format("more than {} peers: the rest is not counted", rib::Rib::kMaxPeers));
  }
  for (const auto& [type, count] : totals.unsupported) {
    notes.push_back(fmt::format("{} records of a type that is not read: {}", count, type));
  }
}

std::string totals_note(const Observation& seen) {
  rib::FeedTotals totals;
  for (const rib::Feed& feed : seen.feeds()) totals.merge(feed.totals());
  std::string text = fmt::format(
      "{} MRT files: {} routing tables with {} routes; updates: {} prefixes announced, {} "
      "withdrawn, "
      "{} session changes",
      seen.feeds().size(), totals.tables, totals.table_routes, totals.announced, totals.withdrawn,
      totals.state_changes);
  if (totals.not_the_peers > 0) {
    text += fmt::format("; {} routes not counted, their path does not begin with the peer",
                        totals.not_the_peers);
  }
  return text;
}

// What a person must know about all files together.
std::vector<std::string> notes_of(const Observation& seen, bool has_prefixes) {
  std::vector<std::string> notes;
  notes.push_back(totals_note(seen));
  if (!has_prefixes) {
    notes.push_back(
        "cannot tell which country a prefix lies in: no prefix table among the inputs "
        "(prefix,entity "
        "as CSV, or a tar archive of country lists)");
  }
  if (seen.any_updates() && !seen.any_table()) {
    notes.push_back(
        "cannot tell what was visible: updates without a routing table (add a rib or bview file of "
        "the same collector from before them)");
  }
  if (seen.any_table()) {
    const rib::Rib& rib = seen.rib();
    notes.push_back(fmt::format(
        "full-feed peers of {}: {} for IPv4 (largest table: {} prefixes), {} for IPv6 (largest: "
        "{})",
        rib.peers().size(), rib.full_feed_peers(Family::v4), rib.largest_table(Family::v4),
        rib.full_feed_peers(Family::v6), rib.largest_table(Family::v6)));
  }
  const std::uint64_t refused =
      seen.rib().routes_refused_by_limit() + seen.visibility().parts_refused_by_limit();
  if (refused > 0) notes.push_back(fmt::format("{} routes past the limits are not kept", refused));
  return notes;
}

std::vector<Lineage> lineage_of(std::span<const Input> inputs,
                                const std::vector<std::size_t>& used) {
  std::vector<Lineage> lineage;
  for (const std::size_t i : used) lineage.push_back(inputs[i].lineage);
  std::stable_sort(lineage.begin(), lineage.end(), [](const Lineage& a, const Lineage& b) {
    return std::tie(a.arrived, a.name) < std::tie(b.arrived, b.name);
  });
  return lineage;
}

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The time of the first record of the earliest file.
std::optional<Time> first_time(const std::vector<mrt::Archive>& archives) {
  std::optional<Time> first;
  for (const mrt::Archive& archive : archives) {
    const Result<std::unique_ptr<ByteSource>> source = archive.open();
    if (!source) continue;
    mrt::RecordReader reader(**source);
    mrt::RecordReader::Step step = reader.next();
    while (step == mrt::RecordReader::Step::damaged) step = reader.next();
    if (step == mrt::RecordReader::Step::record && (!first || reader.record().time < *first)) {
      first = reader.record().time;
    }
  }
  return first;
}

}  // namespace

bool recognises_mrt(std::string_view head, const ReadOptions&) {
  return looks_like_prefix_table(head) || mrt::looks_like_mrt(bytes_of(head)) ||
         live::recognise_live(bytes_of(head)) != live::LiveFormat::none;
}

Reading read_mrt(std::span<const Input> inputs, const ReadOptions& options) {
  Reading reading;
  std::vector<std::size_t> table_inputs, used;
  std::vector<mrt::Archive> archives;
  std::vector<std::shared_ptr<live::LiveNotes>> feeds;  // one for each archive
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    reading.inputs.push_back({.name = inputs[i].lineage.name, .format = "mrt"});
    const Result<std::string> head = read_head(inputs[i]);
    if (head && looks_like_prefix_table(*head)) {
      table_inputs.push_back(i);
    } else {
      feeds.push_back(std::make_shared<live::LiveNotes>());
      const std::string& name = inputs[i].lineage.name;
      archives.push_back(
          {.name = name,
           .open = live::live_opener(inputs[i].open, {.name = name, .notes = feeds.back()})});
      used.push_back(i);
    }
  }
  PrefixTables tables = read_prefix_tables(inputs, table_inputs, first_time(archives), reading);
  if (archives.empty()) return reading;

  Observation seen(tables.table, options, archives, reading.damage);
  seen.run();
  seen.find_covered_bins();
  const std::vector<std::string> common = notes_of(seen, !tables.table.empty());
  for (std::size_t k = 0; k < used.size(); ++k) {
    std::vector<std::string>& notes = reading.inputs[used[k]].notes;
    // What holds for all of them is said once, at the first.
    if (k == 0) notes.insert(notes.end(), common.begin(), common.end());
    note_oddities(seen.feeds()[k].totals(), notes);
    notes.insert(notes.end(), feeds[k]->notes.begin(), feeds[k]->notes.end());
    reading.damage.merge(feeds[k]->damage);
  }
  used.insert(used.end(), tables.used.begin(), tables.used.end());
  SeriesMaker(seen, options, lineage_of(inputs, used), reading).make();
  return reading;
}

}  // namespace lightsout
