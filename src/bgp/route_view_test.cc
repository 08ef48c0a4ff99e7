// SPDX-License-Identifier: Apache-2.0
#include "bgp/route_view.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "bgp/encode.h"
#include "bgp/open.h"
#include "bgp/same_reading.h"

namespace lightsout::bgp {
namespace {

using ByteVec = std::vector<std::uint8_t>;

ByteVec join(std::initializer_list<ByteVec> parts) {
  ByteVec all;
  for (const ByteVec& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const ByteVec kOriginIgp = {0x40, 1, 1, 0};
const ByteVec kPath = {0x40, 2, 10, 2, 2, 0, 0, 0xfb, 0xf4, 0, 0, 0x23, 0xee};  // 64500 9198
const ByteVec kHop = {0x40, 3, 4, 192, 0, 2, 1};

struct Case {
  const char* what;
  ByteVec attributes;
  Verdict verdict;
  std::uint32_t first;
  std::uint32_t origin;
};

const Case kCases[] = {
    {"as routers write it", join({kOriginIgp, kPath, kHop}), Verdict::good, 64500, 9198},
    {"and more behind", join({kOriginIgp, kPath, kHop, {0xc0, 8, 4, 0, 1, 0, 2}}), Verdict::good,
     64500, 9198},
    {"without a next hop", join({kOriginIgp, kPath}), Verdict::good, 64500, 9198},
    {"another order", join({kHop, kPath, kOriginIgp}), Verdict::good, 64500, 9198},
    {"extended length", join({kOriginIgp, {0x50, 2, 0, 6, 2, 1, 0, 0, 0x23, 0xee}}), Verdict::good,
     9198, 9198},
    {"ends in a set", join({kOriginIgp, {0x40, 2, 12, 2, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 2}}),
     Verdict::good, 1, 0},
    {"empty path", join({kOriginIgp, {0x40, 2, 0}, kHop}), Verdict::good, 0, 0},
    {"ORIGIN 3", join({{0x40, 1, 1, 3}, kPath, kHop}), Verdict::treat_as_withdraw, 64500, 9198},
    {"path of no hop", join({kOriginIgp, {0x40, 2, 2, 2, 0}, kHop}), Verdict::treat_as_withdraw, 0,
     0},
    {"path cut", join({kOriginIgp, {0x40, 2, 6, 2, 2, 0, 0, 0, 1}}), Verdict::treat_as_withdraw, 0,
     0},
    {"path twice", join({kOriginIgp, kPath, kPath}), Verdict::attribute_discarded, 64500, 9198},
    {"list cut", join({kOriginIgp, kPath, {0x40, 3, 4, 1}}), Verdict::treat_as_withdraw, 64500,
     9198},
    {"MED of 3 bytes", join({kOriginIgp, kPath, kHop, {0x80, 4, 3, 0, 0, 1}}),
     Verdict::treat_as_withdraw, 64500, 9198},
    {"communities of 6 bytes", join({kOriginIgp, kPath, {0xc0, 8, 6, 0, 1, 0, 1, 0, 0}}),
     Verdict::treat_as_withdraw, 64500, 9198},
    {"no communities", join({kOriginIgp, kPath, {0xc0, 8, 0}}), Verdict::treat_as_withdraw, 64500,
     9198},
    {"AGGREGATOR of 6 bytes", join({kOriginIgp, kPath, {0xc0, 7, 6, 0, 1, 1, 2, 3, 4}}),
     Verdict::attribute_discarded, 64500, 9198},
};

TEST(RouteView, KnowsTheEndsOfThePathAndTheVerdict) {
  for (const Case& c : kCases) {
    RouteView route;
    EXPECT_EQ(decode_route(c.attributes, AsnWidth::four, AttributeForm::table, route), c.verdict)
        << c.what;
    EXPECT_EQ(route.first_asn, c.first) << c.what;
    EXPECT_EQ(route.origin_asn, c.origin) << c.what;
    EXPECT_EQ(difference_of_attributes(c.attributes, AsnWidth::four, AttributeForm::table), "")
        << c.what;
    for (std::size_t size = 0; size < c.attributes.size(); ++size) {
      const ByteVec cut(c.attributes.begin(),
                        c.attributes.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(difference_of_attributes(cut, AsnWidth::four, AttributeForm::table), "")
          << c.what << " cut at " << size;
    }
  }
}

// Messages of all kinds with up to four bytes broken: the two readers never disagree.
TEST(RouteView, NeverDisagreesWithTheFullReader) {
  std::mt19937 random(3);
  std::vector<ByteVec> bodies;
  for (const AsnWidth width : {AsnWidth::two, AsnWidth::four}) {
    for (const bool ids : {false, true}) {
      Encoding encoding{.width = width};
      if (ids) encoding.path_id = 70'000;
      const bgp::Update update{
          .withdrawn = {*Prefix::parse("198.51.100.0/24"), *Prefix::parse("2001:db8:1::/48")},
          .announced = {*Prefix::parse("192.0.2.0/24"), *Prefix::parse("10.0.0.0/8"),
                        *Prefix::parse("2001:db8::/32")},
          .route = {.path = {Asn{64500}, Asn{400'000}, Asn{9198}},
                    .next_hop = IpAddress::v4(1),
                    .med = 5,
                    .communities = {1, 2}}};
      for (const ByteVector& message : encode_update(update, encoding)) {
        bodies.emplace_back(message.begin() + 19, message.end());
      }
    }
  }
  for (int round = 0; round < 40'000; ++round) {
    ByteVec body = bodies[random() % bodies.size()];
    for (unsigned left = random() % 5; left > 0; --left) {
      body[random() % body.size()] = static_cast<std::uint8_t>(random());
    }
    const AsnWidth width = random() % 2 == 0 ? AsnWidth::two : AsnWidth::four;
    const NlriForm form = random() % 2 == 0 ? NlriForm::plain : NlriForm::add_path;
    ASSERT_EQ(difference_of_update(body, width, {form, form}), "") << round;
    ASSERT_EQ(difference_of_attributes(body, width, AttributeForm::table), "") << round;
  }
}

struct MergeCase {
  const char* what;
  ByteVec attributes;
  const char* path;
  const char* aggregator;
};

const ByteVec kOldPath = {0x40, 2, 8, 2, 3, 0, 1, 0x5b, 0xa0, 0, 3};    // 1 AS_TRANS 3
const ByteVec kNewPath = {0xc0, 17, 10, 2, 2, 0, 1, 0, 0, 0, 0, 0, 3};  // 65536 3
const ByteVec kLongPath = {0xc0, 17, 18, 2, 4, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 9};
const ByteVec kOldTrans = {0xc0, 7, 6, 0x5b, 0xa0, 192, 0, 2, 1};        // AS_TRANS
const ByteVec kOldKnown = {0xc0, 7, 6, 0, 7, 192, 0, 2, 1};              // 7
const ByteVec kNewAggregator = {0xc0, 18, 8, 0, 1, 0, 0, 192, 0, 2, 2};  // 65536
const ByteVec kNewConfed = {0xc0, 17, 16, 3, 1, 0, 0, 0, 8, 2, 2, 0, 1, 0, 0, 0, 0, 0, 3};

// RFC 6793 sections 4.2.3 and 6. Segments: ( ) sequence, { } set, [ ] of a confederation.
const MergeCase kMergeCases[] = {
    {"no AS4_PATH", kOldPath, "(1 23456 3)", ""},
    {"shorter AS4_PATH", join({kOldPath, kNewPath}), "(1)(65536 3)", ""},
    {"AS4_PATH first", join({kNewPath, kOldPath}), "(1)(65536 3)", ""},
    {"longer AS4_PATH is ignored", join({kOldPath, kLongPath}), "(1 23456 3)", ""},
    {"damaged AS4_PATH is ignored", join({kOldPath, {0xc0, 17, 4, 2, 2, 0, 1}}), "(1 23456 3)", ""},
    {"both aggregators", join({kOldPath, kOldTrans, kNewPath, kNewAggregator}), "(1)(65536 3)",
     "65536 192.0.2.2"},
    {"an AGGREGATOR that is not AS_TRANS voids both",
     join({kOldPath, kOldKnown, kNewPath, kNewAggregator}), "(1 23456 3)", "7 192.0.2.1"},
    {"AGGREGATOR alone voids nothing", join({kOldPath, kOldKnown, kNewPath}), "(1)(65536 3)",
     "7 192.0.2.1"},
    {"confederations in AS4_PATH are dropped", join({kOldPath, kNewConfed}), "(1)(65536 3)", ""},
    {"a leading confederation stays",
     join({{0x40, 2, 10, 3, 1, 0, 99, 2, 2, 0x5b, 0xa0, 0, 3}, kNewPath}), "[99](65536 3)", ""},
    {"a confederation beside a hop that stays, stays",
     join({{0x40, 2, 14, 2, 1, 0, 1, 3, 1, 0, 99, 2, 2, 0x5b, 0xa0, 0, 3}, kNewPath}),
     "(1)[99](65536 3)", ""},
    {"one beside a hop that goes, goes",
     join({{0x40, 2, 14, 2, 2, 0, 1, 0x5b, 0xa0, 3, 1, 0, 99, 2, 1, 0, 3}, kNewPath}),
     "(1)(65536 3)", ""},
    {"a set counts once",
     join({{0x40, 2, 12, 2, 2, 0, 1, 0x5b, 0xa0, 1, 2, 0, 3, 0, 4},
           {0xc0, 17, 16, 2, 1, 0, 1, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4}}),
     "(1)(65536){3 4}", ""},
};

std::string text_of(const AsPath& path) {
  std::string text;
  path.for_each_segment([&](const Segment& segment) {
    const bool set = segment.type == SegmentType::set;
    const char* brackets = segment.confederation() ? "[]" : set ? "{}" : "()";
    text += brackets[0];
    for (std::size_t i = 0; i < segment.size(); ++i) {
      text += (i > 0 ? " " : "") + std::to_string(segment.at(i).number);
    }
    text += brackets[1];
  });
  return text;
}

TEST(Attributes, MergeTheFourByteNumbersAsRfc6793Says) {
  for (const MergeCase& c : kMergeCases) {
    Attributes attributes;
    decode_attributes(c.attributes, AsnWidth::two, AttributeForm::table, attributes);
    EXPECT_EQ(text_of(attributes.path), c.path) << c.what;
    std::string aggregator;
    if (attributes.aggregator) {
      aggregator = std::to_string(attributes.aggregator->asn.number) + " " +
                   attributes.aggregator->address.text();
    }
    EXPECT_EQ(aggregator, c.aggregator) << c.what;
    EXPECT_EQ(difference_of_attributes(c.attributes, AsnWidth::two, AttributeForm::table), "")
        << c.what;
    // From a speaker of four-byte numbers the AS4 attributes mean nothing (RFC 6793 section 3).
    const ByteVec both = join({kPath, kNewPath});
    Attributes wide;
    decode_attributes(both, AsnWidth::four, AttributeForm::table, wide);
    EXPECT_EQ(text_of(wide.path), "(64500 9198)");
  }
}

TEST(Nlri, SaysWhatIsStrange) {
  struct NlriCase {
    const char* what;
    ByteVec field;
    Family family;
    NlriForm form;
    bool whole, odd;
  };
  const NlriCase cases[] = {
      {"empty", {}, Family::v4, NlriForm::plain, true, false},
      {"one", {24, 192, 0, 2}, Family::v4, NlriForm::plain, true, false},
      {"default", {0}, Family::v4, NlriForm::plain, true, false},
      {"default twice", {0, 0}, Family::v4, NlriForm::plain, true, true},
      {"/7", {7, 10}, Family::v4, NlriForm::plain, true, true},
      {"host bits", {12, 10, 0x1f}, Family::v4, NlriForm::plain, true, true},
      {"/32", {32, 1, 2, 3, 4}, Family::v4, NlriForm::plain, true, false},
      {"/33", {33, 1, 2, 3, 4, 5}, Family::v4, NlriForm::plain, false, false},
      {"cut", {24, 192, 0}, Family::v4, NlriForm::plain, false, false},
      {"/33 of IPv6", {33, 1, 2, 3, 4, 128}, Family::v6, NlriForm::plain, true, false},
      {"with an id", {0, 0, 0, 1, 24, 192, 0, 2}, Family::v4, NlriForm::add_path, true, false},
      {"with an id, as plain",
       {0, 0, 0, 1, 24, 192, 0, 2},
       Family::v4,
       NlriForm::plain,
       false,
       false},
      {"id only", {0, 0, 0, 1}, Family::v4, NlriForm::add_path, false, false},
      {"two defaults with ids",
       {0, 0, 0, 1, 0, 0, 0, 0, 2, 0},
       Family::v4,
       NlriForm::add_path,
       true,
       false},
  };
  for (const NlriCase& c : cases) {
    const NlriCheck check = check_nlri(c.field, c.family, c.form);
    EXPECT_EQ(check.whole, c.whole) << c.what;
    EXPECT_EQ(check.odd, c.odd) << c.what;
  }
}

TEST(Open, TellsWhatTheSpeakerCanDo) {
  const ByteVec body = {4,  0x5b, 0xa0, 0, 180, 192, 0, 2, 1, 26,  // AS_TRANS, 26 bytes
                        2,  24,                                    // capabilities
                        65, 4,    0,    6, 26,  128,               // AS 400000
                        6,  0,                                     // RFC 8654
                        69, 8,    0,    1, 1,   3,   0, 2, 1, 1,   // v4 both, v6 receive
                        2,  0,    64,   2, 0,   0};                // others
  const std::optional<Open> open = decode_open(body);
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ(open->asn, Asn{400'000});
  EXPECT_EQ(open->hold_seconds, 180);
  EXPECT_TRUE(open->four_byte_asns);
  EXPECT_TRUE(open->extended_messages);
  EXPECT_EQ(open->add_path_send, (Open::Families{.v4 = true, .v6 = false}));
  EXPECT_EQ(open->add_path_receive, (Open::Families{.v4 = true, .v6 = true}));
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_open(Bytes(body).first(size)).has_value()) << size;
  }
}

TEST(Open, ReadsTheLongParametersOfRfc9072) {
  ByteVec body = {4, 0, 7, 0, 180, 192, 0, 2, 1, 255, 255, 0, 9, 2, 0, 6, 65, 4, 0, 6, 26, 128};
  const std::optional<Open> open = decode_open(body);
  ASSERT_TRUE(open.has_value());
  EXPECT_EQ(open->asn, Asn{400'000});
}

// What the fuzz targets start from: made by the encoder. LIGHTSOUT_WRITE_SEEDS=1 writes it anew.
void expect_seed(const std::string& target, const std::string& name, std::uint8_t choice,
                 Bytes bytes) {
  const auto folder = std::filesystem::path(LIGHTSOUT_SOURCE_DIR) / "testdata/fuzz" / target;
  std::string seed(1, static_cast<char>(choice));
  seed.append(bytes.begin(), bytes.end());
  if (std::getenv("LIGHTSOUT_WRITE_SEEDS") != nullptr) {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / name, std::ios::binary) << seed;
  }
  std::ifstream in(folder / name, std::ios::binary);
  const std::string kept{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(kept == seed) << target << "/" << name;
}

TEST(Seeds, AreWhatTheEncoderMakes) {
  Update update{.withdrawn = {*Prefix::parse("198.51.100.0/24"), *Prefix::parse("2001:db8:1::/48")},
                .announced = {*Prefix::parse("192.0.2.0/24"), *Prefix::parse("10.0.0.0/8"),
                              *Prefix::parse("2001:db8::/32"), *Prefix::parse("2001:db8:2::1/128")},
                .route = {.path = {Asn{64500}, Asn{400'000}, Asn{9198}},
                          .next_hop = IpAddress::v4(0xc0000201),
                          .med = 5,
                          .local_pref = 100,
                          .communities = {64500u << 16 | 1, 64500u << 16 | 2}}};
  for (unsigned choice = 0; choice < 4; ++choice) {
    const bool ids = (choice & 2) != 0;
    const AsnWidth width = (choice & 1) != 0 ? AsnWidth::two : AsnWidth::four;
    Encoding encoding{.width = width};
    if (ids) encoding.path_id = 7;
    int number = 0;
    for (const ByteVector& message : encode_update(update, encoding)) {
      expect_seed("bgp_update_fuzz", std::to_string(choice) + "-" + std::to_string(number++),
                  static_cast<std::uint8_t>((choice & 1) | (ids ? 6u : 0u)),
                  Bytes(message).subspan(19));
    }
    expect_seed("bgp_attributes_fuzz", std::to_string(choice), static_cast<std::uint8_t>(choice),
                encode_table_attributes(update.route, width));
    ByteVector field;
    for (const Prefix& prefix : update.announced) {
      if (prefix.family() != ((choice & 1) != 0 ? Family::v6 : Family::v4)) continue;
      if (ids) field.insert(field.end(), {0, 0, 0, 7});
      const ByteVector one = encode_prefix(prefix);
      field.insert(field.end(), one.begin(), one.end());
    }
    expect_seed("bgp_nlri_fuzz", std::to_string(choice), static_cast<std::uint8_t>(choice), field);
    update.route.next_hop = *IpAddress::parse("2001:db8::1");
    expect_seed("bgp_attributes_fuzz", std::to_string(choice) + "-v6",
                static_cast<std::uint8_t>(choice), encode_table_attributes(update.route, width));
    update.route.next_hop = IpAddress::v4(0xc0000201);
  }
}

}  // namespace
}  // namespace lightsout::bgp
