// SPDX-License-Identifier: Apache-2.0
#include "serve/answer_cache.h"

namespace lightsout {

namespace {

std::size_t size_of(const std::shared_ptr<const std::string>& text) {
  return text ? text->size() : 0;
}

std::size_t bytes_of(const std::string& key, const ReadyAnswer& answer) {
  constexpr std::size_t kBesides = 512;  // the nodes, the tags, the pointers
  return kBesides + key.size() + size_of(answer.head) + size_of(answer.unchanged) +
         size_of(answer.body);
}

}  // namespace

std::shared_ptr<const ReadyAnswer> AnswerCache::find(const std::string& key,
                                                     std::uint64_t generation, Time now) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  auto answer = look(shard, key, generation, now);
  if (answer) ++shard.counters.hits;
  return answer;
}

std::shared_ptr<const ReadyAnswer> AnswerCache::find_or_make(const std::string& key,
                                                             std::uint64_t generation, Time now,
                                                             const Make& make) {
  Shard& shard = shard_of(key);
  std::unique_lock lock(shard.mutex);
  while (true) {
    if (auto answer = look(shard, key, generation, now)) {
      ++shard.counters.hits;
      return answer;
    }
    if (!shard.in_work.contains(key)) break;
    shard.made.wait(lock);
  }
  ++shard.counters.misses;
  shard.in_work.insert(key);
  // Also when make() throws: nobody may wait for ever.
  struct Done {
    Shard& shard;
    const std::string& key;
    std::unique_lock<std::mutex>& lock;
    ~Done() {
      if (!lock.owns_lock()) lock.lock();
      shard.in_work.erase(key);
      shard.made.notify_all();
    }
  } done{shard, key, lock};
  lock.unlock();
  std::shared_ptr<const ReadyAnswer> answer = make();
  lock.lock();
  if (answer->keep > Seconds(0)) keep(shard, key, generation, now, answer);
  return answer;
}

std::shared_ptr<const ReadyAnswer> AnswerCache::look(Shard& shard, const std::string& key,
                                                     std::uint64_t generation, Time now) {
  const auto found = shard.by_key.find(key);
  if (found == shard.by_key.end()) return nullptr;
  const auto entry = found->second;
  if (entry->generation != generation || now >= entry->until) {
    drop(shard, entry);
    return nullptr;
  }
  shard.entries.splice(shard.entries.begin(), shard.entries, entry);
  return entry->answer;
}

void AnswerCache::keep(Shard& shard, const std::string& key, std::uint64_t generation, Time now,
                       const std::shared_ptr<const ReadyAnswer>& answer) {
  const std::size_t bytes = bytes_of(key, *answer);
  if (bytes > kMaxCachedAnswer || bytes > shard_bytes_) return;
  const auto found = shard.by_key.find(key);
  if (found != shard.by_key.end()) drop(shard, found->second);
  shard.entries.push_front({.key = key,
                            .generation = generation,
                            .until = now + answer->keep,
                            .bytes = bytes,
                            .answer = answer});
  shard.by_key.emplace(shard.entries.front().key, shard.entries.begin());
  shard.counters.bytes += bytes;
  while (shard.counters.bytes > shard_bytes_) {
    drop(shard, std::prev(shard.entries.end()));
    ++shard.counters.evicted;
  }
}

void AnswerCache::drop(Shard& shard, std::list<Entry>::iterator entry) {
  shard.counters.bytes -= entry->bytes;
  shard.by_key.erase(entry->key);
  shard.entries.erase(entry);
}

CacheCounters AnswerCache::counters() const {
  CacheCounters sum;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    sum.hits += shard.counters.hits;
    sum.misses += shard.counters.misses;
    sum.evicted += shard.counters.evicted;
    sum.entries += shard.entries.size();
    sum.bytes += shard.counters.bytes;
  }
  return sum;
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const std::size_t comma = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view one = if_none_match.substr(0, comma);
    if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
    while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
    while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag) return true;
  }
  return false;
}

}  // namespace lightsout
