// SPDX-License-Identifier: Apache-2.0
#include "source/psiphond_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>
#include <map>

#include "source/collector.h"
#include "source/json_items.h"
#include "source/limits.h"
#include "source/text.h"

namespace lightsout {

namespace {

using simdjson::SUCCESS;
using simdjson::dom::object;

constexpr Seconds kDay{86400}, kHour{3600};
constexpr std::size_t kMostCounts = 500'000;         // days and hours of all countries and servers
constexpr std::uint64_t kMostClients = 100'000'000;  // at one moment of one server

std::string_view text_at(const object& from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) == SUCCESS ? text : std::string_view{};
}

// By protocol, and for some versions "ALL" beside them; or one number at the top.
std::optional<std::uint64_t> established(const object& line) {
  std::uint64_t sum = 0, number = 0;
  bool any = false;
  if (line["established_clients"].get(number) == SUCCESS) return number;
  for (const auto [name, value] : line) {
    object protocol;
    if (value.get(protocol) != SUCCESS || protocol["established_clients"].get(number) != SUCCESS) {
      continue;
    }
    if (name == "ALL") return number;
    if (number > kMostClients) return number;
    sum += number;
    any = true;
  }
  return any ? std::optional(sum) : std::nullopt;
}

class PsiphondReader {
 public:
  PsiphondReader(std::span<const Input> inputs) : inputs_(inputs), collector_(inputs) {}

  Reading read() {
    read_each(collector_, inputs_, [&](std::size_t i, ByteSource& source) { read_one(i, source); });
    for (const auto& [key, day] : days_) {
      add(key.first, "daily_unique_users", kDay, day.input, key.second, day.users);
    }
    std::map<std::pair<std::string, Time>, Count> hours;
    for (const auto& [key, load] : loads_) {
      Count& hour = hours[{key.country, key.hour}];
      hour.users += load.sum / load.moments;
      hour.input = load.input;
    }
    for (const auto& [key, hour] : hours) {
      add(key.first, "concurrent_users", kHour, hour.input, key.second, std::round(hour.users));
    }
    if (!days_.empty()) {
      collector_.note(days_.begin()->second.input,
                      "the first and the last day of a server's log are seldom whole days");
    }
    return collector_.finish();
  }

 private:
  struct Count {
    double users = 0;
    std::size_t input = 0;
  };
  struct LoadKey {
    std::string country;
    Time hour;
    std::string server;
    auto operator<=>(const LoadKey&) const = default;
  };
  struct Load {
    double sum = 0, moments = 0;
    std::size_t input = 0;
  };

  void read_one(std::size_t i, ByteSource& source) {
    JsonItems items(source, collector_.name_of(i), JsonItems::Where::at_top, collector_.damage());
    JsonItem item;
    while (items.next(item)) {
      if (!is_utf8(item.text)) item.text = clean_utf8(item.text);
      item.text.reserve(item.text.size() + simdjson::SIMDJSON_PADDING);
      object line;
      const auto error = parser_.parse(item.text).get(line);
      if (error != SUCCESS) {
        items.refuse(item, fmt::format("not JSON: {}", simdjson::error_message(error)));
        continue;
      }
      if (const Status counted = count(i, line); !counted.ok()) {
        items.refuse(item, counted.error().message);
      }
    }
  }

  Status count(std::size_t i, const object& line) {
    const std::string_view event = text_at(line, "event_name");
    if (event != "unique_user" && event != "server_load") {
      collector_.count(i, "lines of other events");
      return {};
    }
    const bool unique = event == "unique_user";
    const std::string_view region = text_at(line, unique ? "client_region" : "region");
    const std::optional<std::string> country = country_code(region);
    if (!country) {
      collector_.count(i, "lines without a country that is one");
      return {};
    }
    const Result<Time> time = parse_file_time(text_at(line, "timestamp"));
    if (!time) return time.error();
    if (days_.size() + loads_.size() >= kMostCounts) {
      return Error{ErrorKind::limit, fmt::format("more than {} days and hours", kMostCounts)};
    }
    if (unique) {
      Count& day = days_[{*country, bin_begin(*time, kDay)}];
      day.users += 1;
      day.input = i;
      return {};
    }
    const std::optional<std::uint64_t> clients = established(line);
    if (!clients || *clients > kMostClients) {
      return Error{ErrorKind::malformed, "a server_load without established_clients"};
    }
    std::string server(text_at(line, "host_id").substr(0, 64));
    Load& load = loads_[{*country, bin_begin(*time, kHour), std::move(server)}];
    load.sum += static_cast<double>(*clients);
    load.moments += 1;
    load.input = i;
    return {};
  }

  void add(const std::string& country, std::string_view metric, Seconds step, std::size_t input,
           Time time, double users) {
    Result<SignalId> id = SignalId::parse(fmt::format("country:{}/psiphon/{}", country, metric));
    if (!id) return;
    SeriesSpec spec = spec_of(std::move(*id));
    spec.step = step;
    const auto handle = collector_.series(std::move(spec));
    if (handle) collector_.add(*handle, input, time, Sample::of(users));
  }

  std::span<const Input> inputs_;
  Collector collector_;
  simdjson::dom::parser parser_;
  std::map<std::pair<std::string, Time>, Count> days_;
  std::map<LoadKey, Load> loads_;
};

}  // namespace

bool recognises_psiphond_json(std::string_view head, const ReadOptions&) {
  const std::string_view text = trimmed(head);
  if (!text.starts_with('{')) return false;
  const auto event = text.find("\"event_name\"");
  const auto has = [&](std::string_view word) { return text.find(word) != text.npos; };
  return event != text.npos && (has("\"unique_user\"") || has("\"server_load\""));
}

Reading read_psiphond_json(std::span<const Input> inputs, const ReadOptions&) {
  return PsiphondReader(inputs).read();
}

}  // namespace lightsout
