// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/byte_source.h"
#include "core/check.h"
#include "live/ris_live.h"
#include "mrt/record_reader.h"

using namespace lightsout;
using namespace lightsout::live;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data + 1, size - 1);
  const std::size_t piece = data[0] == 0 ? bytes.size() + 1 : data[0];
  std::string records;
  RisLive frames({.name = "fuzz",
                  .record =
                      [&](Bytes record) {
                        records.append(reinterpret_cast<const char*>(record.data()), record.size());
                      },
                  .damage = [](DamagedPart) {},
                  .collector = {}});
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    frames.push(bytes.subspan(at, std::min(piece, bytes.size() - at)));
  }
  frames.finish();
  MemorySource source(records);
  mrt::RecordReader reader(source);
  std::uint64_t count = 0;
  for (auto step = reader.next(); step != mrt::RecordReader::Step::end; step = reader.next()) {
    CHECK(step == mrt::RecordReader::Step::record);
    ++count;
  }
  CHECK(count == frames.records());
  return 0;
}
