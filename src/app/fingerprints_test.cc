// --fingerprints: lists of block pages, loaded when the program runs, whole and damaged.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command_testing.h"
#include "app/options.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

constexpr const char* kHeader =
    "name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,"
    "expected_countries,source,exp_url,notes\n";
constexpr const char* kRow = "made.one,nat,,dns,full,192.0.2.1,5,KZ,made,,\n";
constexpr const char* kAnywhere = "made.two,nat,,body,contains,not available by order,5,,made,,\n";

std::string measurement(const char* country, const char* address, const char* body, int minute) {
  return fmt::format(
      R"({{"test_name":"web_connectivity","test_version":"0.5.28","probe_cc":"{}",)"
      R"("probe_asn":"AS64500","measurement_start_time":"2022-01-05 10:{:02}:00",)"
      R"("input":"http://example.com/","report_id":"r{}","test_keys":{{)"
      R"("queries":[{{"engine":"system","hostname":"example.com","answers":[{{"ipv4":"{}"}}]}}],)"
      R"("requests":[{{"request":{{"url":"http://example.com/"}},)"
      R"("response":{{"code":200,"body":"{}"}}}}]}}}})"
      "\n",
      country, minute, minute, address, body);
}

std::string four_measurements() {
  return measurement("KZ", "192.0.2.1", "hello", 1) +
         measurement("KZ", "192.0.2.9", "This page is not available by order", 2) +
         measurement("KZ", "192.0.2.9", "hello", 3) + measurement("DE", "192.0.2.1", "hello", 4);
}

constexpr const char* kSeries =
    "series --input $TMP/m.jsonl --fingerprints $TMP/f.csv --format csv "
    "--signal service:web_connectivity@country:KZ/ooni/block_page_fraction";

TEST(Fingerprints, AreLoadedAtRunTimeAndCountWhereTheyAreExpected) {
  const CommandFolder folder;
  folder.put("m.jsonl", four_measurements());
  folder.put("f.csv", std::string(kHeader) + kRow + kAnywhere);
  const Ran ran = folder.run(kSeries);
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("0.666"));
  const Ran ingest =
      folder.run("ingest --store $TMP/o.duckdb --input $TMP/m.jsonl --fingerprints $TMP/f.csv");
  EXPECT_EQ(ingest.code, kOk) << ingest.err;
  EXPECT_THAT(ingest.out + ingest.err, HasSubstr("made.one, which is not expected there"));
  const Ran none = folder.run(
      "series --input $TMP/m.jsonl --format csv "
      "--signal service:web_connectivity@country:KZ/ooni/block_page_fraction");
  EXPECT_EQ(none.code, kNothing) << "without a list nothing was looked for";
}

struct DamagedList {
  const char* name;
  std::string text;
  int code;
  const char* says;
};

TEST(Fingerprints, ADamagedListCostsWhatIsDamagedAndSaysSo) {
  const DamagedList kCases[] = {
      {"a regular expression that we do not read",
       std::string(kHeader) + "made.bad,nat,,body,regexp,(a|b),5,KZ,made,,\n" + kRow + kAnywhere,
       kDamaged, "regular expression"},
      {"an unknown place",
       std::string(kHeader) + "made.bad,nat,,cookie,full,x,5,KZ,made,,\n" + kRow, kDamaged,
       "neither dns, body nor a header"},
      {"an empty pattern",
       std::string(kHeader) + "made.bad,nat,,body,contains,,5,KZ,made,,\n" + kRow, kDamaged,
       "matches everything"},
      {"cut in the middle of the last row", std::string(kHeader) + kRow + "made.two,nat,,bo",
       kDamaged, "f.csv"},
      {"only a header", kHeader, kRuntimeError, "no fingerprint can be read"},
      {"nothing", "", kRuntimeError, "no fingerprint can be read"},
      {"another table", "a,b,c\n1,2,3\n", kRuntimeError, "no columns"},
      {"no text at all", std::string("\x00\x01\xff\xfe", 4), kRuntimeError,
       "no fingerprint can be read"},
  };
  for (const DamagedList& one : kCases) {
    SCOPED_TRACE(one.name);
    const CommandFolder folder;
    folder.put("m.jsonl", four_measurements());
    folder.put("f.csv", one.text);
    const Ran ran = folder.run(kSeries);
    EXPECT_EQ(ran.code, one.code) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(one.says));
    if (one.code == kDamaged) EXPECT_THAT(ran.out, HasSubstr("block_page_fraction"));
  }
  const CommandFolder folder;
  folder.put("m.jsonl", four_measurements());
  EXPECT_NE(folder.run(kSeries).code, kOk) << "a list that is not there";
}

}  // namespace
}  // namespace lightsout
