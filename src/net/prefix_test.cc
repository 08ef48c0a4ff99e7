// SPDX-License-Identifier: Apache-2.0
#include "net/prefix.h"

#include <gtest/gtest.h>

#include <vector>

namespace lightsout {
namespace {

struct DecodeCase {
  const char* what;
  std::vector<std::uint8_t> bytes;
  Family family;
  const char* text;  // nullptr: must be refused
};

const DecodeCase kDecodeCases[] = {
    {"default route", {0}, Family::v4, "0.0.0.0/0"},
    {"host bits cleared", {20, 192, 168, 0xff}, Family::v4, "192.168.240.0/20"},
    {"host route", {32, 192, 0, 2, 1}, Family::v4, "192.0.2.1/32"},
    {"IPv6", {32, 0x20, 0x01, 0x0d, 0xb8}, Family::v6, "2001:db8::/32"},
    {"cut short", {24, 10, 0}, Family::v4, nullptr},
    {"too long", {33, 1, 2, 3, 4, 5}, Family::v4, nullptr},
    {"too long for IPv6", {129}, Family::v6, nullptr},
    {"nothing", {}, Family::v4, nullptr},
};

TEST(Prefix, DecodesNlri) {
  for (const DecodeCase& c : kDecodeCases) {
    ByteReader reader(c.bytes);
    const Result<Prefix> prefix = Prefix::decode(reader, c.family);
    ASSERT_EQ(prefix.ok() && reader.ok(), c.text != nullptr) << c.what;
    if (c.text != nullptr) EXPECT_EQ(prefix->text(), c.text) << c.what;
  }
}

TEST(Prefix, ContainsItselfAndWhatIsMoreSpecific) {
  const Prefix wide = *Prefix::parse("10.0.0.0/8");
  EXPECT_TRUE(wide.contains(wide));
  EXPECT_TRUE(wide.contains(*Prefix::parse("10.1.2.0/24")));
  EXPECT_FALSE(wide.contains(*Prefix::parse("11.0.0.0/24")));
  EXPECT_FALSE(wide.contains(*Prefix::parse("a00::/16")));
  EXPECT_FALSE(Prefix::parse("10.0.0.0/33").ok());
  EXPECT_FALSE(Prefix::parse("10.0.0.0/").ok());
}

}  // namespace
}  // namespace lightsout
