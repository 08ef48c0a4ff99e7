// SPDX-License-Identifier: Apache-2.0
#include "mrt/filter.h"

#include <gtest/gtest.h>

#include "bgp/encode.h"

namespace lightsout::mrt {
namespace {

Filter filter_of(const FilterWords& words) {
  Result<Filter> filter = Filter::make(words);
  EXPECT_TRUE(filter.ok()) << filter.error().message;
  return filter ? std::move(*filter) : Filter();
}

struct PeerCase {
  std::vector<std::string> words;
  const char* address;
  std::uint32_t asn;
  bool passes;
};

TEST(Filter, KnowsPeersByAddressAndByNumber) {
  const PeerCase cases[] = {
      {{}, "192.0.2.1", 1, true},
      {{"192.0.2.1"}, "192.0.2.1", 1, true},
      {{"192.0.2.1"}, "192.0.2.2", 1, false},
      {{"64500"}, "192.0.2.2", 64500, true},
      {{"AS64500"}, "192.0.2.2", 64500, true},
      {{"64500", "2001:db8::1"}, "2001:db8::1", 1, true},
      {{"!64500"}, "192.0.2.2", 64500, false},
      {{"!64500"}, "192.0.2.2", 64501, true},
      {{"64500", "!192.0.2.9"}, "192.0.2.9", 64500, false},
      {{"64500", "!192.0.2.9"}, "192.0.2.8", 64500, true},
  };
  for (const PeerCase& c : cases) {
    EXPECT_EQ(filter_of({.peers = c.words}).peer(*IpAddress::parse(c.address), Asn{c.asn}),
              c.passes);
  }
}

struct PrefixCase {
  std::vector<std::string> words;
  bool more, less;
  const char* prefix;
  bool passes;
};

TEST(Filter, KnowsPrefixesThatAreEqualInsideOrAround) {
  const PrefixCase cases[] = {
      {{"10.0.0.0/8"}, false, false, "10.0.0.0/8", true},
      {{"10.0.0.0/8"}, false, false, "10.1.0.0/16", false},
      {{"10.0.0.0/8"}, true, false, "10.1.0.0/16", true},
      {{"10.0.0.0/8"}, true, false, "10.0.0.0/8", true},
      {{"10.0.0.0/8"}, true, false, "0.0.0.0/0", false},
      {{"10.0.0.0/8"}, false, true, "0.0.0.0/0", true},
      {{"10.0.0.0/8"}, false, true, "10.0.0.0/9", false},
      {{"10.0.0.0/8"}, true, true, "10.0.0.0/9", true},
      {{"0.0.0.0/0"}, true, false, "2001:db8::/32", false},
      {{"::/0"}, true, false, "2001:db8::/32", true},
      {{"10.0.0.0/8", "!10.1.0.0/16"}, true, false, "10.1.2.0/24", false},
      {{"10.0.0.0/8", "!10.1.0.0/16"}, true, false, "10.2.2.0/24", true},
      {{"!10.0.0.0/8"}, true, false, "11.0.0.0/8", true},
  };
  for (const PrefixCase& c : cases) {
    const Filter filter = filter_of({.prefixes = c.words, .more = c.more, .less = c.less});
    EXPECT_EQ(filter.prefix(*Prefix::parse(c.prefix)), c.passes) << c.prefix;
  }
}

struct AttributeCase {
  FilterWords words;
  bool passes;
};

TEST(Filter, KnowsOriginsPathsAndCommunities) {
  const bgp::ByteVector bytes =
      bgp::encode_table_attributes({.path = {Asn{64500}, Asn{174}, Asn{9198}},
                                    .next_hop = IpAddress::v4(1),
                                    .communities = {64500u << 16 | 100, 0xffffff01}});
  bgp::Attributes attributes;
  bgp::decode_attributes(bytes, bgp::AsnWidth::four, bgp::AttributeForm::table, attributes);
  const AttributeCase cases[] = {
      {{}, true},
      {{.origins = {"9198"}}, true},
      {{.origins = {"174"}}, false},
      {{.origins = {"!9198"}}, false},
      {{.origins = {"!174"}}, true},
      {{.paths = {"_174_"}}, true},
      {{.paths = {"_175_"}}, false},
      {{.paths = {"_175_", "^64500_"}}, true},
      {{.paths = {"!_174_"}}, false},
      {{.paths = {"!^174_"}}, true},
      {{.communities = {"64500:100"}}, true},
      {{.communities = {"64500:*"}}, true},
      {{.communities = {"*:100"}}, true},
      {{.communities = {"*:*"}}, true},
      {{.communities = {"64500:101"}}, false},
      {{.communities = {"no-export"}}, true},
      {{.communities = {"no-advertise"}}, false},
      {{.communities = {"64500:100:1"}}, false},
      {{.communities = {"*:*:*"}}, false},
      {{.communities = {"!64500:*"}}, false},
      {{.communities = {"!64501:*"}}, true},
      {{.origins = {"9198"}, .paths = {"_175_"}}, false},
      {{.origins = {"9198"}, .paths = {"_174_"}, .communities = {"64500:100"}}, true},
  };
  for (const AttributeCase& c : cases) {
    Filter filter = filter_of(c.words);
    EXPECT_EQ(filter.attributes(attributes), c.passes) << &c - cases;
    Filter copy = filter;
    EXPECT_EQ(copy.attributes(attributes), c.passes) << "a copy of " << &c - cases;
  }
}

TEST(Filter, WithdrawalsAndStateChangesFitNoWord) {
  EXPECT_FALSE(filter_of({.origins = {"9198"}}).without_attributes());
  EXPECT_TRUE(filter_of({.origins = {"!9198"}}).without_attributes());
  EXPECT_FALSE(filter_of({.prefixes = {"10.0.0.0/8"}}).without_prefix());
  EXPECT_TRUE(filter_of({.prefixes = {"!10.0.0.0/8"}}).without_prefix());
}

TEST(Filter, KnowsKindsAndTimes) {
  const Filter kinds = filter_of({.types = {"announce", "state"}});
  EXPECT_TRUE(kinds.kind(RouteKind::announce));
  EXPECT_TRUE(kinds.kind(RouteKind::state));
  EXPECT_FALSE(kinds.kind(RouteKind::rib));
  const Filter no = filter_of({.types = {"!withdraw"}});
  EXPECT_TRUE(no.kind(RouteKind::rib));
  EXPECT_FALSE(no.kind(RouteKind::withdraw));
  const Time ten = *parse_time("2022-01-05T10:00:00Z");
  const Filter times = filter_of({.from = ten, .until = ten + Seconds(60)});
  EXPECT_FALSE(times.time(ten - Seconds(1)));
  EXPECT_TRUE(times.time(ten));
  EXPECT_TRUE(times.time(ten + Seconds(59)));
  EXPECT_FALSE(times.time(ten + Seconds(60)));
}

struct BadWords {
  FilterWords words;
  const char* says;
};

TEST(Filter, SaysWhichWordIsWrong) {
  const BadWords cases[] = {
      {{.peers = {"kz"}}, "--peer: 'kz' is neither an address nor the number of a network"},
      {{.peers = {"1.2.3"}}, "--peer: '1.2.3' is not an IP address"},
      {{.origins = {"4294967296"}}, "--origin: '4294967296' is not the number of a network"},
      {{.origins = {"!"}}, "--origin: '' is not the number of a network"},
      {{.prefixes = {"10.0.0.0/33"}},
       "--prefix: '10.0.0.0/33' is not a prefix such as 192.0.2.0/24"},
      {{.communities = {"65536:1"}},
       "--community: '65536:1' is not a community such as 65000:1, 65000:* or 64500:1:2"},
      {{.communities = {"1"}},
       "--community: '1' is not a community such as 65000:1, 65000:* or 64500:1:2"},
      {{.types = {"update"}}, "--type: 'update' is not one of announce, withdraw, state, rib"},
      {{.from = Time(Seconds(5)), .until = Time(Seconds(5))}, "--until is not after --from"},
      {{.more = true}, "--more and --less say how --prefix is meant: give a --prefix"},
  };
  for (const BadWords& c : cases) {
    const Result<Filter> filter = Filter::make(c.words);
    ASSERT_FALSE(filter.ok()) << c.says;
    EXPECT_EQ(filter.error().message, c.says);
    EXPECT_EQ(filter.error().kind, ErrorKind::usage);
  }
}

TEST(Filter, TakesSoManyWordsAndNotOneMore) {
  EXPECT_TRUE(Filter::make({.origins = std::vector<std::string>(Filter::kMaxWords, "1")}).ok());
  EXPECT_FALSE(
      Filter::make({.origins = std::vector<std::string>(Filter::kMaxWords + 1, "1")}).ok());
  EXPECT_TRUE(Filter::make({.paths = std::vector<std::string>(Filter::kMaxPatterns, "1")}).ok());
  EXPECT_FALSE(
      Filter::make({.paths = std::vector<std::string>(Filter::kMaxPatterns + 1, "1")}).ok());
}

}  // namespace
}  // namespace lightsout::mrt
