// Damage: what could not be read, counted and named, never skipped in silence.
//
// A reader that meets a damaged record notes it here and goes on at the next boundary. The counts
// travel with the series as part of its coverage; the program ends with exit code 4.
//
//   damage.add({.file = "updates.gz", .offset = 4711, .bytes = 88, .reason = "record cut short"});
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lightsout {

struct DamagedPart {
  std::string file;
  std::uint64_t offset = 0;  // of the first damaged byte, in the decompressed bytes
  std::uint64_t bytes = 0;   // how many were passed over; 0 when not known
  std::string reason;        // "record cut short", "line 17: 'abc' is not a number"
};

class Damage {
 public:
  static constexpr std::size_t kKept = 100;  // parts kept word for word; the rest is counted

  void add(DamagedPart part);
  void merge(const Damage& other);

  bool empty() const { return count_ == 0; }
  std::uint64_t count() const { return count_; }
  std::uint64_t bytes() const { return bytes_; }
  const std::vector<DamagedPart>& parts() const { return parts_; }

 private:
  std::uint64_t count_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<DamagedPart> parts_;
};

}  // namespace lightsout
