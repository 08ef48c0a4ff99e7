// Archives for tests: the bytes of a .gz, .bz2 or plain file, decompressed by the system's own
// tools, because only a main may include io/.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>

#include "core/check.h"

namespace lightsout::mrt {

inline std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  CHECK(pipe != nullptr);
  std::string bytes;
  char chunk[65536];
  while (const std::size_t count = fread(chunk, 1, sizeof chunk, pipe)) bytes.append(chunk, count);
  pclose(pipe);
  return bytes;
}

// A stream that was cut short gives what can be read of it.
inline std::string archive_bytes(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  const std::string tool = extension == ".gz"    ? "gzip -dc"
                           : extension == ".bz2" ? "bzip2 -dc"
                                                 : "cat";
  return output_of(tool + " '" + path.string() + "' 2>/dev/null");
}

}  // namespace lightsout::mrt
