// Which source recognises each file of the data folder: every file, and by its content alone.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/test_data.h"
#include "source/limits.h"
#include "source/test_input.h"

namespace lightsout {
namespace {

// The longest beginning of a path decides.
struct Expected {
  std::string_view begins;
  std::string_view source;  // "": nobody
};

constexpr Expected kExpected[] = {
    {"MANIFEST.md", ""},
    {"bmp/", "not-read"},  // what another collector decoded
    {"bmp/200-BMP-HUAWEI-locrib_instance/traffic", "mrt"},
    {"bmp/201-BMP-CISCO-rd_instance/traffic", "mrt"},
    {"bmp/203-BMP-HUAWEI-dump/traffic", "mrt"},
    {"bmp/205-BMP-6wind-FRR-peer_down/traffic", "mrt"},
    {"econ/", ""},
    {"enrich/", ""},
    {"enrich/country-ip-blocks", "mrt"},  // prefix tables
    {"enrich/ipasn", "mrt"},
    {"enrich/rir-ip", "mrt"},
    {"geo/", "not-read"},
    {"groundtruth/", ""},
    {"lists/", "not-read"},
    {"lists/00-LEGEND", ""},
    {"lists/fingerprints", ""},
    {"mrt/", "mrt"},
    {"mrt/golden-bgpdump-m/", "not-read"},
    {"mrt/oracle/rib2010.visibility.txt.gz", ""},
    {"mrt/samples/bird.conf", ""},
    {"mrt/samples/bird6-mrtdump.conf", ""},
    {"mrt/samples/bird6.conf", ""},
    {"mrt/samples/quagga.conf", ""},
    {"ooni/", "ooni-json"},
    {"ooni/backend/fastpath", "not-read"},
    {"ooni/censoredplanet", "not-read"},
    {"rislive/", "mrt"},
    {"series/", ""},  // read with --columns
    {"series/google-youtube-raw_api_response", "not-read"},
    {"series/ioda-iran", "ioda-csv"},
    {"telegram-india-2026/", "not-read"},
    {"telegram-india-2026/ooni/", "ooni-json"},
    {"telegram-india-2026/ooni/ooni_measurements_india_telegram_summary", "not-read"},
    {"tor/", "tor-csv"},
};

const Expected* expected_of(std::string_view path) {
  const Expected* longest = nullptr;
  for (const Expected& one : kExpected) {
    if (!path.starts_with(one.begins)) continue;
    if (longest == nullptr || one.begins.size() > longest->begins.size()) longest = &one;
  }
  return longest;
}

std::string recognised_as(const std::string& head) {
  for (const Source& source : all_sources()) {
    if (source.recognises(head, {})) return std::string(source.name);
  }
  return "";
}

TEST(Recognition, EveryFileOfTheDataFolder) {
  REQUIRE_DATA(manifest, "MANIFEST.md");
  const std::filesystem::path root = manifest.parent_path();
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file() || entry.path().extension() == ".bz2") continue;
    const std::string path = std::filesystem::relative(entry.path(), root).generic_string();
    const Expected* const expected = expected_of(path);
    ASSERT_NE(expected, nullptr) << path << " is new: say here what it is";
    const std::string found = recognised_as(file_text(entry.path()).substr(0, kHeadBytes));
    EXPECT_EQ(found, expected->source) << path;
    ++files;
  }
  EXPECT_GT(files, 200u);
}

// What a name says is never asked, so renaming a file changes nothing.
TEST(Recognition, TheNameDoesNotMatter) {
  const std::string tidy = "time,entity,signal,value\n2022-01-05,country:KZ,a/b,1\n";
  for (const char* name : {"a.csv", "a.mrt", "a.json", "-", ""}) {
    EXPECT_EQ(read_one(text_input(name, tidy)).inputs.at(0).format, "tidy-csv");
  }
}

}  // namespace
}  // namespace lightsout
