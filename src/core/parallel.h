// parallel_map: the same function over every item, on as many threads as there are cores.
//
// Results stand in the order of the items, whatever thread made them, so the answer is the same
// with 1 or 8 threads. The function must not touch anything shared.
//
//   const std::vector<Detection> found = parallel_map(series, [](const Series& s) { return
//   detect(s); });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace lightsout {

// threads = 0: one per core.
template <typename Item, typename Function>
auto parallel_map(const std::vector<Item>& items, Function function, unsigned threads = 0) {
  using Value = decltype(function(items.front()));
  std::vector<std::optional<Value>> slots(items.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < items.size(); i = next++) slots[i].emplace(function(items[i]));
  };

  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t helpers = std::min<std::size_t>(threads, items.size());
  {
    std::vector<std::jthread> pool;
    for (std::size_t i = 1; i < helpers; ++i) pool.emplace_back(work);
    work();
  }

  std::vector<Value> values;
  values.reserve(items.size());
  for (std::optional<Value>& slot : slots) values.push_back(std::move(*slot));
  return values;
}

}  // namespace lightsout
