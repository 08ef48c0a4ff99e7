// MergedReader reads many MRT files as one stream in the order of time.
//
// Names say nothing: a table and the updates after it are found by the times in their records. A
// file is opened when its first record is due and closed at its end, so that a month of files needs
// no more memory than the few that overlap. At equal times a file that begins with a routing table
// goes first: the table is the state that the updates change.
//
// A record whose clock is more than kMaxJump away from the ones before it is damage, unless
// kJumpsBelieved in a row agree; without this, one flipped bit would make a series of 80 years.
//
//   MergedReader reader(archives, damage);
//   while (true) {
//     switch (reader.next()) {
//       case MergedReader::Step::record: use(reader.file(), reader.record()); break;
//       case MergedReader::Step::file_end: ...  break;   // reader.cut()
//       case MergedReader::Step::end: return;
//     }
//   }
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"
#include "mrt/record_reader.h"

namespace lightsout::mrt {

struct Archive {
  std::string name;
  std::function<Result<std::unique_ptr<ByteSource>>()> open;  // called twice
};

class MergedReader {
 public:
  static constexpr Seconds kMaxJump{86'400};
  static constexpr int kJumpsBelieved = 3;
  static constexpr std::size_t kMaxOpen = 64;  // files that overlap in time

  enum class Step { record, file_end, end };

  MergedReader(std::vector<Archive> archives, Damage& damage);

  Step next();
  std::size_t file() const { return file_; }  // of the last step
  const Record& record() const;
  // The time of the stream: it never runs backwards, while a record's own time may by seconds.
  Time time() const { return time_; }
  // After file_end: whether its end was there, and whether anything in it was damaged.
  bool cut() const { return cut_; }
  bool damaged() const { return damaged_; }

 private:
  struct File {
    std::unique_ptr<ByteSource> source;
    std::unique_ptr<RecordReader> reader;
    Time due;            // of its next record
    bool table = false;  // begins with a routing table
    bool open = false;
    bool ended = false;
    bool cut = false;
    bool damaged = false;
    std::optional<Time> last;
    int jumps = 0;
  };

  void look_at(std::size_t number);
  bool open(std::size_t number);
  bool advance(std::size_t number);  // to its next good record; false at its end
  Step close(std::size_t number);
  std::optional<std::size_t> earliest() const;

  std::vector<Archive> archives_;
  Damage& damage_;
  std::vector<File> files_;
  std::size_t file_ = 0;
  std::size_t open_count_ = 0;
  bool must_advance_ = false;  // the record of file_ was given out
  Time time_;
  bool cut_ = false, damaged_ = false;
};

}  // namespace lightsout::mrt
