// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "live/capture.h"

using namespace lightsout;
using namespace lightsout::live;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes(data + 1, size - 1);
  const std::size_t piece = data[0] == 0 ? bytes.size() + 1 : data[0];
  Capture capture(
      {.name = "fuzz", .record = [](Bytes) {}, .damage = [](DamagedPart) {}, .message = {}});
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    capture.push(bytes.subspan(at, std::min(piece, bytes.size() - at)));
  }
  capture.finish();
  return 0;
}
