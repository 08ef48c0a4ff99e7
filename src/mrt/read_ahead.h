// ReadAhead reads sources before they are asked for, on threads of its own.
//
// Decompression is most of the work on an archive, and one stream cannot be shared out; several
// can. Streams that were added earlier are read first; each keeps at most kPieces pieces that
// nobody has taken yet, so memory is bounded by the number of streams. What comes out of a stream
// is what its source would have given, an Error included.
//
//   ReadAhead ahead(2);
//   std::unique_ptr<ByteSource> a = ahead.add(open_a), b = ahead.add(open_b);
//   a->read(...)   // while this goes on, b is being read
//
// The streams must be gone before the ReadAhead is. A stream that is dropped early is not read on.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/byte_source.h"

namespace lightsout::mrt {

class ReadAhead {
 public:
  static constexpr std::size_t kPieceBytes = 256u << 10;
  static constexpr std::size_t kPieces = 16;  // 4 MiB a stream
  static constexpr unsigned kMaxThreads = 64;

  using Open = std::function<Result<std::unique_ptr<ByteSource>>()>;

  explicit ReadAhead(unsigned threads);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  std::unique_ptr<ByteSource> add(Open open);

 private:
  using Piece = std::vector<std::uint8_t>;
  struct Stream {
    Open open;
    std::unique_ptr<ByteSource> source;
    std::deque<Piece> pieces;
    std::optional<Error> error;
    bool ended = false;
    bool busy = false;  // a thread is reading it
    bool dropped = false;
  };
  class Source;

  void work();
  std::list<Stream>::iterator next_stream();
  static void read_piece(Stream& stream, Piece& piece, std::optional<Error>& error, bool& ended);

  std::mutex mutex_;
  std::condition_variable wanted_;  // for the threads: there may be something to read
  std::condition_variable read_;    // for the streams: there may be something to take
  std::list<Stream> streams_;
  bool stop_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace lightsout::mrt
