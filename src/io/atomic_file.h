// Writing files so that nobody ever sees half of one.
//
// The bytes go to a temporary file beside the target, are synced, and take the target's name in one
// step; a crash or a full disk leaves the old file as it was. What a crash may leave behind is a
// hidden ".NAME.part-XXXXXX", which no reader takes for an input.
//
//   Status written = write_file("report/index.html", html);
//
// A sync takes some milliseconds, which thousands of small files cannot have each: they are written
// with Durability::later, and one sync_below() of their folder stands for all.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/byte_reader.h"
#include "core/result.h"

namespace lightsout {

// When a file is safe from a power cut: as soon as it is written, or after the next sync_below().
// What dies is a process: then both are.
enum class Durability { now, later };

// For output that is too large to hold: write() as often as needed, then commit(). Without commit()
// the target stays untouched and the temporary file is removed.
class AtomicFile {
 public:
  static Result<AtomicFile> create(const std::string& path);
  ~AtomicFile();
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;

  Status write(Bytes bytes);
  Status commit(Durability durability = Durability::now);

 private:
  AtomicFile(std::string path, std::string temporary, int fd)
      : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}
  void discard();
  Error failed(std::string_view what) const;

  std::string path_;
  std::string temporary_;
  int fd_ = -1;
};

// Replaces `path`; "-" writes to standard output instead.
Status write_file(const std::string& path, std::string_view bytes,
                  Durability durability = Durability::now);

// Makes everything safe that was written to the file system of this folder.
Status sync_below(const std::string& folder);

// The folder and those above it; fine when it is there already.
Status make_folder(const std::string& path);

}  // namespace lightsout
