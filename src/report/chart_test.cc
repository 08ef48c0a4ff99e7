// What the figures draw, read back from the page itself.
//
// SPDX-License-Identifier: Apache-2.0
#include "report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "report/test_report.h"

namespace lightsout {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The values of one attribute of every element with a class, in order.
std::vector<std::string> paths(const std::string& html, const std::string& style) {
  std::vector<std::string> found;
  const std::regex pattern("<path class=\"" + style + "\" d=\"([^\"]*)\"/>");
  for (std::sregex_iterator it(html.begin(), html.end(), pattern), end; it != end; ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

struct Segment {
  double from_x, from_y, to_x, to_y;
};

// Every straight piece that a path draws; only M, l, h, v and z are used.
std::vector<Segment> segments(const std::string& path) {
  std::vector<Segment> list;
  const std::regex token("[MlhvzZ]|-?[0-9]+");
  std::vector<std::string> tokens;
  for (std::sregex_iterator it(path.begin(), path.end(), token), end; it != end; ++it) {
    tokens.push_back(it->str());
  }
  double x = 0;
  double y = 0;
  char command = 0;
  for (std::size_t i = 0; i < tokens.size();) {
    if (std::isalpha(static_cast<unsigned char>(tokens[i][0]))) {
      command = tokens[i++][0];
      continue;
    }
    const double first = std::stod(tokens[i++]);
    if (command == 'M') {
      x = first;
      y = std::stod(tokens[i++]);
      continue;
    }
    const double dx = command == 'v' ? 0 : first;
    const double dy = command == 'v' ? first : command == 'h' ? 0 : std::stod(tokens[i++]);
    list.push_back({x, y, x + dx, y + dy});
    x += dx;
    y += dy;
  }
  return list;
}

std::string row_of(const std::string& html, std::string_view label) {
  const std::size_t at = html.find("<div class=\"lab\"><b>" + std::string(label) + "</b>");
  if (at == std::string::npos) return {};
  return html.substr(at, html.find("<div class=\"row", at) - at);
}

TEST(Chart, GapsAreHatchedByTheirStateAndNoLineCrossesThem) {
  const Report report = test::iran_like();
  const Subject subject = subject_of(report);
  const std::string row = row_of(planes_figure(subject, {}), "Background traffic");
  ASSERT_FALSE(row.empty());
  ASSERT_EQ(paths(row, "g").size(), 1u);
  ASSERT_EQ(paths(row, "gs").size(), 1u);
  ASSERT_EQ(paths(row, "gd").size(), 1u);
  ASSERT_EQ(paths(row, "ln").size(), 1u);
  for (const std::string_view state : {"g", "gs", "gd"}) {
    double left = 1e9;
    double right = 0;
    for (const Segment& edge : segments(paths(row, std::string(state))[0])) {
      left = std::min({left, edge.from_x, edge.to_x});
      right = std::max({right, edge.from_x, edge.to_x});
    }
    EXPECT_GT(right - left, 5) << state;
    for (const Segment& piece : segments(paths(row, "ln")[0])) {
      EXPECT_FALSE(piece.from_x < left + 1 && piece.to_x > right - 1)
          << "a line from " << piece.from_x << " to " << piece.to_x << " crosses " << state;
    }
  }
}

TEST(Chart, ZeroIsABarOnTheAxisAndMissingIsNot) {
  const Report report = test::iran_like();
  const std::string html = planes_figure(subject_of(report), {});
  const std::string row = row_of(html, "Background traffic");
  ASSERT_EQ(paths(row, "zr").size(), 1u);
  for (const Segment& bar : segments(paths(row, "zr")[0]))
    EXPECT_EQ(bar.from_y, 640) << "on the axis";
  EXPECT_TRUE(paths(row_of(html, "Networks answering"), "zr").empty());

  Report silent = report;
  for (Series& series : silent.series) {
    std::fill(series.samples.begin(), series.samples.end(), Sample::missing());
  }
  const std::string nothing = planes_figure(subject_of(silent), {});
  EXPECT_TRUE(paths(nothing, "ln").empty()) << "what is missing is not drawn as a line";
  EXPECT_TRUE(paths(nothing, "zr").empty()) << "and not as zero";
  EXPECT_GE(paths(nothing, "g").size(), silent.series.size());
}

TEST(Chart, EveryPlotHasWordsAndEveryFigureATable) {
  const Report report = test::kazakhstan_like();
  const Subject subject = subject_of(report);
  for (const std::string& figure : {planes_figure(subject, {}), parts_figure(subject, {})}) {
    EXPECT_THAT(figure, HasSubstr("role=\"img\" aria-label=\""));
    EXPECT_THAT(figure, HasSubstr("<details><summary>"));
    EXPECT_THAT(figure, HasSubstr("Drawn from input "));
    EXPECT_THAT(figure, HasSubstr(">Almaty</b><span>UTC+6</span>")) << "local time beside UTC";
  }
  EXPECT_THAT(alt_text(subject, subject.rows[1]), HasSubstr("10:30"));
  EXPECT_THAT(planes_figure(subject, {}), HasSubstr("Source health"));
}

TEST(Chart, TheTableSaysNoDataAndNeverZeroForAGap) {
  const Report report = test::iran_like();
  const Subject subject = subject_of(report);
  const Table table = figure_table(subject, subject.rows, 42);
  std::size_t column = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].heading == "Background traffic") column = i;
  }
  ASSERT_GT(column, 0u);
  bool said = false;
  for (const auto& row : table.rows) {
    if (row[0].text == "10 Jan") {
      said = true;
      EXPECT_EQ(row[column].text, "no data");
    }
    if (row[0].text == "15 Jan") EXPECT_EQ(row[column].text, "source down");
    if (row[0].text == "13 Jan") EXPECT_EQ(row[column].text.substr(0, 1), "0") << "a measured zero";
  }
  EXPECT_TRUE(said);
  EXPECT_LE(table.rows.size(), 43u);
}

TEST(Chart, StripsBeginWithTheFirstToFall) {
  const Report report = test::kazakhstan_like();
  const std::string figure = parts_figure(subject_of(report), {});
  const auto at = [&](std::string_view name) { return figure.find("<b>" + std::string(name)); };
  EXPECT_LT(at("KCell"), at("Tele2"));
  EXPECT_LT(at("Tele2"), at("Kazakhtelecom"));
  EXPECT_LT(at("Kaztranscom"), at("National Information Technologies")) << "what stood comes last";
}

TEST(Chart, LowestShareSeesOneBinAndSkipsWhatWasNotExpected) {
  Report report = test::iran_like();
  const Series& series = report.series[1];
  const TimeRange day{test::at("2025-12-20"), test::at("2025-12-21")};
  EXPECT_GT(lowest_share(series, &report.detections[1], day).value(), 0.9);
  Series dented = series;
  dented.samples[*series.bin_of(test::at("2025-12-20T12:00:00Z"))] = Sample::of(0);
  EXPECT_EQ(lowest_share(dented, &report.detections[1], day).value(), 0);
  EXPECT_EQ(lowest_share(series, nullptr, day), std::nullopt);
  Detection blind = report.detections[1];
  for (Expectation& expected : blind.expected) expected = {NAN, NAN, NAN};
  EXPECT_EQ(lowest_share(series, &blind, day), std::nullopt);
}

TEST(Chart, LargeNumbersFitBesideTheAxis) {
  Report report = test::iran_like();
  for (Sample& sample : report.series[1].samples) sample = Sample::of(140'000);
  report.series[1].unit = Unit::count;
  for (Expectation& expected : report.detections[1].expected) expected = {140e3f, 130e3f, 145e3f};
  EXPECT_THAT(row_of(planes_figure(subject_of(report), {}), "Networks answering"),
              HasSubstr(">150\u202fk</i>"));
}

TEST(Chart, ALoneSpikeIsCutOffAndWhatStaysHighIsShown) {
  const auto words = [](std::size_t high) {
    Report report = test::iran_like();
    const Series& before = report.series[1];
    const std::size_t first = *before.bin_of(test::at("2026-01-10"));
    for (std::size_t i = 0; i < high; ++i) report.series[1].samples[first + i] = Sample::of(900);
    return row_of(planes_figure(subject_of(report), {}), "Networks answering");
  };
  EXPECT_THAT(words(1), HasSubstr("cut off above, up to 900"));
  EXPECT_THAT(words(300), Not(HasSubstr("cut off")));
}

struct TickCase {
  std::string_view begin, end, first, last;
  std::size_t count;
};

TEST(Chart, TicksAreRoundAndFew) {
  const TickCase kCases[] = {
      {"2022-01-05T10:07:00Z", "2022-01-05T12:00:00Z", "10:15", "11:45", 7},
      {"2022-01-05", "2022-01-06", "5 Jan", "21:00", 8},
      {"2022-01-03T17:00:00Z", "2022-01-12", "4 Jan", "11 Jan", 8},
      {"2026-01-03", "2026-01-30", "3 Jan", "30 Jan", 9},
      {"2019-01-01", "2025-01-01", "2019", "2024", 6},
      {"2025-03-10", "2025-09-02", "Apr 2025", "Sep 2025", 6},
  };
  for (const TickCase& one : kCases) {
    const auto list = ticks({test::at(one.begin), test::at(one.end)}, {});
    ASSERT_FALSE(list.empty()) << one.begin;
    EXPECT_LE(list.size(), 11u) << one.begin;
    EXPECT_EQ(list.front().label, one.first);
    EXPECT_EQ(list.size(), one.count) << one.begin;
  }
  EXPECT_TRUE(ticks({}, {}).empty());
}

TEST(Chart, LocalTicksFollowAChangeOfTheClocks) {
  // Kazakhstan moved from UTC+6 to UTC+5 on 1 March 2024, at 00:00 local time.
  const Zone zone{.name = "Asia/Almaty",
                  .first_offset = Seconds{6 * 3600},
                  .changes = {{test::at("2024-02-29T18:00:00Z"), Seconds{5 * 3600}}}};
  const auto list = ticks({test::at("2024-02-27"), test::at("2024-03-04")}, zone);
  ASSERT_GE(list.size(), 5u);
  EXPECT_EQ(list.front().at, test::at("2024-02-27T18:00:00Z"));
  EXPECT_EQ(list.back().at, test::at("2024-03-03T19:00:00Z"));
}

}  // namespace
}  // namespace lightsout
