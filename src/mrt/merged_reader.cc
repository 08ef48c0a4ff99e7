// SPDX-License-Identifier: Apache-2.0
#include "mrt/merged_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/parallel.h"

namespace lightsout::mrt {

MergedReader::MergedReader(std::vector<Archive> archives, Damage& damage, Options options)
    : archives_(std::move(archives)), damage_(damage), options_(options), files_(archives_.size()) {
  const std::vector<Look> looks = parallel_map(archives_, look_at, options_.threads);
  for (std::size_t number = 0; number < files_.size(); ++number) {
    const Look& look = looks[number];
    if (look.broken) {
      damage_.add(*look.broken);
      continue;
    }
    files_[number].due = look.begin;
    files_[number].table = look.table;
    waiting_.push_back(number);
  }
  std::sort(waiting_.begin(), waiting_.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  if (options_.threads > 1) ahead_ = std::make_unique<ReadAhead>(options_.threads);
}

const Record& MergedReader::record() const {
  return files_[file_].reader->record();
}

// It is read again when it is due.
MergedReader::Look MergedReader::look_at(const Archive& archive) {
  Look look;
  Result<std::unique_ptr<ByteSource>> source = archive.open();
  if (!source) {
    look.broken = DamagedPart{.file = archive.name, .reason = source.error().message};
    return look;
  }
  RecordReader reader(**source);
  RecordReader::Step step = reader.next();
  while (step == RecordReader::Step::damaged) step = reader.next();
  if (step == RecordReader::Step::end) {
    look.broken = DamagedPart{.file = archive.name, .reason = "no MRT record in it"};
    return look;
  }
  look.begin = reader.record().time;
  look.table = reader.record().type == kTableDump2 || reader.record().is_old_rib();
  return look;
}

void MergedReader::read_ahead() {
  if (ahead_ == nullptr) return;
  const std::size_t wanted = std::min(waiting_.size(), opened_ + kAhead);
  for (; ahead_count_ < wanted; ++ahead_count_) {
    const std::size_t number = waiting_[ahead_count_];
    files_[number].source = ahead_->add(archives_[number].open);
  }
}

void MergedReader::open(std::size_t number) {
  ++opened_;
  read_ahead();
  File& file = files_[number];
  if (open_.size() >= kMaxOpen) {
    damage_.add({.file = archives_[number].name,
                 .reason = fmt::format("more than {} files overlap in time", kMaxOpen)});
    file.source.reset();
    return;
  }
  if (file.source == nullptr) {
    Result<std::unique_ptr<ByteSource>> source = archives_[number].open();
    if (!source) {
      damage_.add({.file = archives_[number].name, .reason = source.error().message});
      return;
    }
    file.source = std::move(*source);
  }
  file.reader = std::make_unique<RecordReader>(*file.source);
  open_.push_back(number);
}

bool MergedReader::advance(std::size_t number) {
  File& file = files_[number];
  while (true) {
    const RecordReader::Step step = file.reader->next();
    if (step == RecordReader::Step::end) return false;
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
      if (options_.clocks == Clocks::taken_as_they_are) return true;
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

MergedReader::Step MergedReader::close(std::size_t number) {
  File& file = files_[number];
  file_ = number;
  cut_ = file.cut;
  damaged_ = file.damaged;
  file.reader.reset();
  file.source.reset();
  std::erase(open_, number);
  runner_up_.reset();
  return Step::file_end;
}

// The file whose record is due, among those that are open; and who comes after it.
void MergedReader::choose() {
  file_ = open_.front();
  runner_up_.reset();
  for (std::size_t i = 1; i < open_.size(); ++i) {
    std::size_t other = open_[i];
    if (key(other) < key(file_)) std::swap(other, file_);
    if (!runner_up_ || key(other) < *runner_up_) runner_up_ = key(other);
  }
  if (opened_ < waiting_.size()) {
    const Key waiting = key(waiting_[opened_]);
    if (!runner_up_ || waiting < *runner_up_) runner_up_ = waiting;
  }
}

MergedReader::Step MergedReader::next() {
  if (must_advance_) {
    must_advance_ = false;
    if (!advance(file_)) return close(file_);
  }
  while (true) {
    if (!open_.empty() && (!runner_up_ || !(key(file_) < *runner_up_))) choose();
    if (!open_.empty() && (!runner_up_ || key(file_) < *runner_up_)) {
      time_ = std::max(time_, files_[file_].due);
      must_advance_ = true;
      return Step::record;
    }
    if (opened_ == waiting_.size()) return Step::end;
    const std::size_t number = waiting_[opened_];
    open(number);
    // Its true first record may be later than the one that was seen at first.
    if (files_[number].reader != nullptr && !advance(number)) return close(number);
    runner_up_.reset();
  }
}

}  // namespace lightsout::mrt
