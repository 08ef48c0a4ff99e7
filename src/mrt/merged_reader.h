// MergedReader reads many MRT files as one stream in the order of time.
//
// Names say nothing: a table and the updates after it are found by the times in their records. A
// file is opened when its first record is due and closed at its end, so that a month of files needs
// no more memory than the few that overlap. At equal times a file that begins with a routing table
// goes first: the table is the state that the updates change.
//
// A record whose clock is more than kMaxJump away from the ones before it is damage, unless
// kJumpsBelieved in a row agree; without this, one flipped bit would make a series of 80 years.
// With Clocks::taken_as_they_are it is given out, at the place where it stands in its file.
//
// With several threads the files that are open and the next kAhead are read and decompressed ahead
// of their time (read_ahead.h); what comes out, and in which order, is the same.
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
#include "mrt/read_ahead.h"
#include "mrt/record_reader.h"

namespace lightsout::mrt {

struct Archive {
  std::string name;
  std::function<Result<std::unique_ptr<ByteSource>>()> open;  // called twice, on any thread
};

class MergedReader {
 public:
  static constexpr Seconds kMaxJump{86'400};
  static constexpr int kJumpsBelieved = 3;
  static constexpr std::size_t kMaxOpen = 64;  // files that overlap in time
  static constexpr std::size_t kAhead = 4;     // files beyond those, with several threads

  enum class Step { record, file_end, end };
  enum class Clocks { jumps_are_damage, taken_as_they_are };
  struct Options {
    Clocks clocks = Clocks::jumps_are_damage;
    unsigned threads = 1;
  };

  MergedReader(std::vector<Archive> archives, Damage& damage)
      : MergedReader(std::move(archives), damage, Options{}) {}
  MergedReader(std::vector<Archive> archives, Damage& damage, Options options);

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
    bool cut = false;
    bool damaged = false;
    std::optional<Time> last;
    int jumps = 0;
  };
  // Which file goes first.
  struct Key {
    Time due;
    bool updates;
    std::size_t number;
    auto operator<=>(const Key&) const = default;
  };
  Key key(std::size_t number) const { return {files_[number].due, !files_[number].table, number}; }

  // When a file begins and with what, or why it cannot be read.
  struct Look {
    Time begin;
    bool table = false;
    std::optional<DamagedPart> broken;
  };
  static Look look_at(const Archive& archive);

  void open(std::size_t number);
  void read_ahead();
  bool advance(std::size_t number);  // to its next record; false at its end
  Step close(std::size_t number);
  void choose();

  std::vector<Archive> archives_;
  Damage& damage_;
  Options options_;
  std::unique_ptr<ReadAhead> ahead_;  // before the files: it outlives their sources
  std::vector<File> files_;
  std::vector<std::size_t> waiting_;  // in the order of their turn
  std::size_t opened_ = 0;            // so many of them
  std::size_t ahead_count_ = 0;       // so many are read ahead, opened_ included
  std::vector<std::size_t> open_;
  std::size_t file_ = 0;
  std::optional<Key> runner_up_;  // while file_ is before it, file_ goes on
  bool must_advance_ = false;     // the record of file_ was given out
  Time time_;
  bool cut_ = false, damaged_ = false;
};

}  // namespace lightsout::mrt
