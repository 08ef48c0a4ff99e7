// SPDX-License-Identifier: Apache-2.0
#include "simulate/scenario_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lightsout {

namespace {

using Limits = ScenarioLimits;
constexpr Seconds kDay{86400};

std::optional<std::uint32_t> asn_number(std::string_view text) {
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end || number == 0) {
    return std::nullopt;
  }
  return number;
}

void read_title(Fields& fields, Draft& draft) {
  draft.title = fields.rest("the title");
}

void read_entity(Fields& fields, Draft& draft) {
  const std::string text = fields.word("the country");
  const Result<Entity> entity = Entity::parse(text);
  if (!entity || entity->type() != EntityType::country) {
    return fields.fail("a scenario is about one country; write entity country:KZ");
  }
  draft.entity = *entity;
}

void read_label(Fields& fields, Draft& draft) {
  if (fields.word("the label") != kSemiSynthetic) {
    return fields.fail("the label of a scenario is SEMI-SYNTHETIC and nothing else");
  }
  draft.labelled = true;
}

void read_seed(Fields& fields, Draft& draft) {
  draft.seed = fields.whole("a seed", UINT64_MAX);
}

void read_range(Fields& fields, Draft& draft) {
  const std::optional<Time> from = fields.time_or_none("from");
  const std::optional<Time> to = fields.time_or_none("to");
  if (!from || !to) return fields.fail("write range from 2021-11-22 to 2022-01-16");
  if (*to <= *from) return fields.fail("the range ends before it begins");
  if (*to - *from > Limits::kDays * kDay) {
    return fields.fail(fmt::format("the range is longer than {} days", Limits::kDays));
  }
  if (from->time_since_epoch() % kDay != Seconds{0} ||
      to->time_since_epoch() % kDay != Seconds{0}) {
    return fields.fail("the range begins and ends at midnight UTC");
  }
  draft.range = TimeRange{*from, *to};
}

void read_zone(Fields& fields, Draft& draft) {
  draft.zone = fields.word("the time zone");
  fields.text("source");
}

void read_addresses(Fields& fields, Draft& draft) {
  const Result<Prefix> prefix = Prefix::parse(fields.word("a prefix"));
  if (!prefix || prefix->family() != Family::v4 || prefix->length() > 12) {
    return fields.fail(
        "addresses need an IPv4 prefix of /12 or shorter; write addresses 10.0.0.0/8");
  }
  draft.addresses = *prefix;
  draft.world = fields.count_or("world", 0, 4096);
}

void read_provider(Fields& fields, Draft& draft) {
  Provider provider;
  const std::string number = fields.word("an AS number");
  const std::optional<std::uint32_t> asn = asn_number(number);
  if (!asn) return fields.fail(fmt::format("'{}' is not an AS number", number.substr(0, 60)));
  provider.asn = Asn{*asn};
  provider.name = fields.word("the registered name in quotes");
  const std::string access = fields.word("the access: mobile, fixed, government or hosting");
  for (const Access kind : {Access::mobile, Access::fixed, Access::government, Access::hosting}) {
    if (access == name_of(kind)) provider.access = kind;
  }
  if (access != name_of(provider.access)) {
    return fields.fail(
        fmt::format("access '{}' is none of mobile, fixed, government, hosting", access));
  }
  provider.user_share = fields.share("share");
  provider.share_assumed = fields.flag("assumed");
  provider.networks = fields.count("networks", Limits::kNetworks);
  provider.datacentre_share = fields.share_or("datacentres", 0);
  provider.upstream = Asn{static_cast<std::uint32_t>(fields.count_or("upstream", 0, UINT32_MAX))};
  provider.role = fields.text("role", "");
  provider.source = fields.text("source");
  if (provider.networks == 0) fields.fail("a provider announces at least one network");
  for (const Provider& other : draft.providers) {
    if (other.asn == provider.asn) fields.fail(fmt::format("AS{} stands here twice", *asn));
  }
  if (draft.providers.size() == Limits::kProviders) {
    return fields.fail(fmt::format("more than {} providers", Limits::kProviders));
  }
  draft.providers.push_back(std::move(provider));
}

void read_signal(Fields& fields, Draft& draft) {
  SignalModel model;
  const std::string name = fields.word("a signal such as probing/slash24_up");
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos || !SignalId::parse("country:ZZ/" + name)) {
    return fields.fail(
        fmt::format("'{}' is not a signal such as probing/slash24_up", name.substr(0, 60)));
  }
  model.source = name.substr(0, slash);
  model.metric = name.substr(slash + 1);
  if (model.source == "bgp") {
    model.peers = fields.count("peers", Limits::kPeers);
    model.ribs = fields.duration("ribs", Seconds{3600}, 30 * kDay);
    model.files = fields.duration("files", Seconds{300}, kDay);
    model.step = Seconds{300};
    if (model.peers < 2) fields.fail("a route collector needs at least 2 peers");
  } else {
    if (model.source == "probing") {
      model.level = fields.share("answering", 0.01);
    } else {
      model.level = fields.number("level", 1, 1e9);
    }
    model.step = fields.duration("step", Seconds{60}, kDay);
  }
  model.wave = fields.share_or("wave", 0, 0, 0.9);
  model.peak = fields.clock_or("peak", Seconds{12 * 3600});
  model.weekend = fields.share_or("weekend", 0, -0.9, 1);
  model.noise = fields.share_or("noise", 0, 0, 0.5);
  model.missing = fields.share_or("missing", 0, 0, 0.5);
  model.renumberings = fields.count_or("renumberings", 0, 100);
  model.per_provider = !fields.flag("country-only");
  model.stated = fields.text("source");
  if (model.step.count() > 0 && kDay % model.step != Seconds{0}) {
    fields.fail("the step has to divide a day");
  }
  if (model.files.count() > 0 &&
      (kDay % model.files != Seconds{0} || model.files % model.step != Seconds{0})) {
    fields.fail("the files have to divide a day, and hold whole steps of 5 min");
  }
  for (const SignalModel& other : draft.signals) {
    if (other.source == model.source) fields.fail(model.source + " stands here twice");
  }
  if (draft.signals.size() == Limits::kSignals) {
    return fields.fail(fmt::format("more than {} signals", Limits::kSignals));
  }
  draft.signals.push_back(std::move(model));
}

Group read_group(Fields& fields) {
  const std::string text =
      fields.word("whom: all, mobile, fixed, government, datacentres, asn:9198");
  static constexpr std::pair<std::string_view, Group::Kind> kWords[] = {
      {"all", Group::Kind::all},
      {"mobile", Group::Kind::mobile},
      {"fixed", Group::Kind::fixed},
      {"government", Group::Kind::government},
      {"datacentres", Group::Kind::datacentres},
  };
  for (const auto& [word, kind] : kWords) {
    if (text == word) return {kind, Asn{}};
  }
  const std::size_t colon = text.find(':');
  const std::string_view head = std::string_view(text).substr(0, colon);
  if (colon != std::string::npos && (head == "asn" || head == "upstream")) {
    if (const auto number = asn_number(std::string_view(text).substr(colon + 1))) {
      return {head == "asn" ? Group::Kind::asn : Group::Kind::upstream, Asn{*number}};
    }
  }
  fields.fail(
      fmt::format("'{}' is none of all, mobile, fixed, government, datacentres, asn:N, "
                  "upstream:N",
                  text.substr(0, 60)));
  return {};
}

void read_planes(Fields& fields, std::string_view otherwise, Event& event) {
  const std::string planes = fields.text("planes", otherwise);
  std::size_t at = 0;
  while (at <= planes.size()) {
    const std::size_t comma = std::min(planes.find(',', at), planes.size());
    const std::string plane = planes.substr(at, comma - at);
    if (plane == "routes" || plane == "control") {
      event.control = true;
    } else if (plane == "data") {
      event.data = true;
    } else if (plane == "traffic") {
      event.traffic = true;
    } else {
      return fields.fail(
          fmt::format("'{}' is none of the planes routes, data, traffic", plane.substr(0, 60)));
    }
    at = comma + 1;
  }
}

void read_span(Fields& fields, const Draft& draft, Event& event) {
  if (!draft.range) return fields.fail("the line with the range has to stand above the events");
  const std::optional<Time> from = fields.time_or_none("from");
  const std::optional<Time> to = fields.time_or_none("to");
  if (fields.error()) return;
  if (!from) return fields.fail("'from' and a time are missing");
  event.range = {*from, to.value_or(draft.range->end)};
  if (!draft.range->contains(*from) || event.range.end > draft.range->end) {
    return fields.fail("the time lies outside of the range of the scenario");
  }
  if (event.range.empty()) fields.fail("it ends before it begins");
}

void read_moment(Fields& fields, const Draft& draft, Event& event) {
  if (!draft.range) return fields.fail("the line with the range has to stand above the events");
  const std::optional<Time> at = fields.time_or_none("at");
  if (fields.error()) return;
  if (!at) return fields.fail("'at' and a time are missing");
  if (!draft.range->contains(*at))
    fields.fail("the time lies outside of the range of the scenario");
  event.range = {*at, draft.range->end};
}

void read_event(EventKind kind, Fields& fields, Draft& draft) {
  Event event{.kind = kind, .line = fields.line()};
  switch (kind) {
    case EventKind::cut:
      event.group = read_group(fields);
      read_span(fields, draft, event);
      event.amount = fields.share("depth", 0.01);
      event.over = fields.duration_or("over", Seconds{0}, kDay);
      event.spread = fields.duration_or("spread", Seconds{0}, kDay);
      event.return_spread = fields.duration_or("return-spread", Seconds{0}, kDay);
      read_planes(fields, "data,traffic", event);
      break;
    case EventKind::window:
      event.group = read_group(fields);
      read_span(fields, draft, event);
      event.amount = fields.share("level", 0.01);
      break;
    case EventKind::restore:
      event.group = read_group(fields);
      read_moment(fields, draft, event);
      break;
    case EventKind::route_burst:
      event.group = read_group(fields);
      read_moment(fields, draft, event);
      event.amount = static_cast<double>(fields.count("updates", 100'000));
      event.range.end = event.range.begin + fields.duration("for", Seconds{60}, kDay);
      break;
    case EventKind::block:
      event.subject = fields.word("the service");
      read_span(fields, draft, event);
      event.amount = fields.share("failing", 0.01);
      break;
    case EventKind::surge:
      event.subject = fields.word("the tool");
      event.amount = fields.factor("the factor");
      read_span(fields, draft, event);
      break;
    case EventKind::gap:
      event.subject = fields.word("the source");
      read_span(fields, draft, event);
      break;
    case EventKind::holiday:
      read_span(fields, draft, event);
      event.amount = fields.share("depth", 0.01, 0.9);
      event.traffic = true;
      break;
  }
  event.source = fields.text("source");
  if (draft.events.size() == Limits::kEvents) {
    return fields.fail(fmt::format("more than {} events", Limits::kEvents));
  }
  draft.events.push_back(std::move(event));
}

void read_note(Fields& fields, Draft& draft) {
  Note note;
  note.at = fields.time("the time of the note");
  note.text = fields.word("the text in quotes");
  note.source = fields.text("source");
  if (draft.notes.size() == Limits::kEvents) {
    return fields.fail(fmt::format("more than {} notes", Limits::kEvents));
  }
  draft.notes.push_back(std::move(note));
}

}  // namespace

void read_line(Fields& fields, Draft& draft) {
  struct Reader {
    std::string_view word;
    void (*read)(Fields&, Draft&);
  };
  static constexpr Reader kReaders[] = {
      {"title", read_title},       {"entity", read_entity},       {"label", read_label},
      {"seed", read_seed},         {"range", read_range},         {"zone", read_zone},
      {"provider", read_provider}, {"addresses", read_addresses}, {"signal", read_signal},
      {"note", read_note},
  };
  static constexpr std::pair<std::string_view, EventKind> kEvents[] = {
      {"cut", EventKind::cut},         {"window", EventKind::window},
      {"restore", EventKind::restore}, {"route-burst", EventKind::route_burst},
      {"block", EventKind::block},     {"surge", EventKind::surge},
      {"gap", EventKind::gap},         {"holiday", EventKind::holiday},
  };
  const std::string first = fields.word("a first word");
  for (const Reader& reader : kReaders) {
    if (first == reader.word) return reader.read(fields, draft);
  }
  for (const auto& [word, kind] : kEvents) {
    if (first == word) return read_event(kind, fields, draft);
  }
  fields.fail(fmt::format("'{}' is no word of a scenario; see docs/formats/scenario.md",
                          first.substr(0, 60)));
}

}  // namespace lightsout
