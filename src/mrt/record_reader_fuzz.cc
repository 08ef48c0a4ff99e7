// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "mrt/dump.h"
#include "mrt/record_reader.h"

// Records and damage follow each other without a gap to the last byte, and both dumps survive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  const Bytes bytes(data, size);
  MemorySource source(bytes);
  mrt::RecordReader reader(source);
  std::uint64_t at = 0;
  std::uint64_t least = 0;  // a record is at least its header
  for (mrt::RecordReader::Step step = reader.next(); step != mrt::RecordReader::Step::end;
       step = reader.next()) {
    const bool damaged = step == mrt::RecordReader::Step::damaged;
    const std::uint64_t begin = damaged ? reader.damaged().offset : reader.record().offset;
    CHECK(begin >= at + least);
    if (damaged || at == 0) CHECK(begin <= size);
    at = begin;
    least = damaged ? reader.damaged().bytes : 12 + reader.record().body.size();
  }
  CHECK(at + least <= size);
  for (const auto format :
       {mrt::DumpFormat::bgpdump, mrt::DumpFormat::jsonl, mrt::DumpFormat::text}) {
    MemorySource again(bytes);
    Damage damage;
    (void)mrt::dump(
        again, {.format = format}, [](std::string_view) { return true; }, damage, "fuzz");
  }
  return 0;
}
