// SPDX-License-Identifier: Apache-2.0
#include "source/tidy_csv.h"

#include "source/fuzz_input.h"

using namespace lightsout;

// Whatever is read can be written and read back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input = fuzz_input({data, size});
  const Reading first = read_tidy_csv({&input, 1}, {});
  check_reading(first);
  std::size_t samples = 0;
  for (const Series& series : first.series) samples += series.size();
  if (samples > 10'000) return 0;

  std::string text;
  write_tidy_csv(first.series, [&](std::string_view piece) { text += piece; });
  const Input written =
      fuzz_input({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  const Reading second = read_tidy_csv({&written, 1}, {});
  CHECK(second.damage.empty());
  CHECK(second.series.size() == first.series.size());
  for (std::size_t i = 0; i < first.series.size(); ++i) {
    CHECK(second.series[i].id == first.series[i].id);
    CHECK(second.series[i].samples == first.series[i].samples);
    CHECK(second.series[i].begin == first.series[i].begin);
    CHECK(second.series[i].step == first.series[i].step);
  }
  return 0;
}
