// Any bytes through the gzip reader: no crash, no endless loop, bounded output.
//
// SPDX-License-Identifier: Apache-2.0
#include "compress/fuzz_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lightsout::fuzz_codec({data, size}, lightsout::gzip_codec);
  return 0;
}
