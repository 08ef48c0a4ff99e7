// What we answer under /compat/ioda/v2 is read by our own reader of IODA's answers, number for
// number, so a script that reads theirs reads ours.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "api/compat_ioda.h"
#include "api/endpoint.h"
#include "core/byte_source.h"
#include "source/ioda_answer.h"
#include "source/ioda_json.h"
#include "web/made_observatory.h"

namespace lightsout {
namespace {

std::string answer_of(const std::string& target) {
  const Result<WebRequest> request = parse_target(target);
  EXPECT_TRUE(request.ok());
  std::optional<WebResponse> response = answer_api(shared_made_observatory().observatory, *request);
  EXPECT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200) << response->body;
  return std::move(response->body);
}

struct Trip {
  const char* path;
  const char* type;
  const char* code;
  const char* datasource;
  const char* theirs;  // the signal that the reader makes of it
  const char* ours;
};

const Trip kTrips[] = {
    {"country/KZ", "country", "KZ", "bgp", "country:KZ/ioda-bgp/visible_slash24",
     "country:KZ/bgp/visible_slash24"},
    {"country/KZ", "country", "KZ", "ping-slash24", "country:KZ/ioda-probing/slash24_up",
     "country:KZ/probing/slash24_up"},
    {"country/NL", "country", "NL", "merit-nt", "country:NL/ioda-telescope/unique_source_ips",
     "country:NL/telescope/unique_source_ips"},
    {"region/KZ-75", "region", "KZ-75", "ping-slash24", "region:KZ-75/ioda-probing/slash24_up",
     "region:KZ-75/probing/slash24_up"},
    {"geoasn/9198-KZ", "geoasn", "9198-KZ", "ping-slash24",
     "asn:9198@country:KZ/ioda-probing/slash24_up", "asn:9198@country:KZ/probing/slash24_up"},
};

TEST(CompatIodaRoundTrip, OurOwnReaderReadsTheSameNumbersBack) {
  for (const Trip& trip : kTrips) {
    SCOPED_TRACE(trip.path);
    // A region goes by its number, as scripts look it up.
    const std::string code = trip.type == std::string_view("region")
                                 ? api::ioda::region_number(*Entity::parse("region:KZ-75"))
                                 : trip.code;
    const std::string body =
        answer_of(std::string("/compat/ioda/v2/signals/raw/") + trip.type + "/" + code +
                  "?from=1641340800&until=1641945600&datasource=" + trip.datasource);
    const Result<IodaShape> shape = ioda_signals_shape(body, trip.type, code, trip.datasource);
    ASSERT_TRUE(shape.ok()) << shape.error().message;
    EXPECT_EQ(shape->series, 1u);

    const Input inputs[] = {
        {.lineage = {.sha256 = "made", .name = "answer.json", .format = {}, .arrived = kMadeNow},
         .open = [&]() -> Result<std::unique_ptr<ByteSource>> {
           return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(
               Bytes(reinterpret_cast<const std::uint8_t*>(body.data()), body.size())));
         }}};
    const Reading reading = read_ioda_json(inputs, {});
    ASSERT_EQ(reading.series.size(), 1u);
    const Series& read = reading.series.front();
    EXPECT_EQ(read.id.text(), trip.theirs);
    const Result<Series> kept = shared_made_observatory().store->read_series(
        *SignalId::parse(trip.ours),
        {.range = TimeRange{Time{Seconds{1641340800}}, Time{Seconds{1641945600}}}});
    ASSERT_TRUE(kept.ok());
    ASSERT_EQ(read.size(), kept->size());
    EXPECT_EQ(read.begin, kept->begin);
    EXPECT_EQ(read.step, kept->step);
    for (std::size_t i = 0; i < read.size(); ++i) {
      EXPECT_EQ(read.samples[i].number(), kept->samples[i].number()) << i;
    }
  }
}

TEST(CompatIodaRoundTrip, TheLookupOfRegionsIsRead) {
  const Result<std::vector<IodaRegion>> regions = ioda_regions(
      answer_of("/compat/ioda/v2/entities/query?entityType=region&relatedTo=country/KZ"));
  ASSERT_TRUE(regions.ok()) << regions.error().message;
  ASSERT_EQ(regions->size(), 2u);
  EXPECT_EQ(regions->front().name, "71");
  const std::string body = answer_of("/compat/ioda/v2/signals/raw/region/" + regions->front().code +
                                     "?from=1641340800&until=1641945600&datasource=ping-slash24");
  EXPECT_NE(body.find("\"entityName\":\"71\""), std::string::npos) << body.substr(0, 400);
}

}  // namespace
}  // namespace lightsout
