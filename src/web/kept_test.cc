// SPDX-License-Identifier: Apache-2.0
#include "web/kept.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace lightsout {
namespace {

using Texts = Kept<std::string>;

Texts::Made text(std::string value) {
  return std::make_shared<const std::string>(std::move(value));
}
std::size_t size_of(const std::string& value) {
  return value.size();
}

struct Counter {
  Texts& kept;
  int made = 0;
  std::string get(const std::string& key, std::uint64_t stamp = 1, std::size_t size = 1) {
    return **kept.get(key, stamp, [&] {
      ++made;
      return text(std::string(size, 'x'));
    });
  }
};

TEST(Kept, MakesAValueOnceForItsStamp) {
  Texts kept(4, 100, size_of);
  Counter counter{kept};
  counter.get("a");
  counter.get("a");
  EXPECT_EQ(counter.made, 1);
  counter.get("a", 2);
  EXPECT_EQ(counter.made, 2);
  EXPECT_EQ(kept.size(), 1u) << "the value of the earlier stamp is forgotten";
}

TEST(Kept, TheOneAskedForLongestAgoGoesFirst) {
  Texts kept(2, 100, size_of);
  Counter counter{kept};
  counter.get("a");
  counter.get("b");
  counter.get("a");
  EXPECT_EQ(counter.made, 2) << "at the limit both are there";
  counter.get("c");
  EXPECT_EQ(kept.size(), 2u);
  counter.get("a");
  EXPECT_EQ(counter.made, 3) << "a was asked for after b";
  counter.get("b");
  EXPECT_EQ(counter.made, 4);
}

TEST(Kept, BytesAreBoundedAndOneThatIsTooLargeStaysAlone) {
  Texts kept(10, 10, size_of);
  Counter counter{kept};
  counter.get("a", 1, 5);
  counter.get("b", 1, 5);
  EXPECT_EQ(kept.bytes(), 10u);
  counter.get("c", 1, 1);
  EXPECT_EQ(kept.bytes(), 6u);
  counter.get("d", 1, 11);
  EXPECT_EQ(kept.size(), 1u);
  counter.get("d", 1, 11);
  EXPECT_EQ(counter.made, 4);
}

TEST(Kept, AFailureIsGivenToWhoMetItAndNotKept) {
  Texts kept(2, 10, size_of);
  const Texts::Made failed = kept.get("a", 1, [] { return Texts::Made(Error{}); });
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(kept.size(), 0u);
  EXPECT_EQ(**kept.get("a", 1, [] { return text("fine"); }), "fine");
}

TEST(Kept, OneMakesAndTheOthersWait) {
  Texts kept(2, 10, size_of);
  std::atomic<int> made = 0;
  std::vector<std::jthread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] {
      for (std::uint64_t stamp = 1; stamp <= 50; ++stamp) {
        (void)kept.get("a", stamp, [&] {
          ++made;
          return text("x");
        });
      }
    });
  }
  askers.clear();
  EXPECT_GE(made, 50);
  EXPECT_LE(kept.size(), 2u);
}

}  // namespace
}  // namespace lightsout
