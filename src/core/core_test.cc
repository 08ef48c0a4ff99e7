// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "core/byte_reader.h"
#include "core/byte_source.h"
#include "core/damage.h"
#include "core/sha256.h"

namespace lightsout {
namespace {

TEST(ByteReader, FailsOnceAndStaysFailed) {
  const std::array<std::uint8_t, 3> bytes{1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u16(), 0x0102);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_FALSE(reader.ok());
  EXPECT_TRUE(reader.empty());
  EXPECT_EQ(reader.u8(), 0);
}

TEST(ByteReader, APartThatIsNotThereStartsFailed) {
  const std::array<std::uint8_t, 2> bytes{1, 2};
  ByteReader reader(bytes);
  ByteReader part = reader.sub(3);
  EXPECT_FALSE(part.ok());
  EXPECT_FALSE(reader.ok());
}

TEST(Sha256, MatchesTheVectorOfFips180) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 hash;
  hash.add(Bytes{});
  EXPECT_EQ(hash.hex(), sha256_hex(""));
}

TEST(Damage, CountsEverythingAndKeepsTheFirstHundred) {
  Damage damage;
  for (int i = 0; i < 150; ++i) damage.add({.file = "f", .offset = 0, .bytes = 2, .reason = "cut"});
  EXPECT_EQ(damage.count(), 150u);
  EXPECT_EQ(damage.bytes(), 300u);
  EXPECT_EQ(damage.parts().size(), Damage::kKept);
}

TEST(ByteSource, ReadAllStopsAtItsLimit) {
  MemorySource fits(std::string_view("12345"));
  EXPECT_EQ(*read_all(fits, 5), "12345");
  MemorySource too_long(std::string_view("123456"));
  EXPECT_EQ(read_all(too_long, 5).error().kind, ErrorKind::limit);
}

}  // namespace
}  // namespace lightsout
