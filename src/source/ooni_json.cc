// SPDX-License-Identifier: Apache-2.0
#include "source/ooni_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "source/collector.h"
#include "source/head.h"
#include "source/json_items.h"
#include "source/limits.h"
#include "source/merge.h"
#include "source/ooni_record.h"
#include "source/ooni_shares.h"
#include "source/seen.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr Seconds kHour{3600};
constexpr Seconds kDay{86400};
constexpr std::size_t kMostMeasurements = 2'000'000;  // remembered, so as to count each once
constexpr std::size_t kMostCounts = 500'000;          // bins of all services together

// The browser's recording of an answer: {"status":200,"contentType":...,"body":"{\"v\":0,..."}.
bool is_wrapped(const std::set<std::string>& keys) {
  return keys.contains("status") && keys.contains("body");
}

std::string without_backslashes(std::string_view head) {
  std::string plain(head);
  plain.erase(std::remove(plain.begin(), plain.end(), '\\'), plain.end());
  return plain;
}

bool is_single(const std::set<std::string>& keys) {
  return keys.contains("test_keys") || keys.contains("measurement_start_time") ||
         keys.contains("raw_measurement") || keys.contains("test_start_time");
}

struct Count {
  std::uint64_t tests = 0;
  std::uint64_t judged = 0;
  std::uint64_t anomalous = 0;
  std::uint64_t looked_at = 0;  // for known block pages
  std::uint64_t known_blocks = 0;
};

// Counts on one step: measurements by the hour, or an aggregation by its own step.
class Counts {
 public:
  Counts(std::span<const Input> inputs, Seconds step) : collector_(inputs), step_(step) {}

  // False when there is no room for another bin.
  bool add(const Entity& service, Time time, std::size_t input, const Count& more, bool in_all) {
    const auto key = std::pair{service.text(), bin_begin(time, step_)};
    const auto found = counts_.find(key);
    if (found == counts_.end() && counts_.size() >= kMostCounts) return false;
    Bin& bin = counts_[key];
    // An aggregation's row is the whole of its bin; the same row in another file says it again.
    if (in_all) bin.count = Count{};
    bin.count.tests += more.tests;
    bin.count.judged += more.judged;
    bin.count.anomalous += more.anomalous;
    bin.count.looked_at += more.looked_at;
    bin.count.known_blocks += more.known_blocks;
    bin.input = input;
    return true;
  }

  Reading finish() {
    for (const auto& [key, bin] : counts_) add_points(key.first, key.second, bin.input, bin.count);
    return collector_.finish();
  }

 private:
  struct Bin {
    Count count;
    std::size_t input = 0;
  };

  void add_points(const std::string& service, Time time, std::size_t input, const Count& count) {
    const Result<Collector::Handle> tests = handle_of(service + "/ooni/measurements", true);
    if (!tests) return collector_.count(input, kRefused);
    collector_.add(*tests, input, time, Sample::of(static_cast<double>(count.tests)));
    add_share(service + "/ooni/anomaly_fraction", time, input, count.anomalous, count.judged);
    add_share(service + "/ooni/block_page_fraction", time, input, count.known_blocks,
              count.looked_at);
  }

  void add_share(const std::string& id, Time time, std::size_t input, std::uint64_t part,
                 std::uint64_t whole) {
    if (whole == 0) return;
    const Result<Collector::Handle> fraction = handle_of(id, false);
    if (!fraction) return collector_.count(input, kRefused);
    collector_.add(*fraction, input, time,
                   Sample::of(static_cast<double>(part) / static_cast<double>(whole)),
                   static_cast<float>(whole));
  }

  static constexpr const char* kRefused = "series past the limit, a bin of each";

  Result<Collector::Handle> handle_of(const std::string& id, bool absent_is_zero) {
    Result<SignalId> parsed = SignalId::parse(id);
    if (!parsed) return parsed.error();
    SeriesSpec spec = spec_of(std::move(*parsed));
    spec.step = step_;
    spec.absent_is_zero = absent_is_zero;
    return collector_.series(std::move(spec));
  }

  Collector collector_;
  Seconds step_;
  std::map<std::pair<std::string, Time>, Bin> counts_;
};

class OoniReader {
 public:
  OoniReader(std::span<const Input> inputs, const ReadOptions& options)
      : inputs_(inputs),
        options_(options),
        said_(inputs),
        tests_(inputs, kHour),
        hourly_(inputs, kHour),
        daily_(inputs, kDay),
        shares_(inputs),
        seen_(kMostMeasurements),
        parser_(options.fingerprints.get()) {}

  Reading read() {
    read_each(said_, inputs_, [&](std::size_t i, ByteSource& source) { read_one(i, source); });
    Reading reading = said_.finish();
    // The same service by the hour and by the day is two views of the same tests: the one that says
    // more is kept.
    std::map<SignalId, Series> best;
    for (Counts* counts : {&tests_, &hourly_, &daily_}) {
      Reading part = counts->finish();
      reading.damage.merge(part.damage);
      for (Series& series : part.series) {
        const SignalId id = series.id;
        const auto [known, is_new] = best.try_emplace(id, std::move(series));
        if (is_new) continue;
        MergeReport report;
        known->second = merge_series(std::move(known->second), std::move(series), report);
        if (!report.text(id).empty() && !reading.inputs.empty()) {
          reading.inputs.back().notes.push_back(report.text(id));
        }
      }
    }
    Reading shares = shares_.finish();
    reading.damage.merge(shares.damage);
    for (Series& series : shares.series) best.try_emplace(series.id, std::move(series));
    for (auto& [id, series] : best) reading.series.push_back(std::move(series));
    return reading;
  }

 private:
  void read_one(std::size_t i, ByteSource& source) {
    const Result<std::string> head = read_head(inputs_[i]);
    if (!head) return;
    const std::set<std::string> keys = top_keys(*head);
    counted_ = 0;
    if (is_wrapped(keys)) {
      read_wrapped(i, source);
    } else {
      read_items(i, source, is_single(keys));
    }
    said_.note(i, fmt::format("{} measurements counted", counted_));
  }

  void read_wrapped(std::size_t i, ByteSource& source) {
    const Result<std::string> envelope = read_all(source, kLongestDocument);
    if (!envelope) return said_.damaged(i, 0, 0, envelope.error().message);
    const Result<std::string> body = parser_.unwrap(*envelope);
    if (!body) return said_.damaged(i, 0, envelope->size(), body.error().message);
    MemorySource inner(*body);
    read_items(i, inner, is_single(top_keys(*body)));
  }

  void read_items(std::size_t i, ByteSource& source, bool single) {
    JsonItems items(source, said_.name_of(i),
                    single ? JsonItems::Where::at_top : JsonItems::Where::in_lists, said_.damage());
    JsonItem item;
    while (items.next(item)) {
      Result<OoniRecord> record = parser_.parse(item.text);
      if (!record) {
        items.refuse(item, record.error().message);
        continue;
      }
      const Status counted = count(i, *record);
      if (!counted.ok()) items.refuse(item, counted.error().message);
    }
  }

  Status count(std::size_t i, const OoniRecord& record) {
    if (record.kind == OoniRecord::Kind::other) {
      said_.count(i, "objects in lists that are no measurement");
      return {};
    }
    const bool aggregation = record.kind == OoniRecord::Kind::aggregation;
    if (!aggregation && !record.identity.empty()) {
      const Seen::Answer answer = seen_.add(record.identity);
      if (answer == Seen::Answer::known) {
        said_.count(i, "measurements seen before, counted once");
        return {};
      }
      if (answer == Seen::Answer::full) {
        return Error{ErrorKind::limit, fmt::format("more than {} measurements", kMostMeasurements)};
      }
    }
    const Result<Entity> service = service_of(record, aggregation && record.asn != 0);
    if (!service) return service.error();
    Count more{.tests = 1,
               .judged = record.anomaly.has_value() ? 1u : 0u,
               .anomalous = record.anomaly.value_or(false) ? 1u : 0u,
               .looked_at = record.known_block ? 1u : 0u,
               .known_blocks = record.known_block.value_or(false) ? 1u : 0u};
    if (!record.known_block_name.empty()) {
      said_.count(i, fmt::format("measurements met {}{}", record.known_block_name,
                                 *record.known_block ? "" : ", which is not expected there"));
    }
    if (aggregation) more = {record.measurements, record.measurements, record.anomalous, 0, 0};
    if (!aggregation && !record.anomaly) said_.count(i, "measurements without a verdict");
    Counts& into = !aggregation ? tests_ : record.daily ? daily_ : hourly_;
    if (!into.add(*service, record.time, i, more, aggregation)) {
      return Error{ErrorKind::limit, fmt::format("more than {} bins", kMostCounts)};
    }
    counted_ += more.tests;
    return aggregation ? Status() : count_share(i, record, *service);
  }

  // As seen from the country, and from the network.
  Status count_share(std::size_t i, const OoniRecord& record, const Entity& service) {
    if (!record.failed_share) return {};
    bool room = shares_.add(service, record.time, i, *record.failed_share);
    const Result<Entity> network = service_of(record, true);
    if (room && record.asn != 0 && network) {
      room = shares_.add(*network, record.time, i, *record.failed_share);
    }
    if (room) return {};
    return Error{ErrorKind::limit, fmt::format("more than {} bins of five minutes",
                                               ServiceShares::kMostBinsOfShares)};
  }

  // Rows of an aggregation for one network are about the service in that network.
  Result<Entity> service_of(const OoniRecord& record, bool of_network) const {
    std::string service = record.test;
    std::string country = record.country;
    if (options_.entity) {
      const bool is_service = options_.entity->type() == EntityType::service;
      if (service.empty() && is_service) service = options_.entity->code();
      if (country.empty()) country = options_.entity->country();
    }
    if (service.empty()) {
      return Error{ErrorKind::usage,
                   "it does not say which test: name the entity, for example "
                   "service:telegram@country:IN"};
    }
    if (of_network) return Entity::parse(fmt::format("service:{}@asn:{}", service, record.asn));
    if (country.empty()) {
      return Error{ErrorKind::usage,
                   "it does not say which country: name the entity, for example country:IN"};
    }
    return Entity::parse(fmt::format("service:{}@country:{}", service, country));
  }

  std::span<const Input> inputs_;
  const ReadOptions& options_;
  Collector said_;  // damage and notes; the points are in the three Counts
  Counts tests_;
  Counts hourly_;
  Counts daily_;
  ServiceShares shares_;
  Seen seen_;
  OoniParser parser_;
  std::uint64_t counted_ = 0;
};

}  // namespace

bool recognises_ooni_json(std::string_view head, const ReadOptions&) {
  const std::string_view text = trimmed(head);
  if (!text.starts_with('{') && !text.starts_with('[')) return false;
  if (text.starts_with("{\"test_keys\"")) return true;
  const std::string plain = without_backslashes(head);
  const auto has = [&](std::string_view token) { return plain.find(token) != plain.npos; };
  if (has("\"measurement_count\"") && has("\"measurement_start_day\"")) return true;
  return has("\"measurement_start_time\"") || (has("\"test_start_time\"") && has("\"test_keys\""));
}

Reading read_ooni_json(std::span<const Input> inputs, const ReadOptions& options) {
  return OoniReader(inputs, options).read();
}

}  // namespace lightsout
