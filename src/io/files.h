// Files as inputs: a path, a folder or "-", as Inputs that sources read (source/source.h).
//
// A folder stands for every regular file below it, sorted by path, links followed but never in a
// circle. What is left out (hidden files, unreadable ones, sockets) is named in `notes`: nothing is
// skipped in silence. Standard input and pipes are first copied to a nameless temporary file,
// because a source may read an input twice.
//
// Each input is hashed as it lies on disk, compressed or not; open() gives the plain bytes
// (decompress.h) and refuses a file that changed since it was hashed, because then the hash in the
// report would be wrong.
//
//   Result<OpenedInputs> opened = open_inputs({"measurements/", "-"}, clock);
//   read_inputs(opened->inputs, options);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compress/decompress.h"
#include "core/byte_source.h"
#include "core/clock.h"
#include "source/source.h"

namespace lightsout {

struct FileLimits {
  std::size_t files = 100'000;                             // in one run, over all folders
  int depth = 40;                                          // folders inside folders
  std::uint64_t spool_bytes = 16ull * 1024 * 1024 * 1024;  // what may come through a pipe
  std::string spool_folder = "/tmp";                       // main passes $TMPDIR
  DecompressLimits decompress;
};

struct OpenedInputs {
  std::vector<Input> inputs;       // in the order of the paths; within a folder sorted by path
  std::vector<std::string> notes;  // one sentence for each file that was left out
};

// Fails when a path that was named does not exist or cannot be read, or at a limit.
Result<OpenedInputs> open_inputs(std::span<const std::string> paths, Clock& clock,
                                 const FileLimits& limits = {});

// The bytes of one file as they lie.
Result<std::unique_ptr<ByteSource>> open_file(const std::string& path);

// A small file whole: configuration, a template. More than `limit` bytes is an Error.
Result<std::string> read_file(const std::string& path, std::size_t limit);

// The regular files directly in a folder, name and content, by name; each at most `limit` bytes.
Result<std::vector<std::pair<std::string, std::string>>> read_folder(const std::string& path,
                                                                     std::size_t limit);

}  // namespace lightsout
