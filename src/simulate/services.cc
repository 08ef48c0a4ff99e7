// SPDX-License-Identifier: Apache-2.0
#include "simulate/services.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulate/course.h"
#include "simulate/json_text.h"
#include "simulate/random.h"

namespace lightsout {

namespace {

constexpr Seconds kDay{86400};
constexpr double kFailsByItself = 0.02;  // of ordinary tests: a bad link, a slow server

struct Target {
  std::string_view service;  // as events name it; a website is named by its host
  std::string_view test;
  std::string_view input;  // for web_connectivity
  double share;            // of all measurements
};

// Websites that the block events of a scenario can name, too.
constexpr Target kTargets[] = {
    {"telegram", "telegram", "", 0.16},
    {"whatsapp", "whatsapp", "", 0.16},
    {"signal", "signal", "", 0.12},
    {"www.wikipedia.org", "web_connectivity", "https://www.wikipedia.org/", 0.12},
    {"www.bbc.com", "web_connectivity", "https://www.bbc.com/", 0.11},
    {"www.google.com", "web_connectivity", "https://www.google.com/", 0.11},
    {"www.facebook.com", "web_connectivity", "https://www.facebook.com/", 0.11},
    {"www.example.com", "web_connectivity", "https://www.example.com/", 0.11},
};

struct Probe {
  Course course;
  double users;
  Asn asn;
  std::string name;
};

std::vector<Probe> probes_of(const Scenario& scenario) {
  std::vector<Probe> probes;
  for (const NetworkPart& part : parts_of(scenario)) {
    if (part.provider == NetworkPart::kNobody || part.datacentre) continue;
    const Provider& provider = scenario.providers[part.provider];
    probes.push_back(
        {course_of(scenario, part, Plane::traffic), part.users, provider.asn, provider.name});
  }
  return probes;
}

const Probe& pick_probe(Rng& rng, const std::vector<Probe>& probes) {
  double users = 0;
  for (const Probe& probe : probes) users += probe.users;
  double left = rng.uniform() * users;
  for (const Probe& probe : probes) {
    left -= probe.users;
    if (left < 0) return probe;
  }
  return probes.back();
}

const Target& pick_target(Rng& rng) {
  double left = rng.uniform();
  for (const Target& target : kTargets) {
    left -= target.share;
    if (left < 0) return target;
  }
  return kTargets[0];
}

bool fails(const Scenario& scenario, Rng& rng, const Target& target, Time time) {
  double share = kFailsByItself;
  for (const Event& event : scenario.events) {
    if (event.kind == EventKind::block && event.subject == target.service &&
        event.range.contains(time)) {
      share = std::max(share, event.amount);
    }
  }
  return rng.chance(share);
}

std::string test_keys(const Target& target, bool failed) {
  if (target.test == "telegram") {
    return fmt::format(
        R"("telegram_http_blocking":{0},"telegram_tcp_blocking":{0},"telegram_web_failure":{1},)"
        R"("telegram_web_status":"{2}")",
        failed, failed ? R"("generic_timeout_error")" : "null", failed ? "blocked" : "ok");
  }
  if (target.test == "whatsapp") {
    return fmt::format(
        R"("registration_server_failure":{0},"registration_server_status":"{1}",)"
        R"("whatsapp_endpoints_blocked":[],"whatsapp_endpoints_dns_inconsistent":[],)"
        R"("whatsapp_endpoints_status":"{1}","whatsapp_web_failure":{0},"whatsapp_web_status":"{1}")",
        failed ? R"("generic_timeout_error")" : "null", failed ? "blocked" : "ok");
  }
  if (target.test == "signal") {
    return fmt::format(R"("signal_backend_status":"{}","signal_backend_failure":{})",
                       failed ? "blocked" : "ok", failed ? R"("generic_timeout_error")" : "null");
  }
  return fmt::format(
      R"("control_failure":null,"dns_experiment_failure":null,"dns_consistency":"consistent",)"
      R"("http_experiment_failure":{},"blocking":{},"accessible":{},"queries":[],"tcp_connect":[],)"
      R"("tls_handshakes":[],"requests":[])",
      failed ? R"("generic_timeout_error")" : "null", failed ? R"("http-failure")" : "false",
      !failed);
}

// The format writes times with a blank and without a zone; they are UTC.
std::string ooni_time(Time time) {
  std::string text = format_time(time);
  text[10] = ' ';
  text.pop_back();
  return text;
}

std::string compact_time(Time time) {
  std::string text = format_time(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::string document(const Scenario& scenario, const Probe& probe, const Target& target, Time time,
                     bool failed, std::uint64_t number) {
  std::string test = std::string(target.test);
  std::erase(test, '_');
  const std::string country(scenario.entity.code());
  return fmt::format(
      R"({{"annotations":{{"semi_synthetic":"true","label":"SEMI-SYNTHETIC","scenario_sha256":"{}"}},)"
      R"("data_format_version":"0.2.0","input":{},"measurement_start_time":"{}",)"
      R"("probe_asn":"AS{}","probe_cc":"{}","probe_ip":"127.0.0.1","probe_network_name":{},)"
      R"("report_id":"{}_{}_{}_{}_n1_{:016x}","resolver_asn":"AS{}",)"
      R"("software_name":"lightsout-simulate","software_version":"1","test_keys":{{{}}},)"
      R"("test_name":"{}","test_runtime":{},"test_start_time":"{}","test_version":"0.1.0"}})"
      "\n",
      scenario.sha256, target.input.empty() ? "null" : json_text(target.input), ooni_time(time),
      probe.asn.number, country, json_text(probe.name), compact_time(time), test, country,
      probe.asn.number, number, probe.asn.number, test_keys(target, failed), target.test,
      failed ? "20.5" : "1.5", ooni_time(time));
}

// The measurements of one day, in the order of their times.
std::string draw_day(const Scenario& scenario, const SignalModel& model,
                     const std::vector<Probe>& probes, Time day) {
  Rng rng = Rng(scenario.seed).fork("ooni/" + format_time(day));
  const std::uint64_t count = rng.negative_binomial(model.level, 40);
  std::vector<Time> times;
  for (std::uint64_t i = 0; i < count; ++i) {
    times.push_back(day + Seconds{static_cast<std::int64_t>(rng.below(86400))});
  }
  std::sort(times.begin(), times.end());
  std::string text;
  for (const Time time : times) {
    const Probe& probe = pick_probe(rng, probes);
    const Target& target = pick_target(rng);
    const bool failed = fails(scenario, rng, target, time);
    const std::uint64_t number = rng.next();
    if (!rng.chance(probe.course.at(time))) continue;  // what is cut sends nothing
    const bool down =
        std::any_of(scenario.events.begin(), scenario.events.end(), [&](const Event& event) {
          return event.kind == EventKind::gap && event.subject == "ooni" &&
                 event.range.contains(time);
        });
    if (!down) text += document(scenario, probe, target, time, failed, number);
  }
  return text;
}

}  // namespace

Status write_services(const Scenario& scenario, const Sink& sink) {
  const SignalModel* model = find_signal(scenario, "ooni");
  const std::vector<Probe> probes = probes_of(scenario);
  if (model == nullptr || probes.empty()) return {};
  for (Time day = scenario.range.begin; day < scenario.range.end; day += kDay) {
    const std::string text = draw_day(scenario, *model, probes, day);
    if (text.empty()) continue;
    const std::string name = fmt::format("ooni-{}.jsonl", compact_time(day).substr(0, 8));
    if (Status status = sink(name, text); !status) return status;
  }
  return {};
}

}  // namespace lightsout
