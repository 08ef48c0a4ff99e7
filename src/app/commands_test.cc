// Every command over small inputs made here: what it prints, in which formats, and its exit code.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/command_testing.h"
#include "app/options.h"
#include "core/time.h"
#include "simulate/test_scenario.h"

namespace lightsout {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Time kBegin = *parse_time("2022-01-01");
constexpr int kHours = 40 * 24;
constexpr int kDark = 30 * 24 + 10;  // 2022-01-31T10:00Z, for two days
constexpr int kBack = kDark + 48;
constexpr int kWindow = kDark + 20;  // for five hours

// Four bins: a number, a zero, none, and one that no one may know.
constexpr const char* kSmall =
    "time,entity,signal,value,state\n"
    "2022-01-05T10:00:00Z,country:KZ,traffic/requests,1520.5,number\n"
    "2022-01-05T11:00:00Z,country:KZ,traffic/requests,0,number\n"
    "2022-01-05T12:00:00Z,country:KZ,traffic/requests,,missing\n"
    "2022-01-05T13:00:00Z,country:KZ,traffic/requests,,suppressed\n";

// The share of the usual that a made country had in an hour.
double share_in(int hour) {
  if (hour < kDark || hour >= kBack) return 1;
  return hour >= kWindow && hour < kWindow + 5 ? 0.85 : 0.02;
}

// 40 days by the hour of a country that is in the dark for two of them, with one window.
std::string made_country() {
  std::string text = "time,entity,signal,value\n";
  for (int hour = 0; hour < kHours; ++hour) {
    const std::string time = format_time(kBegin + Seconds{3600} * hour);
    const double wave = std::sin(hour * 2 * 3.14159265 / 24);
    const int noise = hour * 7919 % 13 - 6;
    for (const auto& [signal, level] :
         {std::pair{"probing/slash24_up", 1000.0}, std::pair{"traffic/requests", 8000.0}}) {
      text += fmt::format("{},country:KZ,{},{}\n", time, signal,
                          std::floor(level * (1 + 0.1 * wave + 0.002 * noise) * share_in(hour)));
    }
  }
  return text;
}

class Commands : public testing::Test {
 protected:
  static void SetUpTestSuite() { made() = made_country(); }
  static std::string& made() {
    static std::string text;
    return text;
  }
  void SetUp() override {
    folder_.put("small.csv", kSmall);
    folder_.put("made.csv", made());
  }

  CommandFolder folder_;
};

constexpr const char* kCase =
    " country:KZ --input $TMP/made.csv --from 2022-01-20 --until 2022-02-09";

TEST_F(Commands, SeriesSaysTheSameInEachFormat) {
  const struct {
    const char* format;
    const char* expected;
  } cases[] = {
      {"csv",
       "time,entity,signal,value,state\n"
       "2022-01-05T11:00:00Z,country:KZ,traffic/requests,0,number\n"
       "2022-01-05T12:00:00Z,country:KZ,traffic/requests,,missing\n"},
      {"tsv",
       "time\tentity\tsignal\tvalue\tstate\n"
       "2022-01-05T11:00:00Z\tcountry:KZ\ttraffic/requests\t0\tnumber\n"
       "2022-01-05T12:00:00Z\tcountry:KZ\ttraffic/requests\t\tmissing\n"},
      {"jsonl",
       R"({"time":"2022-01-05T11:00:00Z","entity":"country:KZ","signal":"traffic/requests","value":0,"state":"number"})"
       "\n"
       R"({"time":"2022-01-05T12:00:00Z","entity":"country:KZ","signal":"traffic/requests","value":null,"state":"missing"})"
       "\n"},
      {"table",
       "time                  entity      signal            value  state\n"
       "2022-01-05T11:00:00Z  country:KZ  traffic/requests      0  number\n"
       "2022-01-05T12:00:00Z  country:KZ  traffic/requests         missing\n"},
  };
  const std::string line =
      "series --input $TMP/small.csv --signal country:KZ/traffic/requests --from 2022-01-05T11:00Z"
      " --until 2022-01-05T13:00Z --format ";
  for (const auto& each : cases) {
    const Ran ran = folder_.run(line + each.format);
    EXPECT_EQ(ran.code, kOk) << ran.err;
    EXPECT_EQ(ran.out, each.expected) << each.format;
  }
  const Json rows = Json::parse(folder_.run(line + "json").out);
  std::string lines;
  for (const Json& row : rows) {
    lines += fmt::format("{} {}\n", row["time"].get<std::string>(), row["value"].dump());
  }
  EXPECT_EQ(lines, "2022-01-05T11:00:00Z 0\n2022-01-05T12:00:00Z null\n");
}

TEST_F(Commands, NoHeaderLeavesTheColumnNamesAwayAndNothingElse) {
  const struct {
    std::string line;
    const char* first;  // column
  } cases[] = {
      {"series --input $TMP/small.csv --format csv", "time"},
      {"series --input $TMP/small.csv --format tsv", "time"},
      {"series --input $TMP/small.csv --format table", "signal"},
      {"detect --input $TMP/made.csv --format csv", "signal"},
      {std::string("windows") + kCase + " --format csv", "incident"},
      {std::string("report") + kCase + " --format csv", "incident"},
  };
  for (const auto& each : cases) {
    const Ran with = folder_.run(each.line);
    const Ran without = folder_.run(each.line + " --no-header");
    ASSERT_THAT(with.out, StartsWith(each.first)) << each.line;
    EXPECT_NE(without.out, "") << each.line;
    EXPECT_EQ(with.out.substr(with.out.find('\n') + 1), without.out) << each.line;
  }
}

TEST_F(Commands, ATimeZoneGivesTheSameMomentsWithItsOffset) {
  const std::string line = "series --input $TMP/small.csv --format csv";
  const Ran local = folder_.run(line + " --tz Asia/Almaty");
  EXPECT_EQ(local.code, kOk) << local.err;
  EXPECT_THAT(local.out, HasSubstr("2022-01-05T17:00:00+06:00,country:KZ,traffic/requests,0,"));
  // What one run prints is an input of the next.
  folder_.put("local.csv", local.out);
  EXPECT_EQ(folder_.run("series --input $TMP/local.csv --format csv").out, folder_.run(line).out);
  EXPECT_THAT(folder_.run("detect --input $TMP/made.csv --format csv --tz Asia/Almaty").out,
              HasSubstr("+06:00,"));
}

TEST_F(Commands, SeriesSumsUpWhatThereIs) {
  const Ran ran = folder_.run("series --input $TMP/small.csv");
  EXPECT_EQ(ran.code, kOk);
  EXPECT_EQ(ran.out,
            "signal                       step  begin                 end                   numbers"
            "  zeros  missing  other\n"
            "country:KZ/traffic/requests  1 h   2022-01-05T10:00:00Z  2022-01-05T14:00:00Z        2"
            "      1        1      1\n");
  EXPECT_THAT(ran.err, HasSubstr("1 input: tidy-csv"));
  EXPECT_EQ(folder_.run("series --input $TMP/small.csv --quiet").err, "");
  const Ran other = folder_.run("series --input $TMP/small.csv --entity country:IR");
  EXPECT_EQ(other.code, kNothing);
  EXPECT_EQ(other.out, "");
}

TEST_F(Commands, DetectFindsTheFallOfEachSeries) {
  const Ran ran = folder_.run("detect --input $TMP/made.csv --format json");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  const Json rows = Json::parse(ran.out);
  std::map<std::string, std::string> onsets;
  for (const Json& row : rows) {
    if (row["direction"] == "fall") onsets.emplace(row["signal"], row["onset"]);
  }
  const std::map<std::string, std::string> expected = {
      {"country:KZ/probing/slash24_up", "2022-01-31T10:00:00Z"},
      {"country:KZ/traffic/requests", "2022-01-31T10:00:00Z"}};
  EXPECT_EQ(onsets, expected);

  const Ran before =
      folder_.run("detect --input $TMP/made.csv --until 2022-01-31T09:00Z --format jsonl");
  EXPECT_EQ(before.code, kOk) << before.err;
  EXPECT_EQ(before.out, "");
  const Ran without = folder_.run("detect --input $TMP/made.csv --without probing --format csv");
  EXPECT_THAT(without.out, Not(HasSubstr("probing")));
  EXPECT_THAT(without.out, HasSubstr("traffic/requests"));
}

TEST_F(Commands, TooLittleToJudgeIsExitCode5AndSaysWhy) {
  const Ran detect = folder_.run("detect --input $TMP/small.csv --format csv --no-header");
  EXPECT_EQ(detect.code, kCannotTell);
  EXPECT_EQ(detect.out, "");
  EXPECT_THAT(detect.err, HasSubstr("country:KZ/traffic/requests: cannot tell: "));
  EXPECT_EQ(folder_.run("investigate country:KZ --input $TMP/small.csv").code, kCannotTell);
}

TEST_F(Commands, InvestigateWritesTheReportInEveryFormat) {
  const Ran ran = folder_.run(std::string("investigate") + kCase + " --out $TMP/report");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("/report/report.html\n"));
  const struct {
    const char* file;
    const char* command;  // that prints the same
  } cases[] = {{"report.md", "report --format md"},
               {"windows.csv", "windows --format csv"},
               {"windows.ics", "windows --format ics"},
               {"text160.txt", "report --format text160"}};
  for (const auto& each : cases) {
    std::string printed = folder_.run(each.command + std::string(kCase)).out;
    ASSERT_NE(printed, "") << each.file;
    // Each says with which command it was made.
    const auto without_command = [](std::string text) {
      const std::size_t at = text.find("lightsout report");
      const std::size_t other = text.find("lightsout investigate");
      const std::size_t begin = std::min(at, other);
      return begin == text.npos ? text : text.erase(begin, text.find('\n', begin) - begin);
    };
    EXPECT_EQ(without_command(folder_.get(std::string("report/") + each.file)),
              without_command(printed))
        << each.file;
  }
  EXPECT_THAT(folder_.get("report/report.html"), StartsWith("<!doctype html>"));
  EXPECT_EQ(Json::parse(folder_.get("report/report.json"))["incidents"].size(), 1u);
  EXPECT_LE(folder_.get("report/text160.txt").size(), 161u);
}

TEST_F(Commands, InvestigateSpeaksOfLocalTimeInTheCapitalOrWhereAsked) {
  const std::string line = std::string("investigate") + kCase;
  EXPECT_THAT(folder_.run(line).out, HasSubstr("UTC+6"));
  const Ran tokyo = folder_.run(line + " --tz Asia/Tokyo");
  EXPECT_THAT(tokyo.out, HasSubstr("UTC+9"));
  EXPECT_THAT(tokyo.out, Not(HasSubstr("UTC+6")));
  EXPECT_THAT(folder_.run(std::string("windows") + kCase + " --format csv --tz Asia/Tokyo").out,
              HasSubstr("+09:00"));
}

TEST_F(Commands, ReportIsWhatItsFormatPromises) {
  const struct {
    const char* format;
    const char* begins;
  } cases[] = {{"html", "<!doctype html>"},
               {"md", "# "},
               {"json", "{"},
               {"csv", "incident,version,entity,"},
               {"ics", "BEGIN:VCALENDAR\r\n"}};
  for (const auto& each : cases) {
    const Ran ran = folder_.run(std::string("report") + kCase + " --format " + each.format);
    EXPECT_EQ(ran.code, kOk) << ran.err;
    EXPECT_THAT(ran.out, StartsWith(each.begins)) << each.format;
  }
  EXPECT_EQ(folder_.run(std::string("report") + kCase).out.substr(0, 2), "# ") << "not said: md";
}

TEST_F(Commands, WindowsNamesTheStretchOfConnectivity) {
  const Ran ran = folder_.run(std::string("windows") + kCase + " --format json");
  EXPECT_EQ(ran.code, kOk) << ran.err;
  const Json rows = Json::parse(ran.out);
  ASSERT_EQ(rows.size(), 1u) << ran.out;
  EXPECT_EQ(rows[0]["begin"], "2022-02-01T06:00:00Z");
  EXPECT_EQ(rows[0]["end"], "2022-02-01T11:00:00Z");
  EXPECT_EQ(rows[0]["local_begin"], "1 Feb 12:00 UTC+6");
  const Ran table = folder_.run(std::string("windows") + kCase);
  EXPECT_THAT(table.out, StartsWith("incident"));
  EXPECT_THAT(table.out, HasSubstr("2022-02-01T06:00:00Z"));

  const Ran none = folder_.run(
      "windows country:KZ --input $TMP/made.csv --from 2022-01-20 --until 2022-01-31T09:00Z");
  EXPECT_EQ(none.code, kNothing);
  EXPECT_EQ(none.out, "");
  EXPECT_THAT(none.err, HasSubstr("no restoration windows\n"));
}

TEST_F(Commands, WhyTellsTheTraceAndOnlyThatOfTheMomentAskedFor) {
  const Ran all = folder_.run(std::string("why") + kCase);
  EXPECT_EQ(all.code, kOk) << all.err;
  EXPECT_THAT(all.out, HasSubstr("probing/slash24_up"));
  EXPECT_THAT(all.out, HasSubstr("2022-02-02T"));
  const Ran onset = folder_.run(std::string("why") + kCase + " --at 2022-01-31T10:00Z");
  EXPECT_THAT(onset.out, HasSubstr("2022-01-31T1"));
  EXPECT_LT(onset.out.size(), all.out.size());
  EXPECT_THAT(folder_.run(std::string("why") + kCase + " --without probing").out,
              Not(HasSubstr("probing/slash24_up")));
}

TEST_F(Commands, AStoreKeepsWhatWasReadAndWhatWasFound) {
  const Ran ingest = folder_.run("ingest --store $TMP/a.db --input $TMP/made.csv --format json");
  EXPECT_EQ(ingest.code, kOk) << ingest.err;
  const Json inputs = Json::parse(ingest.out);
  ASSERT_EQ(inputs.size(), 1u);
  EXPECT_EQ(inputs[0]["input"], "made.csv");
  EXPECT_EQ(inputs[0]["format"], "tidy-csv");
  EXPECT_EQ(folder_.run("series --store $TMP/a.db --format csv").out,
            folder_.run("series --input $TMP/made.csv --format csv").out);

  EXPECT_EQ(folder_.run("incident list --store $TMP/a.db").code, kNothing);
  const std::string again = "investigate country:KZ --store $TMP/a.db --from 2022-01-20 --until ";
  EXPECT_EQ(folder_.run(again + "2022-02-01").code, kOk);
  EXPECT_EQ(folder_.run(again + "2022-02-09").code, kOk);
  EXPECT_EQ(folder_.run(again + "2022-02-09").code, kOk) << "the same once more";
  const Json list = Json::parse(folder_.run("incident list --store $TMP/a.db --format json").out);
  ASSERT_EQ(list.size(), 1u) << list.dump();
  EXPECT_EQ(list[0]["version"], 2);
  EXPECT_EQ(list[0]["entity"], "country:KZ");
  EXPECT_EQ(list[0]["onset"], "2022-01-31T10:00:00Z");
  EXPECT_EQ(list[0]["end"], "2022-02-02T10:00:00Z");

  EXPECT_EQ(folder_.run("incident list --store $TMP/a.db --until 2022-01-31").code, kNothing);
  EXPECT_EQ(folder_.run("incident list --store $TMP/a.db --from 2022-02-01 --format csv").code,
            kOk);
  EXPECT_THAT(folder_.run("incident list --store $TMP/a.db --format csv --tz Asia/Almaty").out,
              HasSubstr(",2022-01-31T16:00:00+06:00,2022-02-02T16:00:00+06:00,"));
}

TEST_F(Commands, IncidentShowGivesTheNewestVersionOrAll) {
  const std::string investigate =
      "investigate country:KZ --store $TMP/a.db --input $TMP/made.csv"
      " --from 2022-01-20 --until ";
  folder_.run(investigate + "2022-02-01");
  folder_.run(investigate + "2022-02-09");
  const Json list = Json::parse(folder_.run("incident list --store $TMP/a.db --format json").out);
  const std::string show =
      "incident show " + list.at(0)["id"].get<std::string>() + " --store $TMP/a.db";
  EXPECT_EQ(Json::parse(folder_.run(show + " --format json").out)["version"], 2);
  const std::string versions = folder_.run(show + " --format jsonl").out;
  EXPECT_EQ(std::count(versions.begin(), versions.end(), '\n'), 2);
  EXPECT_EQ(Json::parse(versions.substr(0, versions.find('\n')))["version"], 1);
  const Ran told = folder_.run(show);
  EXPECT_EQ(told.code, kOk) << told.err;
  EXPECT_THAT(told.out, HasSubstr("Kazakhstan"));
  EXPECT_THAT(told.out, HasSubstr("UTC+6"));
  EXPECT_THAT(folder_.run(show + " --tz Asia/Tokyo").out, HasSubstr("UTC+9"));
  EXPECT_EQ(folder_.run("incident show kz-none --store $TMP/a.db").code, kNothing);
}

TEST_F(Commands, SimulateWritesTheFilesOfItsManifestAndMrtDumpPrintsThem) {
  folder_.put("s.scenario", kSmallScenario);
  const Ran made = folder_.run("simulate $TMP/s.scenario --out $TMP/s");
  EXPECT_EQ(made.code, kOk) << made.err;
  EXPECT_THAT(made.err, StartsWith("SEMI-SYNTHETIC: "));
  for (const Json& file : Json::parse(folder_.get("s/SEMI-SYNTHETIC.json"))["files"]) {
    const std::string name = file["name"];
    EXPECT_EQ(folder_.get("s/" + name).size(), file["bytes"].get<std::size_t>()) << name;
  }
  const Ran lines = folder_.run("mrt dump $TMP/s/rib.20220102.0000");
  EXPECT_EQ(lines.code, kOk) << lines.err;
  EXPECT_THAT(lines.out, StartsWith("TABLE_DUMP2|1641081600|B|"));
  const Ran json = folder_.run("mrt dump $TMP/s/updates.20220102.0000 --format jsonl");
  EXPECT_EQ(json.code, kOk) << json.err;
  EXPECT_TRUE(Json::parse(json.out.substr(0, json.out.find('\n'))).is_object());
}

TEST_F(Commands, DamagedInputIsUsedCountedAndWithStrictAFailure) {
  folder_.put("cut.csv", std::string(kSmall) + "yesterday,country:KZ,traffic/requests,1,number\n");
  const std::string line = "series --input $TMP/cut.csv --format csv";
  const Ran ran = folder_.run(line);
  EXPECT_EQ(ran.code, kDamaged);
  EXPECT_EQ(ran.out, folder_.run("series --input $TMP/small.csv --format csv").out);
  EXPECT_THAT(ran.err, HasSubstr("damaged: cut.csv, offset "));
  EXPECT_EQ(folder_.run(line + " --strict").code, kRuntimeError);
}

}  // namespace
}  // namespace lightsout
