// DumpChunks makes text of records on several threads and hands it on in the order of the records.
//
// Records are copied into chunks of kChunkBytes; a chunk is made text by whichever thread is free,
// the caller's included, and the sink gets the chunks in order on the caller's thread. At most two
// chunks a thread and one are alive, so memory is bounded by the threads and not by the input. With
// one thread nothing is copied and no thread is started.
//
//   DumpChunks chunks(options, sink);
//   chunks.add(record, peers, file_name);   // for each record; false: the sink wants no more
//   chunks.finish(damage, totals);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "mrt/dump_record.h"

namespace lightsout::mrt {

class DumpChunks {
 public:
  static constexpr std::size_t kChunkBytes = 256u << 10;  // of records
  static constexpr std::size_t kPieceBytes = 384u << 10;  // of text, with one thread
  static constexpr unsigned kMaxThreads = 64;

  DumpChunks(const DumpOptions& options, const TextSink& sink);
  ~DumpChunks();

  // `file` must live until finish().
  bool add(const Record& record, const std::shared_ptr<const PeerSet>& peers,
           const std::string& file);
  void finish(Damage& damage, DumpTotals& totals);

 private:
  struct Item {
    Record record;
    std::size_t begin;  // of its body, in the chunk
    std::size_t size;
    const PeerSet* peers;
    const std::string* file;
  };
  struct Chunk {
    std::vector<std::uint8_t> bytes;
    std::vector<Item> items;
    std::vector<std::shared_ptr<const PeerSet>> kept;  // that the items point to
    Slab text;
    Damage damage;
    std::map<std::string, std::uint64_t> unsupported;
    std::uint64_t lines = 0;
    bool done = false;
  };

  void one(RecordText& text, const Record& record, const PeerSet* peers, const std::string& file,
           Damage& damage, std::map<std::string, std::uint64_t>& unsupported) const;
  void make_text(RecordText& text, Chunk& chunk) const;
  void publish();             // the chunk that is being filled
  bool emit_next(bool wait);  // false when there is none, or none that is done
  void hand_on(std::string_view text);

  const TextSink& sink_;
  RecordText text_;  // of the caller's thread
  bool wanted_ = true;
  Damage damage_;
  std::map<std::string, std::uint64_t> unsupported_;
  std::uint64_t lines_ = 0;

  std::vector<Chunk> chunks_;  // a ring; chunk number n lies at n % size
  std::size_t head_ = 0;       // being filled by the caller
  std::size_t tail_ = 0;       // the next for the sink
  std::mutex mutex_;
  std::condition_variable ready_, done_;
  std::size_t next_ = 0;  // the next to be made text; tail_ <= next_ <= published_
  std::size_t published_ = 0;
  bool stop_ = false;
  std::deque<RecordText> helper_texts_;
  std::vector<std::jthread> helpers_;
};

}  // namespace lightsout::mrt
