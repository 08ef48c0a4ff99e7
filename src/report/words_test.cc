// SPDX-License-Identifier: Apache-2.0
#include "report/words.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/escape.h"
#include "report/svg.h"
#include "report/test_report.h"

namespace lightsout {
namespace {

struct ShareCase {
  double share;
  std::string_view text;
};

TEST(Words, PercentNeverRoundsToNothingAndLossNeverToAll) {
  const ShareCase kCases[] = {{0, "0 %"},      {0.0001, "under 1 %"}, {0.034, "3 %"},
                              {0.5, "50 %"},   {0.999, "100 %"},      {1, "100 %"},
                              {1.25, "125 %"}, {-0.1, "-10 %"}};
  for (const ShareCase& one : kCases) EXPECT_EQ(to_ascii(percent(one.share)), one.text);
  EXPECT_EQ(percent(NAN), "not known");
  EXPECT_EQ(to_ascii(percent_between(0.02, 0.05)), "2-5 %");
  EXPECT_EQ(to_ascii(percent_between(0.03, 0.031)), "3.0-3.1 %");
  EXPECT_EQ(to_ascii(percent_between(0.03, 0.0301)), "3 %");
  EXPECT_EQ(to_ascii(percent_between(-0.1, 0.05)), "0-5 %");
  EXPECT_EQ(to_ascii(percent_between(0, 0.003)), "under 1 %");
  EXPECT_EQ(to_ascii(loss(0.999)), "99.9 %");
  EXPECT_EQ(to_ascii(loss(1)), "100 %");
  EXPECT_EQ(to_ascii(change(0.001)), "+/-under 1 %");
  EXPECT_EQ(to_ascii(change(0.97)), "-97 %");
  EXPECT_EQ(to_ascii(change(0.997)), "-99.7 %");
  EXPECT_EQ(to_ascii(change(1)), "-100 %");
  EXPECT_EQ(to_ascii(change(-0.12)), "+12 %");
}

TEST(Words, NumbersAreGroupedAndRounded) {
  EXPECT_EQ(to_ascii(number(1520)), "1520");
  EXPECT_EQ(to_ascii(number(25000)), "25 000");
  EXPECT_EQ(to_ascii(number(1234567)), "1 234 567");
  EXPECT_EQ(to_ascii(number(-12345.5, 1)), "-12 345.5");
  EXPECT_EQ(number(INFINITY), "not known");
}

struct DurationCase {
  std::int64_t seconds;
  std::string_view text;
};

TEST(Words, DurationsAreSpokenAsPeopleDo) {
  const DurationCase kCases[] = {{45, "45 seconds"},
                                 {60, "60 seconds"},
                                 {1800, "30 minutes"},
                                 {5400, "one and a half hours"},
                                 {7200, "two hours"},
                                 {9000, "two and a half hours"},
                                 {4 * 3600, "four hours"},
                                 {40 * 3600, "40 hours"},
                                 {446 * 3600, "nineteen days"},
                                 {135 * 3600, "six days"}};
  for (const DurationCase& one : kCases) EXPECT_EQ(spoken(Seconds{one.seconds}), one.text);
}

TEST(Words, DatesNameEachPartOnce) {
  const auto between = [](std::string_view a, std::string_view b) {
    return to_ascii(days_between({test::at(a), test::at(b)}));
  };
  EXPECT_EQ(between("2026-01-09", "2026-01-16"), "9-15 January 2026");
  EXPECT_EQ(between("2026-01-09", "2026-01-10"), "9 January 2026");
  EXPECT_EQ(between("2026-01-30", "2026-02-03"), "30 January - 2 February 2026");
  EXPECT_EQ(between("2025-12-30", "2026-01-03"), "30 December 2025 - 2 January 2026");
  EXPECT_EQ(from_day_to_day({test::at("2026-01-18"), test::at("2026-01-28T12:00:00Z")}),
            "from 18 to 28 January 2026");
  EXPECT_EQ(from_day_to_day({test::at("2025-12-30"), test::at("2026-01-02T12:00:00Z")}),
            "from 30 December 2025 to 2 January 2026");
  EXPECT_EQ(from_day_to_day({test::at("2026-01-18"), test::at("2026-01-18T12:00:00Z")}),
            "on 18 January 2026");
  const Zone almaty{.name = "Asia/Almaty", .first_offset = Seconds{6 * 3600}};
  EXPECT_EQ(to_ascii(clock_both(test::at("2022-01-05T10:30:00Z"), almaty)),
            "10:30 UTC on 5 January 2022 (16:30 in Almaty, UTC+6)");
  EXPECT_EQ(to_ascii(clock_both(test::at("2022-01-05T20:30:00Z"), almaty)),
            "20:30 UTC on 5 January 2022 (02:30 on 6 Jan in Almaty, UTC+6)");
  EXPECT_EQ(clock_both(test::at("2022-01-05T10:30:00Z"), {}), "10:30 UTC on 5 January 2022");
}

TEST(Words, LabelsKeepProperNames) {
  EXPECT_EQ(lowered("Networks answering"), "networks answering");
  EXPECT_EQ(lowered("YouTube traffic"), "YouTube traffic");
  EXPECT_EQ(lowered("BGP"), "BGP");
  EXPECT_EQ(lowered("Tor users"), "Tor users");
  EXPECT_EQ(lowered("IPv6 routes announced"), "IPv6 routes announced");
}

TEST(Escape, TextStaysTextEverywhere) {
  EXPECT_EQ(escape_html("<b a=\"x\" c='y'>&"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;");
  EXPECT_EQ(escape_json("a\"b\\c\n"), "a\\\"b\\\\c ");
  EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(csv_cell("=cmd()"), "'=cmd()");
  EXPECT_EQ(escape_ical("a;b,c\\"), "a\\;b\\,c\\\\");
  EXPECT_EQ(escape_markdown("[a](b) | *c* <d>"), "\\[a\\](b) \\| \\*c\\* &lt;d\\>");
  EXPECT_EQ(element("path", {{"d", "\"/><script>"}}), "<path d=\"&quot;/&gt;&lt;script&gt;\"/>");
}

TEST(Escape, BadBytesAreReplacedAndOverridesTakenOut) {
  EXPECT_EQ(clean_text("a\xff"
                       "b"),
            "a\uFFFDb");
  EXPECT_EQ(clean_text("\xc0\xaf"), "\uFFFD\uFFFD") << "an overlong slash";
  EXPECT_EQ(clean_text("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(clean_text("a\u202Eb\u2066c\uFEFF"), "abc");
  EXPECT_EQ(clean_text("a\x1b[31m\r\n\0"), "a [31m  ");
  EXPECT_EQ(clean_text("می\u200cخواهم"), "می\u200cخواهم");
  EXPECT_EQ(clean_text("\xf0\x9f\x98"), "\uFFFD\uFFFD\uFFFD") << "cut short";
  EXPECT_EQ(to_ascii("\u22123\u202f% \u00b7 R\u00e9union \u4e2d"), "-3 % - Reunion ?");
}

TEST(Svg, PathsAreShortAndWhole) {
  SvgPath path;
  path.move(0, 640);
  path.line(12, 640);
  path.line(12, 0);
  path.line(14, 3);
  path.line(16, 1);
  path.close();
  EXPECT_EQ(path.text(), "M0 640h12v-640l2 3 2-2z");
}

}  // namespace
}  // namespace lightsout
