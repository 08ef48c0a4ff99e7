// Any series at all: detect() must answer, and its answer must be in order.
//
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>

#include "core/byte_reader.h"
#include "detect/detector.h"

namespace lightsout {
namespace {

constexpr Seconds kSteps[] = {Seconds(60),   Seconds(300),  Seconds(1800),  Seconds(3600),
                              Seconds(5400), Seconds(7200), Seconds(10800), Seconds(86400)};
constexpr Plane kPlanes[] = {Plane::control, Plane::data, Plane::traffic, Plane::application,
                             Plane::circumvention};
constexpr Unit kUnits[] = {Unit::count, Unit::percent_of_max, Unit::fraction, Unit::milliseconds};

Series series_from(ByteReader& reader) {
  const std::uint8_t shape = reader.u8();
  Series series{.id = *SignalId::parse("country:XA/fuzz/values"),
                .plane = kPlanes[shape % 5],
                .unit = kUnits[shape / 5 % 4],
                .worse = shape / 20 % 2 == 0 ? Worse::low : Worse::high,
                .begin = Time(Seconds(1704067200 + reader.u16())),
                .step = kSteps[reader.u8() % 8]};
  const bool trials = series.unit == Unit::fraction && reader.u8() % 4 != 0;
  // Runs, so that a short input makes a long series.
  while (!reader.empty() && series.size() < 5000) {
    const std::uint8_t kind = reader.u8();
    const std::size_t length = 1 + reader.u8() * (kind & 16 ? 16U : 1U);
    float value = reader.u8();
    if (kind & 32) {
      const std::uint32_t bits = reader.u32();
      std::memcpy(&value, &bits, sizeof value);
    }
    for (std::size_t i = 0; i < length; ++i) {
      const Sample samples[] = {Sample::of(value), Sample::of(value + static_cast<float>(i % 7)),
                                Sample::missing(), Sample::source_down()};
      series.samples.push_back(samples[kind % 4]);
      if (trials) series.trials.push_back(static_cast<float>(kind));
    }
  }
  return series;
}

}  // namespace
}  // namespace lightsout

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  ByteReader reader(std::span(data, size));
  const Series series = series_from(reader);
  const Detection found = detect(series);
  CHECK(found.expected.size() == series.size());
  Time last{};
  for (const Anomaly& anomaly : found.anomalies) {
    CHECK(anomaly.onset.value >= last);
    last = anomaly.onset.value;
    CHECK(anomaly.onset.earliest <= anomaly.onset.value);
    CHECK(anomaly.onset.value <= anomaly.onset.latest);
    CHECK(!anomaly.end || anomaly.onset.value < anomaly.end->value);
    CHECK(!std::isnan(anomaly.depth.value) && !std::isnan(anomaly.evidence));
  }
  return 0;
}
