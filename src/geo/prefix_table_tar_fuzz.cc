// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "core/check.h"
#include "geo/prefix_table_tar.h"

// Members never hold more bytes than the archive. Checksums are made right, or no input gets far.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  std::string archive(reinterpret_cast<const char*>(data), size);
  for (std::size_t at = 0; at + 512 <= archive.size(); at += 512) {
    if (archive[at] == 0 || (archive[at] & 1) == 0) continue;
    archive.replace(at + 148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = 0; i < 512; ++i) sum += static_cast<std::uint8_t>(archive[at + i]);
    for (int i = 5; i >= 0; --i, sum >>= 3) {
      archive[at + 148 + static_cast<std::size_t>(i)] = static_cast<char>('0' + (sum & 7));
    }
    archive[at + 154] = 0;
  }
  MemorySource source{std::string_view(archive)};
  TarReader tar(source);
  std::size_t total = 0;
  while (true) {
    const auto member = tar.next();
    if (!member || !*member) break;
    std::array<std::uint8_t, 100> chunk;
    while (true) {
      const auto got = tar.read(chunk);
      if (!got || *got == 0) break;
      total += *got;
    }
  }
  CHECK(total <= size);
  return 0;
}
