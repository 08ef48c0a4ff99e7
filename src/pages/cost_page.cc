// /cost/{incident}: what a cut may have cost by each published method, every input in the address.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cases/cost.h"
#include "pages/frame.h"
#include "pages/pages.h"
#include "pages/table.h"
#include "web/verdict_words.h"
#include "web/words_in.h"

namespace lightsout {

namespace {

// The field of the form, the least and the most that make sense, and what one of its units is.
struct Field {
  const char* name;
  double least;
  double most;
  double unit;
};

constexpr Field kHours{"hours", 0, 200'000, 1};
constexpr Field kEffective{"effective", 0, 200'000, 1};
constexpr Field kGdp{"gdp", 0, 200'000, 1e9};  // billions of US dollars a year
constexpr Field kShare{"share", 0, 100, 0.01};
constexpr Field kOnline{"online", 0, 100, 0.01};
constexpr Field kReach{"reach", 0, 100, 0.01};
constexpr Field kPart{"part", 0, 100, 0.01};

// A number as a person types it, with a point or a comma; nullopt for what is none.
std::optional<double> typed_number(std::string text) {
  for (char& c : text) c = c == ',' ? '.' : c;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

class Inputs {
 public:
  explicit Inputs(const PageContext& context) : context_(context) {}

  // What the address gives, in the field's unit; nullopt when it gives nothing.
  std::optional<double> given(const Field& field) {
    const std::string text = context_.request.parameter(field.name).value_or("");
    if (text.empty()) return std::nullopt;
    const std::optional<double> number = typed_number(text);
    if (!number || *number < field.least || *number > field.most) {
      if (wrong_.empty()) {
        wrong_ = context_.say("cost.bad-number",
                              {{"field", context_.say(fmt::format("cost.{}", field.name))},
                               {"least", number_in(context_.say, field.least)},
                               {"most", number_in(context_.say, field.most)}});
      }
      return std::nullopt;
    }
    return *number * field.unit;
  }
  const std::string& wrong() const { return wrong_; }

 private:
  const PageContext& context_;
  std::string wrong_;
};

CostQuestion question_of(const Incident& incident, const Economy& economy, Inputs& inputs) {
  const auto day = std::chrono::floor<std::chrono::days>(incident.onset.value);
  CostQuestion question{.country = std::string(incident.entity.country()),
                        .year = int(std::chrono::year_month_day(day).year())};
  question.economy = economy;
  question.clock_hours = inputs.given(kHours).value_or(clock_hours(incident));
  question.effective_hours = inputs.given(kEffective).value_or(effective_hours(incident));
  question.reach = inputs.given(kReach).value_or(1);
  question.part = inputs.given(kPart).value_or(1);
  if (const auto gdp = inputs.given(kGdp)) question.economy.gdp_usd = CostInput{*gdp, 0, "given"};
  if (const auto share = inputs.given(kShare)) {
    question.economy.digital_share = CostInput{*share, 0, "given"};
  }
  if (const auto online = inputs.given(kOnline)) {
    question.economy.online_share = CostInput{*online, 0, "given"};
  }
  return question;
}

std::string figure_text(const Language& say, double value) {
  // As it goes into a form and comes back: a plain number.
  std::string text = fmt::format("{:.4g}", value);
  if (text.find('e') != std::string::npos) text = fmt::format("{:.0f}", value);
  const std::size_t point = text.find('.');
  if (point != std::string::npos) text.replace(point, 1, say("number.point"));
  return text;
}

void put_form(const PageContext& context, const CostQuestion& question, const std::string& tier,
              Html& body) {
  const Language& say = context.say;
  const auto shown = [&](const Field& field, const std::optional<double>& value) {
    return value ? figure_text(say, *value / field.unit) : std::string();
  };
  const auto value_of = [](const std::optional<CostInput>& input) {
    return input ? std::optional(input->value) : std::nullopt;
  };
  body.open("form", {{"method", "get"}, {"action", context.request.path}});
  for (const std::string_view kept : {"lang", "theme", "tz"}) {
    if (const auto value = context.request.parameter(kept)) {
      body.empty("input", {{"type", "hidden"}, {"name", std::string(kept)}, {"value", *value}});
    }
  }
  put_input(body, "hours", say("cost.hours"), shown(kHours, question.clock_hours));
  put_input(body, "effective", say("cost.effective"), shown(kEffective, question.effective_hours));
  put_input(body, "gdp", say("cost.gdp"), shown(kGdp, value_of(question.economy.gdp_usd)));
  put_input(body, "share", say("cost.share"),
            shown(kShare, value_of(question.economy.digital_share)));
  put_input(body, "online", say("cost.online"),
            shown(kOnline, value_of(question.economy.online_share)));
  put_input(body, "reach", say("cost.reach"), shown(kReach, question.reach));
  put_input(body, "part", say("cost.part"), shown(kPart, question.part));
  put_select(body, "tier", say("cost.tier"), tier.empty() ? "assumed" : tier,
             {{"assumed", say("cost.tier.assumed")},
              {"low", say("cost.tier.low")},
              {"medium", say("cost.tier.medium")},
              {"high", say("cost.tier.high")}});
  body.open("div").element("button", {{"type", "submit"}}, say("cost.compute")).close().close();
  body.open("p", {{"class", "links"}});
  body.element("a", {{"href", address(context, context.request.path)}}, say("cost.reset")).close();
}

// The refusals of cases/cost.h end in what a command line would be given.
std::string reason_of(const std::string& refusal) {
  return refusal.substr(0, refusal.find("; say --"));
}

std::string inputs_text(const CostLine& line) {
  std::string text;
  for (const CostFact& fact : line.inputs) {
    text +=
        fmt::format("{}{}: {} ({})", text.empty() ? "" : "; ", fact.name, fact.value, fact.source);
  }
  return text;
}

std::string usd(const std::optional<double>& value, double factor = 1) {
  return value ? money_words(*value * factor) : std::string("\u2013");
}

void put_lines(const PageContext& context, const CostEstimate& estimate, Html& body) {
  const Language& say = context.say;
  HtmlTable table(body, say("cost.table"),
                  {{say("cost.method")},
                   {say("cost.by-effective"), true},
                   {say("cost.by-clock"), true},
                   {say("cost.interval"), true},
                   {say("cost.day-share"), true},
                   {say("cost.inputs")}});
  for (const CostLine& line : estimate.lines) {
    if (!line.refusal.empty()) continue;
    const auto& best = line.effective_usd ? line.effective_usd : line.clock_usd;
    const bool interval = line.low_factor != 1 || line.high_factor != 1;
    table.row()
        .cell(line.method, line.in_range ? std::string() : say("cost.beside"))
        .cell(usd(line.effective_usd))
        .cell(usd(line.clock_usd))
        .cell(interval ? usd(best, line.low_factor) + " \u2013 " + usd(best, line.high_factor)
                       : std::string("\u2013"))
        .cell(line.day_share ? number_in(say, *line.day_share * 100, 2) + "\u202f%"
                             : std::string("\u2013"))
        .cell(inputs_text(line), line.note);
  }
  table.finish();
}

void put_refusals(const PageContext& context, const CostEstimate& estimate, Html& body) {
  const Language& say = context.say;
  bool any = false;
  for (const CostLine& line : estimate.lines) {
    if (line.refusal.empty()) continue;
    if (!any) body.element("h2", say("cost.refused")).open("ul");
    any = true;
    body.open("li").element("b", line.method).text(": ");
    body.element("span", {{"lang", "en"}}, reason_of(line.refusal)).close();
  }
  if (!any) return;
  body.close().element("p", {{"class", "note"}}, say("cost.refused-hint"));
}

}  // namespace

WebResponse show_cost(const PageContext& context) {
  const Language& say = context.say;
  const Result<Incident> incident = context.observatory.incident(context.request.parts().back());
  if (!incident) return page_problem(context, 404, say("cost.unknown"));
  if (incident->entity.country().empty() || incident->direction == Direction::rise) {
    return page_problem(context, 404, say("cost.not-a-fall"));
  }
  const auto day = std::chrono::floor<std::chrono::days>(incident->onset.value);
  const Result<Economy> economy =
      economy_of(context.observatory.economy(), incident->entity.country(),
                 int(std::chrono::year_month_day(day).year()));
  if (!economy) return page_problem(context, economy.error());
  Inputs inputs(context);
  CostQuestion question = question_of(*incident, *economy, inputs);
  if (!inputs.wrong().empty()) return page_problem(context, 400, inputs.wrong());
  const std::string tier = context.request.parameter("tier").value_or("");
  if (tier == "low") question.tier = ConnectivityTier::low;
  if (tier == "medium") question.tier = ConnectivityTier::medium;
  if (tier == "high") question.tier = ConnectivityTier::high;
  if (!tier.empty() && tier != "assumed" && !question.tier) {
    return page_problem(context, 400, say("cost.bad-tier"));
  }
  const CostEstimate estimate = estimate_cost(question);

  const std::string place = place_in(say, incident->entity);
  Html body;
  body.open("p", {{"class", "kicker"}});
  body.element("a", {{"href", address(context, "/incident/" + incident->id)}},
               headline_in(say, *incident))
      .close();
  body.element("h1", say("cost.title", {{"place", place}}));
  body.element("p", {{"class", "dek"}},
               estimate.low_usd ? say("cost.range", {{"low", money_words(*estimate.low_usd)},
                                                     {"high", money_words(*estimate.high_usd)}})
                                : say("cost.no-figure"));
  body.element("p", say("cost.dek"));
  put_form(context, question, tier, body);
  if (estimate.low_usd) put_lines(context, estimate, body);
  put_refusals(context, estimate, body);
  body.open("p", {{"class", "links"}});
  body.element("a", {{"href", address(context, "/methods/cost")}}, say("cost.method-link")).close();
  return framed(context,
                {.title = say("cost.title", {{"place", place}}),
                 .area = "/incidents",
                 .semi_synthetic = incident->semi_synthetic},
                body);
}

}  // namespace lightsout
