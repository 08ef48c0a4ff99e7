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

TEST(Sha256, HmacIsThatOfRfc4231) {
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256_hex(std::string(131, '\xaa'),
                            "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
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
