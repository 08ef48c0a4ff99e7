// SPDX-License-Identifier: Apache-2.0
#include "simulate/collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "mrt/writer.h"
#include "simulate/course.h"
#include "simulate/random.h"
#include "simulate/routes.h"

namespace lightsout {

namespace {

constexpr Seconds kBin{300};
constexpr std::int64_t kLongestDelay = 90;   // seconds until every peer has heard
constexpr double kChurn = 0.6;               // announcements of a peer in a bin, beyond the first
constexpr std::uint32_t kFirstPeer = 64496;  // 16 numbers for documentation, RFC 5398
constexpr std::uint32_t kFirstTransit = 65552;  // "Reserved" by IANA: nobody's
constexpr std::uint32_t kTransits = 4;

// One change that one peer tells the collector.
struct Told {
  Time time;
  std::uint32_t peer = 0;
  std::uint32_t route = 0;
  bool announced = true;
  std::uint32_t way = 0;  // which transit the peer takes

  auto key() const { return std::tie(time, peer, route, announced, way); }
  bool operator<(const Told& other) const { return key() < other.key(); }
};

class Collector {
 public:
  Collector(const Scenario& scenario, const SignalModel& model, const Sink& sink)
      : scenario_(scenario),
        model_(model),
        sink_(sink),
        routes_(routes_of(scenario)),
        churn_(Rng(scenario.seed).fork("churn")) {
    note_changes();
    note_bursts();
    std::sort(scripted_.begin(), scripted_.end());
  }

  Status write() {
    Time next_table = scenario_.range.begin;
    for (Time file = scenario_.range.begin; file < scenario_.range.end; file += model_.files) {
      const TimeRange range{file, std::min(file + model_.files, scenario_.range.end)};
      // A table that falls into a gap is written when the gap is over.
      if (file >= next_table && !is_down(file)) {
        if (Status status = write_table(file); !status) return status;
        while (next_table <= file) next_table += model_.ribs;
      }
      if (Status status = write_updates(range); !status) return status;
      if (is_down(range.end - Seconds{1})) next_table = std::min(next_table, range.end);
    }
    return {};
  }

 private:
  bool is_down(Time time) const {
    return std::any_of(scenario_.events.begin(), scenario_.events.end(), [&](const Event& event) {
      return event.kind == EventKind::gap && event.subject == "bgp" && event.range.contains(time);
    });
  }

  mrt::Session session(std::uint32_t peer) const {
    // 192.0.2.0/24 is for documentation, RFC 5737.
    return {.peer_asn = Asn{kFirstPeer + peer},
            .local_asn = Asn{kFirstPeer},
            .peer = IpAddress::v4(0xc0000200 + 1 + peer),
            .local = IpAddress::v4(0xc00002fe)};
  }

  bgp::Route as_heard(const Route& route, std::uint32_t peer, std::uint32_t way) const {
    bgp::Route heard{.path = {Asn{kFirstPeer + peer}}, .next_hop = session(peer).peer};
    heard.path.push_back(Asn{kFirstTransit + (peer + route.origin.number + way) % kTransits});
    if (route.upstream != Asn{}) heard.path.push_back(route.upstream);
    heard.path.push_back(route.origin);
    return heard;
  }

  void note_changes() {
    Rng rng = Rng(scenario_.seed).fork("convergence");
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      for (const TimeRange& gone : routes_[i].gone) {
        for (std::uint32_t peer = 0; peer < peers(); ++peer) {
          const Seconds withdrawn{static_cast<std::int64_t>(rng.below(kLongestDelay))};
          const Seconds announced{static_cast<std::int64_t>(rng.below(kLongestDelay))};
          const auto route = static_cast<std::uint32_t>(i);
          // A flap may be over before a slow peer has heard of it: then it never does.
          if (withdrawn >= gone.length()) continue;
          scripted_.push_back({gone.begin + withdrawn, peer, route, false, 0});
          if (gone.end < scenario_.range.end) {
            scripted_.push_back({gone.end + announced, peer, route, true, 0});
          }
        }
      }
    }
  }

  void note_bursts() {
    const std::vector<NetworkPart> parts = parts_of(scenario_);
    for (const Event& event : scenario_.events) {
      if (event.kind != EventKind::route_burst) continue;
      std::vector<std::uint32_t> touched;
      for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (routes_[i].part != Route::kWorld &&
            belongs(scenario_, parts[routes_[i].part], event.group)) {
          touched.push_back(static_cast<std::uint32_t>(i));
        }
      }
      if (touched.empty()) continue;
      Rng rng = Rng(scenario_.seed).fork(fmt::format("burst/{}", event.line));
      const auto updates = static_cast<std::int64_t>(event.amount);
      for (std::uint32_t peer = 0; peer < peers(); ++peer) {
        for (std::int64_t i = 0; i < updates; ++i) {
          // Most of a burst comes at its beginning.
          const double late = rng.uniform() * rng.uniform();
          const Seconds after{
              static_cast<std::int64_t>(late * static_cast<double>(event.range.length().count()))};
          const std::uint32_t route = touched[rng.below(touched.size())];
          const auto way = static_cast<std::uint32_t>(rng.below(kTransits));
          const Time time = event.range.begin + after;
          if (routes_[route].announced_at(time)) {
            scripted_.push_back({time, peer, route, true, way});
          }
        }
      }
    }
  }

  // Every peer says something in every bin: the collector is alive, whatever the country is.
  void add_churn(Time bin, std::vector<Told>& told) {
    for (std::uint32_t peer = 0; peer < peers(); ++peer) {
      const std::uint64_t count = 1 + churn_.poisson(kChurn);
      for (std::uint64_t i = 0; i < count; ++i) {
        const Time time = bin + Seconds{static_cast<std::int64_t>(churn_.below(kBin.count()))};
        const auto way = static_cast<std::uint32_t>(churn_.below(kTransits));
        if (const auto route = settled_route(churn_.below(routes_.size()), time)) {
          told.push_back({time, peer, *route, true, way});
        }
      }
    }
  }

  // Announced, and no withdrawal is still on its way: churn must not undo one.
  static bool is_settled(const Route& route, Time time) {
    return route.announced_at(time) && route.announced_at(time - Seconds{kLongestDelay});
  }

  // The first one from `start` on; none when nothing is announced at all.
  std::optional<std::uint32_t> settled_route(std::size_t start, Time time) const {
    for (std::size_t i = 0; i < routes_.size(); ++i) {
      const std::size_t route = (start + i) % routes_.size();
      if (is_settled(routes_[route], time)) return static_cast<std::uint32_t>(route);
    }
    return std::nullopt;
  }

  Status write_updates(const TimeRange& range) {
    std::vector<Told> told;
    for (Time bin = range.begin; bin < range.end; bin += kBin) add_churn(bin, told);
    for (; next_ < scripted_.size() && scripted_[next_].time < range.end; ++next_) {
      told.push_back(scripted_[next_]);
    }
    std::sort(told.begin(), told.end());

    std::string bytes;
    mrt::Writer writer([&](Bytes piece) { bytes.append(piece.begin(), piece.end()); });
    for (const Told& one : told) {
      if (one.time < range.begin || is_down(one.time)) continue;
      const Route& route = routes_[one.route];
      bgp::Update update;
      if (one.announced) {
        update.announced = {route.prefix};
        update.route = as_heard(route, one.peer, one.way);
      } else {
        update.withdrawn = {route.prefix};
      }
      writer.update(one.time, session(one.peer), update);
    }
    if (bytes.empty()) return {};  // the collector was down
    return sink_(file_name("updates", range.begin), bytes);
  }

  Status write_table(Time time) {
    std::string bytes;
    mrt::Writer writer([&](Bytes piece) { bytes.append(piece.begin(), piece.end()); });
    mrt::PeerIndexTable table{.collector_id = 0xc00002fe, .view_name = std::string(kSemiSynthetic)};
    for (std::uint32_t peer = 0; peer < peers(); ++peer) {
      const mrt::Session ends = session(peer);
      table.peers.push_back({0xc0000200 + 1 + peer, ends.peer, ends.peer_asn});
    }
    writer.peer_index_table(time, table);
    for (const Route& route : routes_) {
      if (!route.announced_at(time)) continue;
      std::vector<mrt::RibRoute> heard;
      for (std::uint32_t peer = 0; peer < peers(); ++peer) {
        heard.push_back({static_cast<std::uint16_t>(peer), scenario_.range.begin - Seconds{86400},
                         as_heard(route, peer, 0)});
      }
      writer.rib(time, route.prefix, heard);
    }
    return sink_(file_name("rib", time), bytes);
  }

  static std::string file_name(std::string_view kind, Time time) {
    const std::string text = format_time(time);  // 2022-01-05T10:30:00Z
    return fmt::format("{}.{}{}{}.{}{}", kind, text.substr(0, 4), text.substr(5, 2),
                       text.substr(8, 2), text.substr(11, 2), text.substr(14, 2));
  }

  std::uint32_t peers() const { return static_cast<std::uint32_t>(model_.peers); }

  const Scenario& scenario_;
  const SignalModel& model_;
  const Sink& sink_;
  std::vector<Route> routes_;
  std::vector<Told> scripted_;  // what the scenario says, in the order of time
  std::size_t next_ = 0;        // the first of them not yet written
  Rng churn_;
};

}  // namespace

Status write_routes(const Scenario& scenario, const Sink& sink) {
  const SignalModel* model = find_signal(scenario, "bgp");
  if (model == nullptr) return {};
  return Collector(scenario, *model, sink).write();
}

}  // namespace lightsout
