// Kept<Value>: what was costly to make, kept for those who ask again, within limits.
//
// A value belongs to a key and a stamp (the generation of the data that it was made from). Two who
// ask for the same wait for one that makes it; who asks with another stamp gets a new one and the
// old one is forgotten. A failure is not kept. Safe from any thread.
//
//   Kept<Report> pictures(64, 256 << 20);
//   Result<std::shared_ptr<const Report>> picture =
//       pictures.get(key, generation, [&] { return draw(...); });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "core/result.h"

namespace lightsout {

template <typename Value>
class Kept {
 public:
  using Made = Result<std::shared_ptr<const Value>>;
  using SizeOf = std::function<std::size_t(const Value&)>;  // bytes, roughly

  // A value that alone is larger than `most_bytes` is kept as well, alone.
  Kept(std::size_t most, std::size_t most_bytes, SizeOf size_of)
      : most_(most), most_bytes_(most_bytes), size_of_(std::move(size_of)) {}

  Made get(const std::string& key, std::uint64_t stamp, const std::function<Made()>& make) {
    std::unique_lock lock(mutex_);
    while (true) {
      const auto found = find(key, stamp);
      if (found == entries_.end()) break;
      if (found->value) {
        entries_.splice(entries_.begin(), entries_, found);
        return found->value;
      }
      done_.wait(lock);
    }
    forget(key);
    entries_.push_front({.key = key, .stamp = stamp, .value = nullptr, .bytes = 0});
    lock.unlock();
    Made made = make();
    const std::size_t bytes = made ? size_of_(**made) : 0;
    lock.lock();
    const auto mine = find(key, stamp);
    if (made) {
      mine->value = *made;
      mine->bytes = bytes;
      bytes_ += bytes;
      shrink();
    } else {
      entries_.erase(mine);
    }
    lock.unlock();
    done_.notify_all();
    return made;
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }
  std::size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    std::string key;
    std::uint64_t stamp = 0;
    std::shared_ptr<const Value> value;  // nullptr while it is made: somebody waits for it
    std::size_t bytes = 0;
  };
  using Place = typename std::list<Entry>::iterator;

  Place find(const std::string& key, std::uint64_t stamp) {
    return std::find_if(entries_.begin(), entries_.end(),
                        [&](const Entry& each) { return each.stamp == stamp && each.key == key; });
  }
  Place drop(Place place) {
    bytes_ -= place->bytes;
    return entries_.erase(place);
  }
  // The values of the key, whatever their stamp.
  void forget(const std::string& key) {
    for (auto each = entries_.begin(); each != entries_.end();) {
      each = each->value && each->key == key ? drop(each) : std::next(each);
    }
  }
  // The ones asked for longest ago go first; the newest stays.
  void shrink() {
    for (auto each = entries_.end(); each != entries_.begin();) {
      if (entries_.size() <= most_ && bytes_ <= most_bytes_) return;
      --each;
      if (each->value && each != entries_.begin()) each = drop(each);
    }
  }

  const std::size_t most_;
  const std::size_t most_bytes_;
  const SizeOf size_of_;
  mutable std::mutex mutex_;
  std::condition_variable done_;
  std::list<Entry> entries_;  // the one asked for last in front
  std::size_t bytes_ = 0;
};

}  // namespace lightsout
