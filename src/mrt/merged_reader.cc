// SPDX-License-Identifier: Apache-2.0
#include "mrt/merged_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace lightsout::mrt {

MergedReader::MergedReader(std::vector<Archive> archives, Damage& damage)
    : archives_(std::move(archives)), damage_(damage), files_(archives_.size()) {
  for (std::size_t number = 0; number < files_.size(); ++number) look_at(number);
}

const Record& MergedReader::record() const {
  return files_[file_].reader->record();
}

// When does the file begin, and with what? It is read again when it is due.
void MergedReader::look_at(std::size_t number) {
  File& file = files_[number];
  Result<std::unique_ptr<ByteSource>> source = archives_[number].open();
  if (!source) {
    damage_.add({.file = archives_[number].name, .reason = source.error().message});
    file.ended = true;
    return;
  }
  RecordReader reader(**source);
  RecordReader::Step step = reader.next();
  while (step == RecordReader::Step::damaged) step = reader.next();
  if (step == RecordReader::Step::end) {
    damage_.add({.file = archives_[number].name, .reason = "no MRT record in it"});
    file.ended = true;
    return;
  }
  file.due = reader.record().time;
  file.table = reader.record().type == kTableDump2 || reader.record().type == kTableDump;
}

bool MergedReader::open(std::size_t number) {
  File& file = files_[number];
  if (file.open) return true;
  if (open_count_ >= kMaxOpen) {
    damage_.add({.file = archives_[number].name,
                 .reason = fmt::format("more than {} files overlap in time", kMaxOpen)});
    file.ended = true;
    file.cut = true;
    return false;
  }
  Result<std::unique_ptr<ByteSource>> source = archives_[number].open();
  if (!source) {
    damage_.add({.file = archives_[number].name, .reason = source.error().message});
    file.ended = true;
    return false;
  }
  file.source = std::move(*source);
  file.reader = std::make_unique<RecordReader>(*file.source);
  file.open = true;
  ++open_count_;
  return advance(number);
}

bool MergedReader::advance(std::size_t number) {
  File& file = files_[number];
  while (true) {
    const RecordReader::Step step = file.reader->next();
    if (step == RecordReader::Step::end) {
      file.ended = true;
      return false;
    }
    file.cut = step == RecordReader::Step::damaged;
    file.damaged = file.damaged || file.cut;
    if (step == RecordReader::Step::damaged) {
      DamagedPart part = file.reader->damaged();
      part.file = archives_[number].name;
      damage_.add(std::move(part));
      continue;
    }
    const Record& record = file.reader->record();
    const bool jumps =
        file.last && (record.time > *file.last + kMaxJump || record.time + kMaxJump < *file.last);
    if (jumps && ++file.jumps < kJumpsBelieved) {
      damage_.add(
          {.file = archives_[number].name,
           .offset = record.offset,
           .bytes = record.body.size() + 12,
           .reason = fmt::format("the clock of the record jumps to {}", format_time(record.time))});
      continue;
    }
    file.jumps = 0;
    file.last = record.time;
    file.due = std::max(file.due, record.time);
    return true;
  }
}

std::optional<std::size_t> MergedReader::earliest() const {
  std::optional<std::size_t> best;
  const auto key = [&](std::size_t number) {
    return std::tuple(files_[number].due, !files_[number].table, number);
  };
  for (std::size_t number = 0; number < files_.size(); ++number) {
    if (files_[number].ended) continue;
    if (!best || key(number) < key(*best)) best = number;
  }
  return best;
}

MergedReader::Step MergedReader::close(std::size_t number) {
  File& file = files_[number];
  file_ = number;
  cut_ = file.cut;
  damaged_ = file.damaged;
  file.reader.reset();
  file.source.reset();
  --open_count_;
  return Step::file_end;
}

MergedReader::Step MergedReader::next() {
  if (must_advance_) {
    must_advance_ = false;
    if (!advance(file_)) {
      return close(file_);
    }
  }
  while (const std::optional<std::size_t> number = earliest()) {
    if (!files_[*number].open) {
      const bool opened = open(*number);
      // Its true first record may be later than the one that was seen at first.
      if (opened || !files_[*number].open) continue;
      return close(*number);
    }
    file_ = *number;
    time_ = std::max(time_, files_[*number].due);
    must_advance_ = true;
    return Step::record;
  }
  return Step::end;
}

}  // namespace lightsout::mrt
