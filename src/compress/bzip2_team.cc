// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_team.h"

#include <algorithm>
#include <system_error>

#include "compress/bzip2_crc.h"
#include "core/check.h"

namespace lightsout {
namespace {

constexpr std::size_t kScratch = 64 * 1024;

}  // namespace

void Bzip2Task::set_bits(Bytes bytes, std::uint64_t from, std::uint64_t to) {
  const std::uint64_t first_byte = from / 8;
  const Bytes part = bytes.subspan(first_byte, (to + 7) / 8 - first_byte);
  input.assign(part.begin(), part.end());
  input.resize(part.size() + kBitPadding);
  first_bit = from % 8;
  last_bit = to - first_byte * 8;
  state = State::waiting;
}

// Decodes, unpacks and checks. A block that is not `whole` afterwards has no text.
void Bzip2Task::run(Bzip2BlockDecoder& decoder) {
  packed.resize(kBzip2BlockBytes);
  text.resize(kBzip2KeptText);
  text_size = 0;
  block = decoder.decode(bits(), packed);
  if (block.state != Bzip2Block::State::whole) return;

  rest = RunReader(Bytes(packed).first(block.size));
  text_size = rest.read(text);
  std::uint32_t crc = bzip2_crc(0, Bytes(text).first(text_size));
  RunReader beyond = rest;
  std::vector<std::uint8_t> scratch(beyond.finished() ? 0 : kScratch);
  while (const std::size_t count = beyond.read(scratch)) {
    crc = bzip2_crc(crc, Bytes(scratch).first(count));
  }
  if (beyond.damaged()) {
    block.reason = "a run without its length";
  } else if (crc != block.crc) {
    block.reason = "the checksum of the block does not match";
  } else {
    return;
  }
  block.state = Bzip2Block::State::damaged;
  text_size = 0;
}

Bzip2Team::~Bzip2Team() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  for_members_.notify_all();
  threads_.clear();  // joins them before the tasks go
}

void Bzip2Team::add(std::unique_ptr<Bzip2Task> task) {
  bool start = false;
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    // The first task is the caller's own.
    start = tasks_.size() > 1 && idle_ == 0;
  }
  if (start && threads_.size() + 1 < members_ && threads_.size() < most_threads_) {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      most_threads_ = static_cast<unsigned>(threads_.size());
    }
  }
  for_members_.notify_one();
}

Bzip2Task* Bzip2Team::next_waiting() {
  const auto found = std::find_if(tasks_.begin(), tasks_.end(), [](const auto& task) {
    return task->state == Bzip2Task::State::waiting;
  });
  if (found == tasks_.end()) return nullptr;
  (*found)->state = Bzip2Task::State::running;
  return found->get();
}

void Bzip2Team::work() {
  Bzip2BlockDecoder decoder;
  std::unique_lock lock(mutex_);
  while (true) {
    Bzip2Task* task = nullptr;
    ++idle_;
    for_members_.wait(lock, [&] { return over_ || (task = next_waiting()) != nullptr; });
    --idle_;
    if (over_) return;
    lock.unlock();
    task->run(decoder);
    lock.lock();
    task->state = Bzip2Task::State::done;
    for_caller_.notify_one();
  }
}

void Bzip2Team::run_alone(Bzip2Task& task) {
  if (!own_decoder_) own_decoder_ = std::make_unique<Bzip2BlockDecoder>();
  task.run(*own_decoder_);
}

std::unique_ptr<Bzip2Task> Bzip2Team::take_front() {
  std::unique_ptr<Bzip2Task> task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

std::unique_ptr<Bzip2Task> Bzip2Team::finish_front() {
  CHECK(!tasks_.empty());
  std::unique_lock lock(mutex_);
  while (tasks_.front()->state != Bzip2Task::State::done) {
    Bzip2Task* task = next_waiting();
    if (task == nullptr) {
      for_caller_.wait(lock);
      continue;
    }
    lock.unlock();
    run_alone(*task);
    lock.lock();
    task->state = Bzip2Task::State::done;
  }
  return take_front();
}

std::unique_ptr<Bzip2Task> Bzip2Team::drop_front() {
  CHECK(!tasks_.empty());
  std::unique_lock lock(mutex_);
  for_caller_.wait(lock, [&] { return tasks_.front()->state != Bzip2Task::State::running; });
  return take_front();
}

}  // namespace lightsout
