// What every output must keep, whatever it is given.
//
// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "report/document.h"
#include "report/escape.h"
#include "report/test_report.h"

namespace lightsout {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Output {
  std::string name;
  std::string text;
};

std::vector<Output> all_outputs(const Report& report) {
  return {{"html", render_html(report)},
          {"markdown", render_markdown(report)},
          {"json", render_json(report)},
          {"csv", windows_csv(report)},
          {"connectivity", connectivity_csv(report)},
          {"ics", windows_ics(report)},
          {"text160", text160(report)},
          {"terminal", render_terminal(report, {.width = 80, .color = true})},
          {"ascii", render_terminal(report, {.width = 80, .utf8 = false})},
          {"why", render_why(report)}};
}

std::vector<std::pair<std::string, Report>> all_reports() {
  return {{"iran", test::iran_like()},
          {"kazakhstan", test::kazakhstan_like()},
          {"quiet", test::quiet()},
          {"blind", test::blind()},
          {"empty", {.investigation = {.entity = *Entity::parse("country:NL")}}}};
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : c; });
  return text;
}

TEST(Report, SaysTheSameBytesTwice) {
  for (const auto& [name, report] : all_reports()) {
    const auto first = all_outputs(report);
    const auto second = all_outputs(report);
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_EQ(first[i].text, second[i].text) << name << " " << first[i].name;
    }
  }
}

TEST(Report, HoldsNoScriptNoRequestAndNoBrokenNumber) {
  for (const auto& [name, report] : all_reports()) {
    const std::string html = render_html(report);
    EXPECT_THAT(lower(html), Not(HasSubstr("<script"))) << name;
    EXPECT_THAT(html, Not(HasSubstr("http"))) << name;
    EXPECT_THAT(html, Not(HasSubstr("@import"))) << name;
    EXPECT_THAT(html, Not(HasSubstr(" src="))) << name;
    for (const auto& [kind, text] : all_outputs(report)) {
      EXPECT_THAT(lower(text), Not(HasSubstr("nan%"))) << name << " " << kind;
      EXPECT_THAT(text, Not(HasSubstr("-nan"))) << name << " " << kind;
      EXPECT_THAT(text, Not(HasSubstr(" nan"))) << name << " " << kind;
      EXPECT_THAT(text, Not(HasSubstr("inf%"))) << name << " " << kind;
    }
  }
}

TEST(Report, NeverSaysShutdownOrWhoDidIt) {
  for (const auto& [name, report] : all_reports()) {
    for (const auto& [kind, text] : all_outputs(report)) {
      EXPECT_THAT(lower(text), Not(HasSubstr("shutdown"))) << name << " " << kind;
      EXPECT_THAT(lower(text), Not(HasSubstr("ordered"))) << name << " " << kind;
      EXPECT_THAT(lower(text), Not(HasSubstr("government"))) << name << " " << kind;
    }
  }
}

TEST(Report, ScriptedInputIsNamedSemiSyntheticInEveryOutput) {
  Report report = test::kazakhstan_like();
  report.semi_synthetic = false;  // the lineage alone must be enough
  for (const auto& [kind, text] : all_outputs(report))
    EXPECT_THAT(text, HasSubstr("SEMI-SYNTHETIC")) << kind;
  for (const auto& [kind, text] : all_outputs(test::iran_like())) {
    EXPECT_THAT(text, Not(HasSubstr("SEMI-SYNTHETIC"))) << kind;
  }
}

TEST(Report, EverySectionIsThereWithOrWithoutData) {
  for (const auto& [name, report] : all_reports()) {
    const std::string html = render_html(report);
    const std::string markdown = render_markdown(report);
    const Document document = document_of(subject_of(report), 40);
    EXPECT_EQ(document.sections.size(), 19u);
    for (const Section& section : document.sections) {
      EXPECT_FALSE(section.blocks.empty()) << name << " " << section.id;
      EXPECT_THAT(html, HasSubstr("<h2>" + escape_html(section.heading) + "</h2>")) << name;
      EXPECT_THAT(markdown, HasSubstr("## " + escape_markdown(section.heading) + "\n")) << name;
    }
  }
}

TEST(Report, WhatWeDoNotKnowIsNeverEmpty) {
  for (const auto& [name, report] : all_reports()) {
    const Section section = unknowns_section(subject_of(report));
    ASSERT_FALSE(section.blocks.empty()) << name;
    EXPECT_GE(section.blocks.front().items.size(), 2u) << name;
  }
}

TEST(Report, HeadlineAndStatusFitTheVerdict) {
  const auto headline = [](const Report& report) {
    return verdict_of(subject_of(report)).headline;
  };
  EXPECT_EQ(headline(test::iran_like()),
            "Iran lost the Internet for nineteen days while its routes stayed announced");
  EXPECT_THAT(headline(test::quiet()), HasSubstr("No loss of connectivity found in Iran"));
  EXPECT_THAT(headline(test::blind()), HasSubstr("Cannot tell"));

  Report open = test::iran_like();
  open.investigation.incidents[0].end.reset();
  EXPECT_THAT(headline(open), HasSubstr("for at least 21 days"));
  EXPECT_THAT(render_html(open), HasSubstr("as of 15:30 UTC on 29 January 2026"));

  // What is counted is the time in which it was gone, not its slow edges.
  Report edges = test::iran_like();
  Incident& incident = edges.investigation.incidents[0];
  incident.onset = test::about("2026-01-08T13:30:00Z");
  incident.phases[0].range.begin = incident.onset.value;
  incident.end = test::about("2026-01-29T11:00:00Z");
  incident.phases.push_back({PhaseKind::total_recovery,
                             {test::at("2026-01-27T07:30:00Z"), incident.end->value},
                             false,
                             {0.1, 0.05, 0.15}});
  EXPECT_THAT(headline(edges), HasSubstr("for nineteen days"));
  EXPECT_EQ(lost_range(incident),
            (TimeRange{test::at("2026-01-08T18:30:00Z"), test::at("2026-01-27T07:30:00Z")}));
  const std::string page = to_ascii(render_markdown(edges));
  EXPECT_THAT(page, HasSubstr("began to fall"));
  EXPECT_THAT(page, HasSubstr("first loss to usual: 20 d 21 h"));

  Report observed = test::iran_like();
  observed.investigation.incidents[0].confidence = Confidence::observed;
  EXPECT_THAT(headline(observed), Not(HasSubstr("lost the Internet")))
      << "one kind of measurement is not enough for that";

  Report dip = test::iran_like();
  dip.investigation.incidents[0].grade = Grade::usage_dip;
  dip.investigation.incidents[0].planes.erase(dip.investigation.incidents[0].planes.begin(),
                                              dip.investigation.incidents[0].planes.begin() + 2);
  EXPECT_THAT(headline(dip), HasSubstr("dipped"));
  EXPECT_THAT(headline(dip), HasSubstr("whether networks failed was not measured"));
}

TEST(Report, StaysUnderTheLimitWhateverItIsGiven) {
  for (const auto& [name, report] : all_reports()) {
    EXPECT_LE(render_html(report).size(), kHtmlLimit) << name;
  }
  Report large = test::iran_like();
  // A year of five-minute bins that all differ, forty providers, notes of ten thousand letters.
  const std::string note(10'000, '&');
  Incident& incident = large.investigation.incidents[0];
  for (int i = 0; i < 40; ++i) {
    const std::string entity = "asn:" + std::to_string(1000 + i) + "@country:IR";
    test::add_curve(
        large,
        {entity + "/traffic/requests", 100, 0.2,
         [i](Time t) {
           return static_cast<double>((t.time_since_epoch().count() / 300 * (i + 7)) % 97) / 97;
         }},
        {test::at("2025-12-20"), test::at("2026-01-29")}, Seconds{300}, {});
    PartView part{.entity = *Entity::parse(entity), .name = "Provider " + note};
    part.judged = part.fell = true;
    part.fell_at = test::about("2026-01-08T16:30:00Z");
    part.note = note;
    incident.providers.push_back(part);
  }
  for (PlaneView& view : incident.planes) view.note = note;
  for (Hypothesis& hypothesis : incident.hypotheses) hypothesis.speaks_for.assign(20, note);
  incident.unknowns.assign(50, note);
  large.annotations.assign(60, {test::at("2026-01-09"), note, note});
  const std::string html = render_html(large);
  EXPECT_LE(html.size(), kHtmlLimit);
  for (const std::string& sentence : verdict_of(subject_of(large)).sentences) {
    EXPECT_THAT(html, HasSubstr(escape_html(sentence))) << "our own sentences are never cut";
  }
  for (const Section& section : document_of(subject_of(large), 1).sections) {
    EXPECT_THAT(html, HasSubstr("<section id=\"" + section.id + "\">")) << "no section is dropped";
  }
}

TEST(Report, HostileNamesStayText) {
  const std::string hostile =
      "<script>alert(1)</script>\"'><img src=x "
      "onerror=y>\x1b[31m\n|`*_[a](javascript:b)\xff\xe2\x80\xae";
  Report report = test::kazakhstan_like();
  Incident& incident = report.investigation.incidents[0];
  incident.id = hostile;
  for (PartView& part : incident.providers)
    part.name = part.note = part.user_share_source = hostile;
  for (PlaneView& view : incident.planes) view.note = view.label = view.baseline = hostile;
  for (Hypothesis& hypothesis : incident.hypotheses) {
    hypothesis.verdict = hostile;
    hypothesis.speaks_for = hypothesis.speaks_against = hypothesis.would_refute = {hostile};
  }
  incident.unknowns = {hostile};
  incident.findings = {{hostile, std::nullopt, Confidence::observed, {}}};
  incident.recurrence.text = hostile;
  for (Annotation& annotation : report.annotations) annotation.text = annotation.source = hostile;
  for (Series& series : report.series) {
    for (Lineage& input : series.lineage) input.name = input.sha256 = input.format = hostile;
  }
  report.zone.name = "A/" + hostile;
  report.command = report.software_version = hostile;
  report.damage.add({.file = hostile, .reason = hostile});
  report.investigation.not_measured = {hostile};

  const std::string html = render_html(report);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("\"'>")));
  const std::string markdown = render_markdown(report);
  EXPECT_EQ(count_of(markdown, "[a]"), 1u) << "only inside the fence, as the command";
  for (const auto& [kind, text] : all_outputs(report)) {
    if (kind != "terminal") EXPECT_EQ(text.find('\x1b'), std::string::npos) << kind;
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << kind << ": direction override";
    EXPECT_EQ(text.find('\xff'), std::string::npos) << kind << ": not UTF-8";
  }
  EXPECT_THAT(render_terminal(report, {.color = true}), Not(HasSubstr("\x1b[31m")));
}

TEST(Report, TextMessageFitsOneMessage) {
  for (const auto& [name, report] : all_reports()) {
    const std::string text = text160(report);
    EXPECT_LE(text.size(), 160u) << name;
    EXPECT_FALSE(text.empty()) << name;
    for (const char c : text) {
      EXPECT_TRUE(c >= 0x20 && c < 0x7f &&
                  std::string_view("`[]{}\\^~|").find(c) == std::string_view::npos)
          << name << ": '" << c << "' is not one septet of the GSM alphabet";
    }
  }
  Report report = test::kazakhstan_like();
  report.investigation.incidents[0].entity = *Entity::parse("service:" + std::string(180, 'x'));
  EXPECT_LE(text160(report).size(), 160u);
  EXPECT_THAT(text160(report), HasSubstr("SEMI-SYNTHETIC"));
}

TEST(Report, TerminalKeepsToItsWidth) {
  for (const std::size_t width : {40u, 80u, 120u}) {
    for (const auto& [name, report] : all_reports()) {
      const std::string text = render_terminal(report, {.width = width, .utf8 = false});
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        EXPECT_LE(end - begin, width) << name << ": " << text.substr(begin, end - begin);
        begin = end + 1;
      }
      for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << name;
    }
  }
}

TEST(Report, WindowsHaveOneRowAndOneEventEach) {
  const Report report = test::kazakhstan_like();
  const std::string csv = windows_csv(report);
  EXPECT_EQ(count_of(csv, "\n"), 1 + test::kazakhstan_windows().size());
  EXPECT_THAT(csv, HasSubstr("2022-01-05T17:30:00Z,2022-01-05T22:00:00Z,2022-01-05T23:30:00+06:00,"
                             "2022-01-06T04:00:00+06:00,16200,0.7000"));
  const std::string ics = windows_ics(report);
  EXPECT_EQ(count_of(ics, "BEGIN:VEVENT"), test::kazakhstan_windows().size());
  EXPECT_THAT(ics, HasSubstr("DTSTART:20220105T173000Z\r\n"));
  for (std::size_t begin = 0; begin < ics.size();) {
    const std::size_t end = ics.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - begin, 75u);
    begin = end + 2;
  }
}

TEST(Report, NamesTheHashOfEachInput) {
  const Report report = test::iran_like();
  const std::string hash = report.series[0].lineage[0].sha256;
  for (const auto& [kind, text] : all_outputs(report)) {
    if (kind == "html" || kind == "markdown" || kind == "json")
      EXPECT_THAT(text, HasSubstr(hash)) << kind;
  }
  EXPECT_THAT(render_html(report), HasSubstr("Drawn from input " + hash.substr(0, 8)));
}

TEST(Report, ASeriesOfManyInputsNamesThemByPosition) {
  Report report = test::quiet();
  for (int i = 0; i < 1400; ++i) {
    report.series[0].lineage.push_back(
        {.sha256 = std::string(64, 'd'), .name = fmt::format("updates.{:04}", i)});
  }
  const std::string json = render_json(report);
  EXPECT_THAT(json, HasSubstr("\"input_positions\": \"0-1400\""));
  EXPECT_THAT(json, HasSubstr("\"input_positions\": \"0\""));
  EXPECT_LE(render_html(report).size(), kHtmlLimit);
}

TEST(Report, APartThatSeveralSourcesMeasuredHasOneStrip) {
  Report report = test::kazakhstan_like();
  const std::size_t before = subject_of(report).parts.size();
  test::add_curve(report,
                  {"asn:9198@country:KZ/probing/slash24_up", 50, 1, [](Time) { return 1.0; }},
                  report.investigation.range, Seconds{900}, {});
  test::add_curve(report,
                  {"asn:9198@country:KZ/bgp/visible_slash24", 50, 1, [](Time) { return 1.0; }},
                  report.investigation.range, Seconds{900}, {});
  const Subject subject = subject_of(report);
  EXPECT_EQ(subject.parts.size(), before);
  std::string kept;
  for (const std::size_t index : subject.parts) {
    if (subject.series(index).id.entity().asn().number == 9198) {
      kept = subject.series(index).id.source();
    }
  }
  EXPECT_EQ(kept, "probing");
  EXPECT_EQ(subject.part_name(*Entity::parse("asn:64500@country:KZ")), "AS64500");
  EXPECT_EQ(subject.part_name(*Entity::parse("region:VE-Nueva_Esparta")), "Nueva Esparta");
}

TEST(Report, SeveralNearTotalPhasesCountAsOneWithoutTheirWindows) {
  Report report = test::kazakhstan_like();
  Incident& incident = report.investigation.incidents[0];
  incident.phases = {{PhaseKind::near_total,
                      {test::at("2022-01-05T10:00:00Z"), test::at("2022-01-05T20:00:00Z")},
                      false,
                      {0.98, 0.97, 0.99}},
                     {PhaseKind::partial_recovery,
                      {test::at("2022-01-05T20:00:00Z"), test::at("2022-01-05T22:00:00Z")},
                      false,
                      {0.3, 0.2, 0.4}},
                     {PhaseKind::near_total,
                      {test::at("2022-01-05T22:00:00Z"), test::at("2022-01-07T04:00:00Z")},
                      false,
                      {0.94, 0.93, 0.95}}};
  const KeyFigure reach = verdict_of(subject_of(report)).figures[0];
  EXPECT_EQ(to_ascii(reach.label), "Reach, 5-7 January 2022");
  EXPECT_EQ(to_ascii(reach.value), "5 %");
  EXPECT_EQ(to_ascii(reach.note), "of expected (4-6 %), windows apart");
}

TEST(Report, LocalTimeIsTheOneOfThatDay) {
  EXPECT_THAT(render_html(test::kazakhstan_like()), HasSubstr("16:15\u201316:45 in Almaty, UTC+6"));
  EXPECT_THAT(render_html(test::iran_like()), HasSubstr("in Tehran, UTC+3:30"));
}

TEST(Report, WhyAboutOneMomentLeavesTheRestAway) {
  Report report = test::iran_like();
  report.detections[1].anomalies = report.investigation.incidents[0].evidence;
  EXPECT_THAT(render_why(report), HasSubstr("S = 27.3"));
  EXPECT_THAT(render_why(report, test::at("2026-01-08T17:00:00Z")), HasSubstr("S = 27.3"));
  EXPECT_THAT(render_why(report, test::at("2025-12-05")), Not(HasSubstr("S = 27.3")));
}

}  // namespace
}  // namespace lightsout
