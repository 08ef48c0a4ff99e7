// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/byte_source.h"
#include "core/check.h"
#include "live/bmp_json.h"
#include "live/bmp_stream.h"
#include "live/live_source.h"
#include "mrt/record_reader.h"

using namespace lightsout;
using namespace lightsout::live;

namespace {

// Messages and damage follow each other without a gap to the last byte.
void check_framing(Bytes bytes, std::size_t piece) {
  BmpFramer framer;
  std::uint64_t at = 0;
  const auto drain = [&] {
    for (auto step = framer.next(); step != BmpFramer::Step::more; step = framer.next()) {
      const bool damaged = step == BmpFramer::Step::damaged;
      CHECK((damaged ? framer.damaged().offset : framer.offset()) == at);
      at += damaged ? framer.damaged().bytes : framer.size();
    }
  };
  for (std::size_t begin = 0; begin < bytes.size(); begin += piece) {
    framer.push(bytes.subspan(begin, std::min(piece, bytes.size() - begin)));
    drain();
  }
  framer.finish();
  drain();
  CHECK(at == bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data + 1, size - 1);  // the first byte says in which pieces it comes
  const std::size_t piece = data[0] == 0 ? bytes.size() + 1 : data[0];
  check_framing(bytes, piece);

  std::string records, lines;
  BmpJson json;
  BmpStream stream(
      {.name = "fuzz",
       .record =
           [&](Bytes record) {
             records.append(reinterpret_cast<const char*>(record.data()), record.size());
           },
       .damage = [](DamagedPart) {},
       .message =
           [&](const std::string& name, const BmpMessage& message, const Stamp& arrival) {
             lines.clear();
             json.write(name, message, arrival, lines);
             CHECK(lines.empty() || lines.back() == '\n');
           }});
  stream.set_earliest(earliest_of(bytes));
  stream.push(bytes, {});
  stream.end({});

  // What we write, we read.
  MemorySource source(records);
  mrt::RecordReader reader(source);
  std::uint64_t count = 0;
  for (auto step = reader.next(); step != mrt::RecordReader::Step::end; step = reader.next()) {
    CHECK(step == mrt::RecordReader::Step::record);
    ++count;
  }
  CHECK(count == stream.records());
  return 0;
}
