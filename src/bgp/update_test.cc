// SPDX-License-Identifier: Apache-2.0
#include "bgp/update.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bgp/encode.h"

namespace lightsout::bgp {
namespace {

using ByteVec = std::vector<std::uint8_t>;

std::string text_of(const AsPath& path) {
  std::string text;
  path.for_each_segment([&](const Segment& segment) {
    text += segment.type == SegmentType::set ? "{" : "(";
    for (std::size_t i = 0; i < segment.size(); ++i) {
      text += (i > 0 ? " " : "") + std::to_string(segment.at(i).number);
    }
    text += segment.type == SegmentType::set ? "}" : ")";
  });
  return text;
}

// An UPDATE body from its attributes and one announced prefix, 192.0.2.0/24.
ByteVec body_of(const ByteVec& attributes) {
  ByteVec body = {0, 0, static_cast<std::uint8_t>(attributes.size() >> 8),
                  static_cast<std::uint8_t>(attributes.size())};
  body.insert(body.end(), attributes.begin(), attributes.end());
  body.insert(body.end(), {24, 192, 0, 2});
  return body;
}

const ByteVec kOriginIgp = {0x40, 1, 1, 0};
const ByteVec kPath = {0x40, 2, 6, 2, 1, 0, 0, 0x23, 0xee};  // 9198
const ByteVec kHop = {0x40, 3, 4, 192, 0, 2, 1};

ByteVec join(std::initializer_list<ByteVec> parts) {
  ByteVec all;
  for (const ByteVec& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

struct Case {
  const char* what;
  ByteVec attributes;
  Verdict verdict;
};

const Case kCases[] = {
    {"whole", join({kOriginIgp, kPath, kHop}), Verdict::good},
    {"no ORIGIN", join({kPath, kHop}), Verdict::treat_as_withdraw},
    {"no AS_PATH", join({kOriginIgp, kHop}), Verdict::treat_as_withdraw},
    {"no NEXT_HOP", join({kOriginIgp, kPath}), Verdict::treat_as_withdraw},
    {"ORIGIN 3", join({{0x40, 1, 1, 3}, kPath, kHop}), Verdict::treat_as_withdraw},
    {"path cut", join({kOriginIgp, {0x40, 2, 5, 2, 1, 0, 0, 1}, kHop}), Verdict::treat_as_withdraw},
    {"path segment of no ASN", join({kOriginIgp, {0x40, 2, 2, 2, 0}, kHop}),
     Verdict::treat_as_withdraw},
    {"path segment type 5", join({kOriginIgp, {0x40, 2, 6, 5, 1, 0, 0, 0, 1}, kHop}),
     Verdict::treat_as_withdraw},
    {"MED of 3 bytes", join({kOriginIgp, kPath, kHop, {0x80, 4, 3, 0, 0, 1}}),
     Verdict::treat_as_withdraw},
    {"communities of 5 bytes", join({kOriginIgp, kPath, kHop, {0xc0, 8, 5, 0, 1, 0, 1, 0}}),
     Verdict::treat_as_withdraw},
    {"attribute runs over", join({kOriginIgp, kPath, kHop, {0xc0, 8, 200, 0}}),
     Verdict::treat_as_withdraw},
    {"ORIGIN twice", join({kOriginIgp, kOriginIgp, kPath, kHop}), Verdict::attribute_discarded},
    {"AGGREGATOR of 6 bytes", join({kOriginIgp, kPath, kHop, {0xc0, 7, 6, 0, 1, 1, 2, 3, 4}}),
     Verdict::attribute_discarded},
    {"unknown attribute", join({kOriginIgp, kPath, kHop, {0xc0, 99, 1, 0}}), Verdict::good},
    {"MP_REACH cut", join({kOriginIgp, kPath, kHop, {0x80, 14, 3, 0, 2, 1}}), Verdict::unreadable},
    {"MP_UNREACH with /129", join({kOriginIgp, kPath, kHop, {0x80, 15, 4, 0, 2, 1, 129}}),
     Verdict::unreadable},
};

TEST(Update, AppliesRfc7606) {
  for (const Case& c : kCases) {
    UpdateView update;
    const ByteVec body = body_of(c.attributes);
    EXPECT_EQ(decode_update(body, AsnWidth::four, update), c.verdict) << c.what;
    std::string changes;
    for_each_change(
        update, [&](const Prefix& prefix) { changes += "-" + prefix.text(); },
        [&](const Prefix& prefix) { changes += "+" + prefix.text(); });
    const char* expected = c.verdict == Verdict::unreadable          ? ""
                           : c.verdict == Verdict::treat_as_withdraw ? "-192.0.2.0/24"
                                                                     : "+192.0.2.0/24";
    EXPECT_EQ(changes, expected) << c.what;
  }
}

TEST(Update, SurvivesBeingCutAnywhere) {
  const Update update{
      .withdrawn = {*Prefix::parse("198.51.100.0/24")},
      .announced = {*Prefix::parse("192.0.2.0/24"), *Prefix::parse("2001:db8::/32")},
      .route = {.path = {Asn{64500}, Asn{9198}}, .next_hop = IpAddress::v4(1)}};
  for (const ByteVector& message : encode_update(update)) {
    const Bytes body = Bytes(message).subspan(19);
    for (std::size_t size = 0; size <= body.size(); ++size) {
      const ByteVec cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
      UpdateView view;
      decode_update(cut, AsnWidth::four, view);
      for_each_change(view, [](const Prefix&) {}, [](const Prefix&) {});
    }
  }
}

struct MergeCase {
  const char* what;
  ByteVec as_path;   // two-byte ASNs
  ByteVec as4_path;  // four-byte ASNs
  const char* merged;
};

// RFC 6793 section 4.2.3; 0x5ba0 is AS_TRANS.
const MergeCase kMergeCases[] = {
    {"the new part is shorter", {2, 3, 0, 1, 0, 2, 0x5b, 0xa0}, {2, 1, 0, 1, 0, 0}, "(1 2)(65536)"},
    {"both are as long",
     {2, 2, 0x5b, 0xa0, 0x5b, 0xa0},
     {2, 2, 0, 1, 0, 0, 0, 1, 0, 1},
     "(65536 65537)"},
    {"the new part is longer and ignored", {2, 1, 0, 9}, {2, 2, 0, 1, 0, 0, 0, 1, 0, 1}, "(9)"},
    {"the new part is damaged and ignored", {2, 1, 0x5b, 0xa0}, {2, 2, 0, 1, 0, 0}, "(23456)"},
    {"a set counts once",
     {2, 1, 0, 1, 1, 2, 0x5b, 0xa0, 0, 7},
     {1, 2, 0, 1, 0, 0, 0, 0, 0, 7},
     "(1){65536 7}"},
};

TEST(AsPath, MergesTheFourByteNumbersIn) {
  for (const MergeCase& c : kMergeCases) {
    const auto path = AsPath::make(c.as_path, AsnWidth::two);
    ASSERT_TRUE(path.has_value()) << c.what;
    EXPECT_EQ(text_of(path->merged_with(c.as4_path)), c.merged) << c.what;
  }
}

TEST(AsPath, HasAnOriginUnlessItEndsInASet) {
  const ByteVec sequence = {2, 2, 0, 0, 0, 1, 0, 0, 0, 2};
  const ByteVec with_set = {2, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 2};
  EXPECT_EQ(AsPath::make(sequence, AsnWidth::four)->origin(), Asn{2});
  EXPECT_EQ(AsPath::make(sequence, AsnWidth::four)->first(), Asn{1});
  EXPECT_EQ(AsPath::make(with_set, AsnWidth::four)->origin(), std::nullopt);
  EXPECT_EQ(AsPath().origin(), std::nullopt);
}

TEST(Update, KnowsTheEndOfATableTransfer) {
  UpdateView update;
  const ByteVec v4 = {0, 0, 0, 0};
  const ByteVec v6 = {0, 0, 0, 6, 0x80, 15, 3, 0, 2, 1};
  ASSERT_EQ(decode_update(v4, AsnWidth::four, update), Verdict::good);
  EXPECT_TRUE(update.end_of_rib());
  ASSERT_EQ(decode_update(v6, AsnWidth::four, update), Verdict::good);
  EXPECT_TRUE(update.end_of_rib());
}

}  // namespace
}  // namespace lightsout::bgp
