// AnswerCache: answers that lie ready, by what was asked and in which language, each made once.
//
// An answer is good until its time is up or the data changes (its generation), whichever comes
// first. When several ask for the same new one, the first makes it and the others wait for it. What
// was not asked for longest goes first when the cache is full. Each answer has a strong ETag from
// its bytes, one for each encoding (RFC 9110 section 8.8.3): a key names the encoding, too.
//
//   auto answer = cache.find(key, generation, now);               // never waits
//   if (!answer) answer = cache.find_or_make(key, generation, now, [&] { return made; });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/time.h"

namespace lightsout {

inline constexpr std::size_t kMaxCacheBytes = 64 << 20;   // bodies, heads and keys
inline constexpr std::size_t kMaxCachedAnswer = 4 << 20;  // a longer one is made anew each time

// One answer in one encoding, ready to be sent.
struct ReadyAnswer {
  int status = 200;
  std::string_view route;                        // static text
  std::string etag;                              // with its quotation marks
  std::shared_ptr<const std::string> head;       // lines with CRLF
  std::shared_ptr<const std::string> unchanged;  // those of a 304
  std::shared_ptr<const std::string> body;
  Seconds keep{0};  // 0: not kept
};

struct CacheCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t evicted = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

class AnswerCache {
 public:
  using Make = std::function<std::shared_ptr<const ReadyAnswer>()>;

  explicit AnswerCache(std::size_t max_bytes = kMaxCacheBytes)
      : shard_bytes_(max_bytes / kShards) {}

  std::shared_ptr<const ReadyAnswer> find(const std::string& key, std::uint64_t generation,
                                          Time now);
  std::shared_ptr<const ReadyAnswer> find_or_make(const std::string& key, std::uint64_t generation,
                                                  Time now, const Make& make);
  CacheCounters counters() const;

 private:
  static constexpr std::size_t kShards = 8;  // so that threads rarely wait for each other

  struct Entry {
    std::string key;
    std::uint64_t generation = 0;
    Time until;
    std::size_t bytes = 0;
    std::shared_ptr<const ReadyAnswer> answer;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::condition_variable made;
    std::list<Entry> entries;  // the one asked for last in front
    std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key;
    std::set<std::string> in_work;
    CacheCounters counters;
  };

  Shard& shard_of(const std::string& key) {
    return shards_[std::hash<std::string>{}(key) % kShards];
  }
  std::shared_ptr<const ReadyAnswer> look(Shard& shard, const std::string& key,
                                          std::uint64_t generation, Time now);
  void keep(Shard& shard, const std::string& key, std::uint64_t generation, Time now,
            const std::shared_ptr<const ReadyAnswer>& answer);
  void drop(Shard& shard, std::list<Entry>::iterator entry);

  std::size_t shard_bytes_;
  std::array<Shard, kShards> shards_;
};

// Does If-None-Match name this tag, or any ("*")? Compared weakly, as RFC 9110 section 13.1.2 asks.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace lightsout
