// SPDX-License-Identifier: Apache-2.0
#include "incident/kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "incident/kind_facts.h"

namespace lightsout {

namespace {

using Facts = incident::KindFacts;
using incident::PlaneFact;

constexpr std::string_view kSpeedWords[] = {"latency",    "rtt",       "delay", "download",
                                            "throughput", "bandwidth", "speed"};
constexpr std::size_t kRegionsNeeded = 3;

std::string percent(double share) {
  return fmt::format("{:.0f} %", std::max(0.0, share) * 100);
}

Met met_if(bool yes) {
  return yes ? Met::yes : Met::no;
}

// What the country lost: of packets, of routes, whichever is more; nullopt: nobody looked.
std::optional<double> lost_by_country(const Facts& facts) {
  std::optional<double> lost;
  for (const PlaneFact* fact : {&facts.routes, &facts.answers, &facts.traffic}) {
    if (fact->lost) lost = std::max(lost.value_or(0), *fact->lost);
  }
  return lost;
}

// The same of those that tell whether packets pass; fewer visits alone may be a holiday.
KindTerm connectivity_stood(const Facts& facts) {
  const std::optional<double> lost = lost_by_country(facts);
  if (!lost) return {"whether connectivity stood was not measured", Met::not_measured};
  if (*lost < kKindPart) return {"connectivity stood", Met::yes};
  return {"connectivity lost " + percent(*lost), Met::no};
}

KindTerm planes_term(const Facts& facts) {
  const PlaneFact* planes[] = {&facts.routes, &facts.answers, &facts.traffic};
  const auto measured =
      std::count_if(std::begin(planes), std::end(planes),
                    [](const PlaneFact* plane) { return plane->lost.has_value(); });
  const auto fell = std::count_if(std::begin(planes), std::end(planes), [](const PlaneFact* plane) {
    return plane->lost.value_or(0) >= kKindPart;
  });
  const bool steady =
      std::max(facts.routes.lost.value_or(0), facts.answers.lost.value_or(0)) >= kKindPart;
  if (fell >= 2 && steady) {
    return {fmt::format("{} independent kinds of measurement fell", fell), Met::yes};
  }
  if (measured < 2) {
    return {"fewer than two kinds of measurement could be judged", Met::not_measured};
  }
  return {fell < 2 ? "one kind of measurement fell, the others stood"
                   : "only use fell: routes and answers stood",
          Met::no};
}

KindTerm owners_term(const Facts& facts, bool several) {
  const std::size_t fell = facts.lost_by_owner.size();
  if (facts.owners_judged < 2) {
    return {"fewer than two providers could be judged", Met::not_measured, false};
  }
  return {fmt::format("{} of {} owners of networks lost connectivity", fell, facts.owners_judged),
          met_if(several ? fell >= 2 : fell == 1), false};
}

bool concentrated(const Facts& facts) {
  return facts.regions_fell > 0 &&
         (facts.top_region >= kKindOneRegion || facts.gini > kKindOneRegion);
}

KindTerm regions_term(const Facts& facts, bool wanted) {
  if (facts.regions < kRegionsNeeded) {
    return {"fewer than three regions could be judged", Met::not_measured, wanted};
  }
  if (facts.regions_fell == 0) return {"no region lost connectivity", Met::no, wanted};
  return {fmt::format("{} of {} regions lost connectivity, the worst {} of all that was lost",
                      facts.regions_fell, facts.regions, percent(facts.top_region)),
          met_if(concentrated(facts) == wanted), wanted};
}

KindCandidate nationwide(const Facts& facts, const UserShares& users) {
  KindCandidate candidate{.kind = Kind::nationwide};
  std::optional<double> lost = lost_by_country(facts);
  // Without a series of the whole, its providers stand in where they carry most of its users.
  if (!lost && users.looked_at >= kKindWhole) lost = users.lost / users.looked_at;
  candidate.terms.push_back(
      !lost ? KindTerm{"connectivity of the country was not measured", Met::not_measured}
            : KindTerm{fmt::format("the country lost {}{}", percent(*lost),
                                   *lost >= kKindPart && *lost < kKindWhole ? ", a part only" : ""),
                       *lost >= kKindWhole ? Met::yes
                       : *lost < kKindPart ? Met::no
                                           : Met::not_measured});
  candidate.terms.push_back(planes_term(facts));
  candidate.terms.push_back(owners_term(facts, true));
  candidate.terms.push_back(regions_term(facts, false));
  return candidate;
}

KindCandidate regional(const Facts& facts, const Incident& incident) {
  KindCandidate candidate{.kind = Kind::regional};
  if (incident.entity.type() == EntityType::region) {
    candidate.terms.push_back({"a region is what was asked about", Met::yes});
    return candidate;
  }
  candidate.terms.push_back(regions_term(facts, true));
  return candidate;
}

KindCandidate single_provider(const Facts& facts, const Incident& incident) {
  KindCandidate candidate{.kind = Kind::single_provider};
  if (facts.owners_judged < 2) {
    const bool asked = incident.entity.type() == EntityType::asn;
    candidate.terms.push_back(
        {asked ? "one network is what was asked about" : "fewer than two providers could be judged",
         asked ? Met::yes : Met::not_measured});
    return candidate;
  }
  if (facts.lost_by_owner.empty()) {
    candidate.terms.push_back({"no provider lost connectivity", Met::no});
    return candidate;
  }
  const auto top =
      std::max_element(facts.lost_by_owner.begin(), facts.lost_by_owner.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  const bool weighed = facts.lost_by_all > 0;
  candidate.terms.push_back(
      weighed ? KindTerm{fmt::format("{} carries {} of what providers lost", top->first,
                                     percent(top->second / facts.lost_by_all)),
                         met_if(top->second >= kKindOneProvider * facts.lost_by_all)}
              : owners_term(facts, false));
  candidate.terms.back().needed = true;
  return candidate;
}

KindCandidate mobile_only(const UserShares& users) {
  KindCandidate candidate{.kind = Kind::mobile_only};
  const auto term = [&](const std::optional<double>& lost, const char* whose, bool met) {
    candidate.terms.push_back(
        lost ? KindTerm{fmt::format("{} networks lost {}", whose, percent(*lost)), met_if(met)}
             : KindTerm{fmt::format("no {} network is known to have been judged", whose),
                        Met::not_measured});
  };
  term(users.mobile_lost, "mobile", users.mobile_lost.value_or(0) >= kKindMobile);
  term(users.other_lost, "other", users.other_lost.value_or(0) <= kKindFixed);
  return candidate;
}

KindCandidate single_service(const Facts& facts, const Incident& incident) {
  KindCandidate candidate{.kind = Kind::single_service};
  const bool asked = incident.entity.type() == EntityType::service;
  if (facts.services == 0 && !asked) {
    candidate.terms.push_back({"no tests of services", Met::not_measured});
  } else if (facts.services_fell == 0 && !asked) {
    candidate.terms.push_back({"tests of services went on as before", Met::no});
  } else {
    candidate.terms.push_back({fmt::format("tests of {} failed", facts.service), Met::yes});
    const std::size_t stood = facts.services - facts.services_fell;
    candidate.terms.push_back(
        facts.services < 2
            ? KindTerm{"other services were not tested", Met::not_measured, false}
            : KindTerm{fmt::format("{} of {} other services worked", stood, facts.services - 1),
                       met_if(stood > 0), false});
  }
  candidate.terms.push_back(connectivity_stood(facts));
  return candidate;
}

KindTerm lower_level_term(const Facts& facts) {
  if (facts.speed.lost.value_or(0) >= kKindPart) {
    return {"speed lost " + percent(*facts.speed.lost) + " and stayed lower", Met::yes};
  }
  if (!facts.traffic.lost && !facts.speed.lost) {
    return {"neither traffic nor speed was measured", Met::not_measured};
  }
  const double lost = facts.traffic.lost.value_or(0);
  if (lost < kKindPart) return {"neither traffic nor speed fell", Met::no};
  const bool floor = lost < kKindGone && facts.traffic_lowest > 0;
  return {floor ? "traffic lost " + percent(lost) + " and stayed at that level"
                : "traffic lost " + percent(lost) + ": gone, not slowed",
          met_if(floor)};
}

KindTerm degraded_term(const Facts& facts) {
  if (facts.speed.lost) {
    return {facts.speed.lost >= kKindPart ? "delays or speed got worse"
                                          : "delays and speed were as usual",
            met_if(facts.speed.lost >= kKindPart)};
  }
  if (facts.volume_alone) return {"bytes fell by a half or more, requests stood", Met::yes};
  if (facts.services >= 2 && facts.services_fell == facts.services) {
    return {"tests of every service failed more often", Met::yes};
  }
  return {"speed and delay were not measured: fewer visits would look alike", Met::not_measured};
}

KindCandidate throttling(const Facts& facts) {
  KindCandidate candidate{.kind = Kind::throttling};
  candidate.terms.push_back(lower_level_term(facts));
  const auto stood = [&](const PlaneFact& plane, const char* yes, const char* what, bool needed) {
    if (!plane.lost) {
      candidate.terms.push_back(
          {std::string(what) + " were not measured", Met::not_measured, needed});
    } else {
      const bool kept = *plane.lost < kKindPart;
      candidate.terms.push_back(
          {kept ? std::string(yes) : std::string(what) + " lost " + percent(*plane.lost),
           met_if(kept), needed});
    }
  };
  stood(facts.answers, "networks went on answering probes", "answers to probes", true);
  stood(facts.routes, "routes stayed announced", "routes", false);
  candidate.terms.push_back(degraded_term(facts));
  return candidate;
}

KindCandidate tool_blocked(const Facts& facts) {
  KindCandidate candidate{.kind = Kind::tool_blocked};
  if (!facts.tools.lost) {
    candidate.terms.push_back({"use of circumvention tools was not measured", Met::not_measured});
  } else if (facts.tools_fell.empty()) {
    candidate.terms.push_back({"use of circumvention tools did not fall", Met::no});
  } else {
    std::string names;
    for (const std::string& name : facts.tools_fell) names += (names.empty() ? "" : ", ") + name;
    candidate.terms.push_back(
        {fmt::format("{} fell by {}", names, percent(*facts.tools.lost)), Met::yes});
  }
  candidate.terms.push_back(connectivity_stood(facts));
  return candidate;
}

KindCandidate artefact(const Facts& facts) {
  KindCandidate candidate{.kind = Kind::artefact};
  const std::size_t fell = facts.sources_fell.size();
  if (fell >= 2) {
    candidate.terms.push_back({fmt::format("{} independent sources fell", fell), Met::no});
  } else if (fell == 0) {
    candidate.terms.push_back({"no source of the whole fell", Met::not_measured});
  } else {
    std::set<std::string> others = facts.sources_stood;
    others.erase(*facts.sources_fell.begin());
    candidate.terms.push_back(
        others.empty() ? KindTerm{"only one source was there", Met::not_measured}
                       : KindTerm{fmt::format("only {} fell, {} other sources stood",
                                              *facts.sources_fell.begin(), others.size()),
                                  Met::yes});
  }
  const bool down = facts.down >= 0.5;
  candidate.terms.push_back(
      down || facts.twin_stood
          ? KindTerm{down ? percent(facts.down) + " of its bins are marked as source down"
                          : "another source of the same measurement stood",
                     Met::yes}
          : KindTerm{"no sign that the source itself failed", Met::not_measured});
  return candidate;
}

Fit fit_of(const KindCandidate& candidate) {
  bool all = true;
  for (const KindTerm& term : candidate.terms) {
    if (term.met == Met::no) return Fit::ruled_out;
    all = all && (term.met == Met::yes || !term.needed);
  }
  return all ? Fit::fits : Fit::open;
}

// Where several fit: what says more about where and what comes before what says less.
constexpr std::array<Kind, kKinds> kMostSpecific{
    Kind::tool_blocked, Kind::single_service, Kind::artefact,   Kind::single_provider,
    Kind::mobile_only,  Kind::regional,       Kind::throttling, Kind::nationwide};

std::string users_words(const UserShares& users) {
  if (users.providers == 0) return " Shares of users by provider were not measured.";
  if (users.looked_at <= 0) {
    return fmt::format(" {} providers were judged; how many users they have is not known.",
                       users.providers);
  }
  return fmt::format(
      " Providers with {} of users were judged and lost {} of all users; of {} nothing is known.",
      percent(users.looked_at), percent(users.lost), percent(users.not_known));
}

std::string sentence_of(const KindJudgement& found, const Incident& incident) {
  if (incident.direction == Direction::rise) {
    return "Use of a tool rose; kinds are told of falls only.";
  }
  const KindCandidate& first = found.candidates.front();
  std::string text;
  if (found.kind != Kind::cannot_tell) {
    text = fmt::format("The pattern fits {}: ", words_for(found.kind));
    std::string terms;
    for (const KindTerm& term : first.terms) {
      if (term.met == Met::yes) terms += (terms.empty() ? "" : "; ") + term.text;
    }
    text += terms + ".";
  } else {
    std::string open;
    for (const KindCandidate& candidate : found.candidates) {
      if (candidate.fit != Fit::open) continue;
      open += (open.empty() ? "" : "; ") + std::string(words_for(candidate.kind));
    }
    text = open.empty()
               ? "Which kind it is cannot be told: none of those that we know fits."
               : "Which kind it is cannot be told from these inputs; not ruled out: " + open + ".";
  }
  return text + users_words(found.users);
}

}  // namespace

bool tells_of_speed(const SignalId& signal) {
  return std::any_of(std::begin(kSpeedWords), std::end(kSpeedWords), [&](std::string_view word) {
    return signal.metric().find(word) != std::string::npos;
  });
}

KindJudgement judge_kind(const Incident& incident) {
  KindJudgement found;
  const Facts facts = incident::gather_kind_facts(incident, found.users);
  std::map<Kind, KindCandidate> all;
  for (KindCandidate& candidate :
       std::vector<KindCandidate>{nationwide(facts, found.users), regional(facts, incident),
                                  single_provider(facts, incident), mobile_only(found.users),
                                  single_service(facts, incident), throttling(facts),
                                  tool_blocked(facts), artefact(facts)}) {
    candidate.fit = fit_of(candidate);
    all[candidate.kind] = std::move(candidate);
  }
  for (const Fit fit : {Fit::fits, Fit::open, Fit::ruled_out}) {
    for (const Kind kind : kMostSpecific) {
      if (all.at(kind).fit == fit) found.candidates.push_back(all.at(kind));
    }
  }
  if (found.candidates.front().fit == Fit::fits && incident.direction == Direction::fall) {
    found.kind = found.candidates.front().kind;
  }
  found.sentence = sentence_of(found, incident);
  return found;
}

std::string_view name_of(Kind kind) {
  constexpr std::string_view kNames[] = {"nationwide",   "regional",       "single_provider",
                                         "mobile_only",  "single_service", "throttling",
                                         "tool_blocked", "artefact",       "cannot_tell"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view words_for(Kind kind) {
  constexpr std::string_view kWords[] = {
      "a cut of the whole country",      "a cut of parts of the country",
      "a cut of one provider",           "a cut of mobile networks only",
      "a block of single services",      "a slowing, not a cut",
      "a block of a circumvention tool", "an artefact of the measurement",
      "no kind that can be told"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::string_view words_for(Fit fit) {
  constexpr std::string_view kWords[] = {"fits", "cannot be told", "ruled out"};
  return kWords[static_cast<std::size_t>(fit)];
}

}  // namespace lightsout
