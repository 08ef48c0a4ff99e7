// SPDX-License-Identifier: Apache-2.0
#include "source/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/test_data.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

ReadOptions mapped(std::string_view columns, std::string_view entity = "") {
  const Result<ColumnMapping> mapping = parse_columns(columns);
  EXPECT_TRUE(mapping.ok()) << (mapping.ok() ? "" : mapping.error().message);
  ReadOptions options{.columns = *mapping};
  if (!entity.empty()) options.entity = *Entity::parse(entity);
  return options;
}

TEST(ParseColumns, RefusalsSayWhatToWrite) {
  const std::pair<const char*, const char*> kCases[] = {
      {"", "needs time=COLUMN"},
      {"time=t", "needs value=COLUMN"},
      {"time=t,value", "is not key=column"},
      {"time=t,value=v,colour=red", "keys of --columns"},
      {"time=,value=v", "nothing after it"},
      {"time=t,value=v,unit=furlongs", "not a unit; one of: count"},
      {"time=t,value=v,worse=bad", "one of: low, high"},
      {"time=t,value=v,plane=air", "not a plane"},
      {"time=t,value=v,step=0", "number of seconds"},
      {"time=t,value=count", "add step=3600"},
      {"time=t,value=distinct:,step=60", "needs a column"},
      {"time=t,value=v,tz=America/Caracas", "give the offset"},
      {"time=t,value=v,where=x", "where=COLUMN:TEXT"},
      {"time=t,value=v,prefix=region:VE-", "add entity=COLUMN"},
      {"time=t,value=v,signal=youtube", "google/youtube"},
      {"time=t,value=v,signal=Google/You Tube", "google/youtube"},
  };
  for (const auto& [text, expected] : kCases) {
    const Result<ColumnMapping> mapping = parse_columns(text);
    ASSERT_FALSE(mapping.ok()) << text;
    const std::string wanted = expected == std::string("keys of --columns")
                                   ? "is not a key of --columns; one of: time"
                                   : expected;
    EXPECT_THAT(mapping.error().message, HasSubstr(wanted)) << text;
  }
}

TEST(ParseColumns, ReadsEveryKey) {
  const ColumnMapping mapping = *parse_columns(
      " time=date and time, value=distinct:ip ,entity=name,prefix=region:MM-,signal=a/b,plane=data,"
      "unit=index,worse=high,tz=+06:30,step=3600,where=iso:MMR");
  EXPECT_EQ(mapping.time, "date and time");
  EXPECT_EQ(mapping.value, "ip");
  EXPECT_EQ(mapping.row_value, RowValue::distinct);
  EXPECT_EQ(mapping.entity, "name");
  EXPECT_EQ(mapping.entity_prefix, "region:MM-");
  EXPECT_EQ(mapping.signal, "a/b");
  EXPECT_EQ(mapping.plane, Plane::data);
  EXPECT_EQ(mapping.unit, Unit::index);
  EXPECT_EQ(mapping.worse, Worse::high);
  EXPECT_EQ(mapping.offset, Seconds{23400});
  EXPECT_EQ(mapping.step, Seconds{3600});
  EXPECT_EQ(mapping.where_column, "iso");
  EXPECT_EQ(mapping.where_text, "MMR");
}

TEST(ParseColumns, FindsZonesWhereSomebodyKnowsThem) {
  const auto zones = [](const std::string& name) -> Result<Zone> { return Zone{.name = name}; };
  const Result<ColumnMapping> mapping = parse_columns("time=t,value=v,tz=Asia/Almaty", zones);
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(mapping->zone->name, "Asia/Almaty");
}

TEST(ParseOffset, Table) {
  const std::pair<const char*, int> kGood[] = {
      {"+6", 21600},  {"-4", -14400},    {"3", 10800}, {"+05:30", 19800}, {"UTC+5:45", 20700},
      {"5.5", 19800}, {"-0930", -34200}, {"Z", 0},     {"UTC", 0},        {"+14", 50400},
  };
  for (const auto& [text, seconds] : kGood) {
    ASSERT_TRUE(parse_offset(text).ok()) << text;
    EXPECT_EQ(*parse_offset(text), Seconds{seconds}) << text;
  }
  for (const char* text :
       {"+16", "local", "+", "--4", "+5:99", "1e99", "nan", "3.14159", "timezone"}) {
    EXPECT_FALSE(parse_offset(text).ok()) << text;
  }
}

TEST(Columns, GoogleKeepsItsTwoHourValuesExactlyAndAveragesTheFinerOnes) {
  REQUIRE_DATA(path, "series/google-youtube-RU.csv");
  const Reading reading =
      read_one(file_input(path),
               mapped("time=date and time,value=value,signal=google/youtube", "country:RU"));
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 1u);
  const Series& series = reading.series[0];
  EXPECT_EQ(series.step, Seconds{7200});
  EXPECT_EQ(series.unit, Unit::percent_of_max);
  const auto at = [&](const char* time) {
    return series.samples[*series.bin_of(*parse_time(time))];
  };
  EXPECT_EQ(at("2019-01-01T02:00:00Z"), Sample::of(14.561842));
  EXPECT_EQ(at("2024-12-31T00:00:00Z"), Sample::of(10.493489));
  // The last day of a month has one value, the rest of it is missing and not drawn through.
  EXPECT_EQ(at("2019-01-31T00:00:00Z"), Sample::of(14.981931));
  EXPECT_EQ(at("2019-01-31T02:00:00Z"), Sample::missing());
  EXPECT_EQ(at("2019-02-01T00:00:00Z"), Sample::missing());
  // 12:00 for 90 minutes and 13:30 for the other 30.
  EXPECT_NEAR(at("2025-01-01T12:00:00Z").value(), 0.75 * 13.947241 + 0.25 * 12.480305, 1e-9);
  EXPECT_NEAR(at("2025-01-01T14:00:00Z").value(), 0.5 * 12.480305 + 0.5 * 12.001732, 1e-9);
  EXPECT_THAT(reading.inputs[0].notes, testing::Contains(HasSubstr("averaged onto it")));
}

TEST(Columns, VenezuelaHasThirteenStatesInLocalTime) {
  REQUIRE_DATA(path, "series/monash-ven-2019-07-22_gif.csv");
  const Reading reading =
      read_one(file_input(path), mapped("time=time_e,value=connectivity,entity=name_1,"
                                        "prefix=region:VE-,tz=-4,plane=data,unit=percent"));
  // T\u00e1chira says -1 for 22 July 18:00, which is no percentage: damage, and that hour is
  // missing.
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_EQ(reading.damage.parts()[0].offset, 113434u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("line 1311: -1 is negative"));
  ASSERT_EQ(reading.series.size(), 13u);
  const Series* capital = find_series(reading, "region:VE-Distrito_Capital/csv/connectivity");
  ASSERT_NE(capital, nullptr);
  EXPECT_EQ(capital->step, Seconds{3600});
  EXPECT_EQ(capital->size(), 113u);
  EXPECT_EQ(format_time(capital->begin), "2019-07-20T04:00:00Z");
  EXPECT_EQ(capital->plane, Plane::data);
  EXPECT_NE(find_series(reading, "region:VE-Anzo\u00e1tegui/csv/connectivity"), nullptr);
}

TEST(Columns, UkraineTakesTheOffsetFromAColumn) {
  REQUIRE_DATA(path, "series/monash-ukr-2022-01-18_border-regions.csv");
  const Reading reading = read_one(
      file_input(path),
      mapped("time=time_local,value=latency_indx,tz=timezone_offset,where=country_iso_name:Ukraine,"
             "entity=adm1_name,prefix=region:UA-,unit=index,worse=high,plane=data"));
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.series.size(), 5u);
  const Series* kyiv = find_series(reading, "region:UA-Kiev_City/csv/latency_indx");
  ASSERT_NE(kyiv, nullptr);
  EXPECT_EQ(format_time(kyiv->begin), "2021-12-01T03:00:00Z");  // 05:00 at UTC+2
  EXPECT_EQ(kyiv->step, Seconds{10800});
  EXPECT_EQ(kyiv->worse, Worse::high);
  EXPECT_EQ(kyiv->size(), 383u);
  EXPECT_THAT(reading.inputs[0].notes, testing::Contains(HasSubstr("1915 rows of others")));
}

TEST(Columns, MyanmarCountsTheProbesThatAnswered) {
  REQUIRE_DATA(path, "series/monash-mmr-2021-04-09_Bago.csv");
  const Input input = file_input(path);
  const std::string common = ",step=3600,tz=+06:30,plane=data,entity=name_1,prefix=region:MM-";
  const Reading rows = read_one(input, mapped("time=time_local_str,value=count" + common));
  EXPECT_TRUE(rows.damage.empty());
  ASSERT_EQ(rows.series.size(), 1u);
  double total = 0;
  for (const Sample& sample : rows.series[0].samples) total += sample.value();
  EXPECT_EQ(total, 12239);  // every row is in exactly one bin, and no bin is missing
  const Reading probes =
      read_one(input, mapped("time=time_local_str,value=distinct:ip_hash" + common));
  ASSERT_EQ(probes.series.size(), 1u);
  ASSERT_EQ(probes.series[0].size(), rows.series[0].size());
  for (std::size_t i = 0; i < probes.series[0].size(); ++i) {
    EXPECT_LE(probes.series[0].samples[i].value(), rows.series[0].samples[i].value());
  }
}

TEST(Columns, ANamedZoneFollowsItsChanges) {
  ReadOptions options = mapped("time=t,value=v,step=3600", "country:KZ");
  options.columns->zone = Zone{.name = "Asia/Almaty",
                               .first_offset = Seconds{21600},
                               .changes = {{*parse_time("2024-02-29T18:00:00Z"), Seconds{18000}}}};
  const Reading reading =
      read_one(text_input("a", "t,v\n2024-02-29 22:00,1\n2024-03-01 05:00,2\n"), options);
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(format_time(reading.series[0].begin), "2024-02-29T16:00:00Z");
  EXPECT_EQ(format_time(reading.series[0].end()), "2024-03-01T01:00:00Z");
}

TEST(Columns, NamesInLatin1AreRead) {
  const Reading reading = read_one(text_input("a",
                                              "t,n,v\n2022-01-01 00:00,M\xe9rida,1\n"
                                              "2022-01-01 01:00,M\xe9rida,1\n"),
                                   mapped("time=t,value=v,entity=n,prefix=region:VE-"));
  ASSERT_EQ(reading.series.size(), 1u);
  EXPECT_EQ(reading.series[0].id.text(), "region:VE-M\u00e9rida/csv/v");
}

TEST(Columns, NumbersDoNotTakeAFileFromTheSourceThatKnowsIt) {
  const std::string tidy = "time,entity,signal,value\n2022-01-05,country:KZ,a/b,1\n";
  const ReadOptions numbers = mapped("time=1,value=2", "country:KZ");
  EXPECT_EQ(read_one(text_input("a", tidy), numbers).inputs[0].format, "tidy-csv");
  EXPECT_EQ(read_one(text_input("a", "when;much\n2022-01-05;1,5\n"), numbers).inputs[0].format,
            "columns-csv");
}

TEST(Columns, AWrongNameIsAnsweredWithTheRightOnes) {
  const Reading reading = read_one(text_input("a", "when,much\n2022-01-05,1\n"),
                                   mapped("time=when,value=amount", "country:KZ"));
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_THAT(reading.damage.parts()[0].reason, HasSubstr("a table with the columns when, much"));
}

}  // namespace
}  // namespace lightsout
