// SPDX-License-Identifier: Apache-2.0
#include "source/ooni_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "core/test_data.h"
#include "source/ooni_record.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

using testing::Contains;
using testing::HasSubstr;

const ReadOptions kTelegramIndia{.entity = *Entity::parse("service:telegram@country:IN")};

double total(const Series& series) {
  return std::accumulate(series.samples.begin(), series.samples.end(), 0.0,
                         [](double sum, const Sample& s) { return sum + s.number().value_or(0); });
}

TEST(OoniJson, CountsTelegramInIndiaDayByDay) {
  REQUIRE_DATA(path, "telegram-india-2026/ooni/ooni_aggregation_india_telegram_daily.json");
  const Reading reading = read_one(file_input(path), kTelegramIndia);
  EXPECT_TRUE(reading.damage.empty());
  const Series* fraction =
      find_series(reading, "service:telegram@country:IN/ooni/anomaly_fraction");
  ASSERT_NE(fraction, nullptr);
  EXPECT_EQ(fraction->step, Seconds{86400});
  EXPECT_EQ(fraction->worse, Worse::high);
  EXPECT_EQ(fraction->unit, Unit::fraction);
  const double expected[][2] = {{156, 274}, {271, 272}, {281, 281}, {231, 231},
                                {184, 184}, {219, 219}, {240, 243}, {62, 94}};
  ASSERT_EQ(fraction->size(), 8u);
  for (std::size_t day = 0; day < 8; ++day) {
    EXPECT_DOUBLE_EQ(fraction->samples[day].value(), expected[day][0] / expected[day][1]);
    EXPECT_EQ(fraction->trials[day], static_cast<float>(expected[day][1]));
  }
  EXPECT_NE(find_series(reading, "service:telegram@country:IN/ooni/measurements"), nullptr);
}

TEST(OoniJson, CountsMeasurementsByTheHour) {
  REQUIRE_DATA(path, "telegram-india-2026/ooni/ooni_measurements_india_telegram_raw.json.gz");
  const Reading reading = read_one(file_input(path));  // the report ids name test and country
  EXPECT_TRUE(reading.damage.empty());
  const Series* tests = find_series(reading, "service:telegram@country:IN/ooni/measurements");
  const Series* fraction =
      find_series(reading, "service:telegram@country:IN/ooni/anomaly_fraction");
  ASSERT_NE(tests, nullptr);
  ASSERT_NE(fraction, nullptr);
  EXPECT_EQ(tests->step, Seconds{3600});
  EXPECT_GT(total(*tests), 1700);
  EXPECT_LE(total(*tests), 1793);
  ASSERT_EQ(tests->size(), fraction->size());
  for (std::size_t i = 0; i < tests->size(); ++i) {
    // An hour without tests is a count of zero, and no fraction at all.
    EXPECT_EQ(tests->samples[i] == Sample::of(0), !fraction->samples[i].is_number());
  }
  EXPECT_THAT(reading.inputs[0].notes, Contains(HasSubstr("measurements counted")));
}

TEST(OoniJson, TheWholeFolderGivesOneSeriesOfEachKind) {
  std::vector<Input> inputs;
  for (const char* name : {"ooni_aggregation_india_telegram_daily.json",
                           "ooni_aggregation_india_telegram_daily_per_asn.json",
                           "ooni_aggregation_india_telegram_hourly_20260616_per_asn.json",
                           "ooni_measurements_india_telegram_raw.json.gz"}) {
    REQUIRE_DATA(path, std::string("telegram-india-2026/ooni/") + name);
    inputs.push_back(file_input(path));
  }
  const Reading reading = read_inputs(inputs, kTelegramIndia);
  EXPECT_TRUE(reading.damage.empty());
  const Series* fraction =
      find_series(reading, "service:telegram@country:IN/ooni/anomaly_fraction");
  ASSERT_NE(fraction, nullptr);
  EXPECT_EQ(fraction->step, Seconds{3600});
  EXPECT_NE(find_series(reading, "service:telegram@asn:9829/ooni/measurements"), nullptr);
}

// The folder as a person would name it: what is read, what is known and not read, and no damage.
TEST(OoniJson, TheFolderAroundItIsNoDamage) {
  REQUIRE_DATA(one, "telegram-india-2026/AS62041_prefixes.json");
  std::vector<Input> inputs;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(one.parent_path())) {
    if (entry.is_regular_file()) inputs.push_back(file_input(entry.path()));
  }
  const Reading reading = read_inputs(inputs, kTelegramIndia);
  for (const DamagedPart& part : reading.damage.parts()) ADD_FAILURE() << part.file << part.reason;
  ASSERT_EQ(reading.inputs.size(), inputs.size());
  for (const InputNote& input : reading.inputs) {
    EXPECT_FALSE(input.format.empty()) << input.name;
    EXPECT_FALSE(input.notes.empty()) << input.name << " is passed over in silence";
  }
  EXPECT_NE(find_series(reading, "service:telegram@country:IN/ooni/anomaly_fraction"), nullptr);
}

TEST(OoniJson, ReadsAnswersAsABrowserRecordedThem) {
  REQUIRE_DATA(list,
               "ooni/explorer/"
               "measurements__since-2026-06-11_until-2026-07-12_failure-false_limit-50_order-desc"
               ".json");
  const Reading reading = read_one(file_input(list));
  EXPECT_TRUE(reading.damage.empty());
  const Series* spain =
      find_series(reading, "service:web_connectivity@country:ES/ooni/measurements");
  ASSERT_NE(spain, nullptr);
  EXPECT_EQ(total(*spain), 37);
  REQUIRE_DATA(days,
               "ooni/explorer/aggregation__test_name-web_connectivity_since-2022-03-01_until-2022-"
               "03-04_axis_x-measurement_start_day_time_grain-day.json");
  EXPECT_THAT(read_one(file_input(days)).damage.parts().at(0).reason,
              HasSubstr("does not say which test"));
  const ReadOptions named{.entity = *Entity::parse("service:web_connectivity@country:US")};
  const Reading counted = read_one(file_input(days), named);
  ASSERT_EQ(counted.series.size(), 2u);
  EXPECT_DOUBLE_EQ(counted.series[0].samples[0].value(), (53651.0 + 6739.0) / 1113357.0);
}

TEST(OoniJson, ReadsSingleMeasurements) {
  const std::tuple<const char*, const char*, std::optional<double>> kCases[] = {
      {"ooni/backend/signal_022.json", "service:signal@country:IT", std::nullopt},
      {"ooni/backend/whatsapp.json", "service:whatsapp@country:IE", std::nullopt},
      {"ooni/backend/mbx-1.json.gz", "service:http_invalid_request_line@country:PT", 1},
      {"ooni/probe-cli/firefoxcom.json.gz", "service:web_connectivity@country:", std::nullopt},
      {"ooni/wc05_qa/httpBlockingConnectionReset.json", "service:web_connectivity@country:IT", 1},
      {"ooni/wc05_qa/largeFileWithHTTP.json", "service:web_connectivity@country:IT", 0},
      {"ooni/explorer/20221109225810.435617_RU_telegram_ecbc73cacd8ea566_full-true.json",
       "service:telegram@country:RU", std::nullopt},
  };
  for (const auto& [name, service, anomalous] : kCases) {
    REQUIRE_DATA(path, name);
    const Reading reading = read_one(file_input(path));
    EXPECT_TRUE(reading.damage.empty()) << name;
    ASSERT_FALSE(reading.series.empty()) << name;
    const auto first =
        std::find_if(reading.series.begin(), reading.series.end(),
                     [&](const Series& series) { return series.id.text().starts_with(service); });
    ASSERT_NE(first, reading.series.end()) << name;
    const auto tests =
        std::find_if(reading.series.begin(), reading.series.end(),
                     [](const Series& series) { return series.id.metric() == "measurements"; });
    ASSERT_NE(tests, reading.series.end()) << name;
    EXPECT_EQ(tests->samples, std::vector<Sample>{Sample::of(1)}) << name;
    if (anomalous) EXPECT_EQ(first->samples[0], Sample::of(*anomalous)) << name;
  }
}

TEST(OoniJson, ADamagedLineCostsItselfAndDuplicatesCountOnce) {
  const auto line = [](int number) {
    return "{\"measurement_start_time\":\"2022-01-05 1" + std::to_string(number) +
           ":20:00\",\"probe_cc\":\"KZ\",\"test_name\":\"telegram\",\"report_id\":\"r" +
           std::to_string(number) +
           "\",\"test_keys\":{\"telegram_tcp_blocking\":true,\"queries\":[{\"a\":1}]}}\n";
  };
  const std::string cut = line(3).substr(0, 90) + "\n";
  const Reading reading =
      read_one(text_input("a.jsonl", line(1) + line(2) + cut + line(2) + line(4)));
  ASSERT_EQ(reading.damage.count(), 1u);
  EXPECT_EQ(reading.damage.parts()[0].offset, line(1).size() * 2);
  ASSERT_EQ(reading.series.size(), 3u);
  EXPECT_EQ(reading.series[1].id.metric(), "failed_share");
  EXPECT_EQ(reading.series[2].samples,
            (std::vector<Sample>{Sample::of(1), Sample::of(1), Sample::of(0), Sample::of(1)}));
  EXPECT_EQ(reading.series[0].samples[0], Sample::of(1));
  EXPECT_THAT(reading.inputs[0].notes, Contains(HasSubstr("1 measurements seen before")));
}

// One of two endpoints fails in each test; the network's own series says the same.
TEST(OoniJson, ScoresTestsByWhatFailedInTheShortestBinsThatHoldEnough) {
  const auto lines = [](int tests, int apart_s) {
    std::string text;
    for (int i = 0; i < tests; ++i) {
      const Time at = *parse_time("2026-06-16T00:00:00Z") + Seconds{i * apart_s};
      std::string when = format_time(at);
      when[10] = ' ';
      when.pop_back();
      text += "{\"measurement_start_time\":\"" + when +
              "\",\"probe_cc\":\"IN\",\"probe_asn\":\"AS9829\",\"test_name\":\"telegram\","
              "\"report_id\":\"r" +
              std::to_string(i) +
              "\",\"test_keys\":{\"tcp_connect\":[{\"ip\":\"192.0.2.1\",\"status\":{}},"
              "{\"ip\":\"192.0.2.2\",\"status\":{\"failure\":\"connection_reset\"}}]}}\n";
    }
    return text;
  };
  const std::pair<int, int> kCases[] = {{30, 300}, {60, 600}, {75, 600}, {150, 1800}, {900, 3600}};
  for (const auto& [apart_s, step_s] : kCases) {
    const Reading reading = read_one(text_input("a.jsonl", lines(200, apart_s)));
    for (const char* id : {"service:telegram@country:IN/ooni/failed_share",
                           "service:telegram@asn:9829/ooni/failed_share"}) {
      const Series* share = find_series(reading, id);
      ASSERT_NE(share, nullptr) << id;
      EXPECT_EQ(share->step, Seconds{step_s}) << apart_s;
      EXPECT_DOUBLE_EQ(share->samples[0].value(), 0.5);
      EXPECT_EQ(share->trials[0], static_cast<float>((step_s + apart_s - 1) / apart_s));
    }
  }
}

TEST(OoniJson, OonisOwnSummaryOfATelegramTestIsScored) {
  const Reading reading = read_one(text_input(
      "a.json",
      R"({"results":[{"anomaly":false,"measurement_start_time":"2026-06-16T00:00:00Z",)"
      R"("scores":{"web_failure":null,"accessible_endpoints":3,"unreachable_endpoints":9,)"
      R"("http_success_cnt":12,"http_failure_cnt":0},)"
      R"("report_id":"20260616T000000Z_telegram_IN_55836_n4_abc"}]})"));
  const Series* share = find_series(reading, "service:telegram@country:IN/ooni/failed_share");
  ASSERT_NE(share, nullptr);
  EXPECT_DOUBLE_EQ(share->samples[0].value(), 0.25);  // (9/12 + 0/12 + 0) / 3; its own word: no
}

TEST(OoniRecord, IdentifiersNameTestCountryAndNetwork) {
  OoniRecord record;
  read_report_id("20260623T062401Z_telegram_IN_55836_n4_kce6", record);
  EXPECT_EQ(record.test, "telegram");
  EXPECT_EQ(record.country, "IN");
  EXPECT_EQ(record.asn, 55836u);
  record = {};
  read_report_id("20260711174303.899212_ES_webconnectivity_cb7e", record);
  EXPECT_EQ(record.test, "web_connectivity");
  EXPECT_EQ(record.country, "ES");
  for (const char* id :
       {"", "____", "20170725T175452Z_AS9443_ZbmZ", "a_b_c_d", "Z_telegram_ZZ_1"}) {
    record = {};
    read_report_id(id, record);
    EXPECT_EQ(record.test, "") << id;
  }
}

}  // namespace
}  // namespace lightsout
