// RecordArchive keeps records as MRT files, one for each collector and five minutes, as RIS and
// RouteViews publish them; whatever reads MRT reads them later.
//
//   RecordArchive archive("feeds", [&](const std::string& path, std::string_view bytes) {...});
//   archive.add("192.0.2.1", record);       // feeds/192.0.2.1/updates.20220105.103000.mrt
//   archive.tick(now);                      // writes what is complete
//   archive.finish();
//
// A file bears the time of its first record. It is written whole when its five minutes are over, so
// that nobody reads half of one; a crash costs at most what came in them. Memory: kMaxBytes; beyond
// that the fullest collector is written before its time.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/byte_reader.h"
#include "core/result.h"
#include "core/time.h"

namespace lightsout::live {

class RecordArchive {
 public:
  static constexpr Seconds kFileLength{300};
  static constexpr Seconds kGrace{30};  // records of the last five minutes still arrive
  static constexpr std::size_t kMaxBytes = 64u << 20;
  static constexpr std::size_t kMaxCollectors = 1024;

  using Write = std::function<Status(const std::string& path, std::string_view bytes)>;

  RecordArchive(std::string folder, Write write)
      : folder_(std::move(folder)), write_(std::move(write)) {}

  // One whole MRT record. An Error when a file could not be written; its records are then lost.
  Status add(const std::string& collector, Bytes record);
  Status tick(Time now);
  Status finish();

  std::uint64_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct File {
    Time first;
    std::string records;
    std::string last_name;  // of the file before
    int same_name = 0;
  };

  Status write(const std::string& collector, File& file);

  std::string folder_;
  Write write_;
  std::map<std::string, File> open_;
  std::size_t held_ = 0;
  std::uint64_t files_ = 0, bytes_ = 0;
};

// A name that is safe as one part of a path: what is not a letter, digit, '.', '-' or '_' becomes
// '-', and no name begins with a dot.
std::string folder_name(std::string_view collector);

}  // namespace lightsout::live
