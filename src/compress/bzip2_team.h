// A team that decodes bzip2 blocks: the caller and some threads, in any order; handed out in order.
//
// The caller works too. finish_front() decodes whatever nobody has begun until the first block is
// done, so that a team of one makes no thread at all, two cores are busy with two, and a file of
// one block costs no thread either: they are started when there is something for them to do. Nobody
// waits but on a condition. What comes out does not depend on who decoded it.
//
//   Bzip2Team team(2);
//   team.add(std::move(task));
//   std::unique_ptr<Bzip2Task> first = team.finish_front();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "compress/bzip2_block.h"
#include "compress/bzip2_runs.h"

namespace lightsout {

// What of a block is kept with its runs unpacked: more than measurements need. The rest of a block
// that swells beyond is unpacked again when it is read, so that a bomb takes no memory.
constexpr std::size_t kBzip2KeptText = 2 * kBzip2BlockBytes;

// A block that may begin at bit `begin` of the file, its bits, and what became of them.
struct Bzip2Task {
  // Takes the bits from `from` to one before `to`, of `bytes`.
  void set_bits(Bytes bytes, std::uint64_t from, std::uint64_t to);
  void run(Bzip2BlockDecoder& decoder);
  Bits bits() const { return {input.data(), first_bit, last_bit}; }

  std::uint64_t begin = 0;
  std::vector<std::uint8_t> input;  // and kBitPadding zeros
  std::uint64_t first_bit = 0;      // in `input`
  std::uint64_t last_bit = 0;

  Bzip2Block block;
  std::vector<std::uint8_t> packed;  // the block with its runs packed
  std::vector<std::uint8_t> text;    // unpacked, as far as it is kept
  std::size_t text_size = 0;
  RunReader rest;  // what follows `text`

  enum class State { waiting, running, done };
  State state = State::waiting;  // guarded by the team
};

class Bzip2Team {
 public:
  explicit Bzip2Team(unsigned members) : members_(members) {}
  ~Bzip2Team();
  Bzip2Team(const Bzip2Team&) = delete;
  Bzip2Team& operator=(const Bzip2Team&) = delete;

  void add(std::unique_ptr<Bzip2Task> task);
  std::size_t size() const { return tasks_.size(); }
  const Bzip2Task& front() const { return *tasks_.front(); }  // only what it was made with
  std::unique_ptr<Bzip2Task> finish_front();                  // decoded
  std::unique_ptr<Bzip2Task> drop_front();                    // decoded or not

  void run_alone(Bzip2Task& task);  // by the caller, now

 private:
  void work();
  Bzip2Task* next_waiting();
  std::unique_ptr<Bzip2Task> take_front();

  const unsigned members_;  // with the caller
  std::unique_ptr<Bzip2BlockDecoder> own_decoder_;
  std::mutex mutex_;
  std::condition_variable for_members_;           // a task waits, or it is over
  std::condition_variable for_caller_;            // a task is done
  std::deque<std::unique_ptr<Bzip2Task>> tasks_;  // changed by the caller alone
  unsigned idle_ = 0;
  bool over_ = false;
  unsigned most_threads_ = ~0u;  // fewer when the system gives no more
  std::vector<std::jthread> threads_;
};

}  // namespace lightsout
