// SPDX-License-Identifier: Apache-2.0
#include "mrt/add_path.h"

#include <gtest/gtest.h>

#include "bgp/encode.h"

namespace lightsout::mrt {
namespace {

Session session_of(std::uint32_t number) {
  return {.peer_asn = Asn{64'500 + number}, .peer = IpAddress::v4(0xc0000200 + number)};
}

Prefix prefix_of(const char* text) {
  return *Prefix::parse(text);
}

bgp::Route route() {
  return {.path = {Asn{64'500}}, .next_hop = IpAddress::v4(0xc0000201)};
}

// What a session says in one message, and what is read of it.
class Hearing {
 public:
  std::string hear(const Session& session, const std::vector<Prefix>& prefixes,
                   std::optional<std::uint32_t> path_id = {}) {
    const bgp::Update update{.withdrawn = {}, .announced = prefixes, .route = route()};
    std::string text;
    for (const bgp::ByteVector& bytes : bgp::encode_update(update, {.path_id = path_id})) {
      text += hear(session, Bytes(bytes).subspan(19));
    }
    return text;
  }

  std::string hear(const Session& session, Bytes body) {
    Bgp4mp entry;
    entry.session = session;
    entry.message.type = 2;
    entry.message.body = body;
    bgp::RouteUpdate update;
    if (memory.decode(entry, update) == bgp::Verdict::unreadable) return "unreadable";
    std::string text;
    const auto use = [&](const Prefix& prefix, const std::optional<std::uint32_t>& id) {
      text += (text.empty() ? "" : " ") + prefix.text();
      if (id) text += "#" + std::to_string(*id);
    };
    bgp::for_each_change(update, use, use);
    return text;
  }

  void open(const Session& session, bool local, std::uint8_t directions) {
    std::vector<std::uint8_t> body = {4, 0xfb, 0xf4, 0, 180, 192, 0, 2, 1, 0};
    if (directions != 0) {
      body[9] = 8;
      body.insert(body.end(), {2, 6, 69, 4, 0, 1, 1, directions});
    }
    Bgp4mp entry;
    entry.session = session;
    entry.local = local;
    entry.message = {.type = 1, .body = body};
    memory.open(entry);
  }

  AddPathMemory memory;
};

TEST(AddPathMemory, LearnsASessionFromItsFirstMessage) {
  Hearing hearing;
  EXPECT_EQ(hearing.hear(session_of(1), {prefix_of("172.17.0.0/24")}, 1), "172.17.0.0/24#1");
  EXPECT_EQ(hearing.memory.totals().learned, 1u);
  // Another session of the same collector is not concerned.
  EXPECT_EQ(hearing.hear(session_of(2), {prefix_of("172.17.0.0/24")}), "172.17.0.0/24");
  EXPECT_EQ(hearing.hear(session_of(1), {prefix_of("172.17.1.0/24"), prefix_of("10.0.0.0/8")}, 2),
            "172.17.1.0/24#2 10.0.0.0/8#2");
  EXPECT_EQ(hearing.memory.totals(), (AddPathMemory::Totals{.messages = 2, .learned = 1}));
}

// The prefixes of RIPE-NCC/bgpdump issue 9 and its sisters: read as plain they do not exist.
TEST(AddPathMemory, LetsNoPrefixOutThatWasNotSent) {
  const Prefix networks[] = {prefix_of("250.0.0.0/8"), prefix_of("208.80.152.0/22"),
                             prefix_of("0.0.0.0/0"), prefix_of("198.51.100.128/25")};
  for (const std::uint32_t id :
       {0u, 1u, 7u, 255u, 256u, 65'535u, 65'536u, 0x01000000u, 0xfa00d0u}) {
    Hearing hearing;
    for (const Prefix& network : networks) {
      for (const Prefix& other : networks) {
        const std::string heard = hearing.hear(session_of(1), {network, other}, id);
        const std::string ids = "#" + std::to_string(id);
        const std::string sent = network.text() + ids + " " + other.text() + ids;
        EXPECT_TRUE(heard == sent || heard == "unreadable") << heard << " for " << sent;
      }
    }
    EXPECT_GE(hearing.memory.totals().messages, 15u) << id;
  }
}

TEST(AddPathMemory, GivesUpWhatAMessageContradicts) {
  Hearing hearing;
  hearing.hear(session_of(1), {prefix_of("172.17.0.0/24")}, 1);
  // The session is plain now: the same peer came back without ADD-PATH.
  EXPECT_EQ(hearing.hear(session_of(1), {prefix_of("192.0.2.0/24"), prefix_of("198.51.100.0/24")}),
            "192.0.2.0/24 198.51.100.0/24");
  EXPECT_EQ(hearing.memory.totals().reverted, 1u);
  EXPECT_EQ(hearing.hear(session_of(1), {prefix_of("192.0.2.0/24")}), "192.0.2.0/24");
}

TEST(AddPathMemory, BelievesHostBitsOfAPlainSession) {
  // The bytes of edge.updates.nlri_mask_trailing_bits: two prefixes with bits behind the mask.
  const std::vector<std::uint8_t> body = {0, 0, 0,  18, 0x40, 1,    1,  0, 0x40, 2,
                                          4, 2, 1,  0,  1,    0x40, 3,  4, 1,    2,
                                          3, 4, 13, 11, 13,   22,   10, 9, 255};
  Hearing hearing;
  Bgp4mp entry;
  entry.session = session_of(1);
  entry.width = bgp::AsnWidth::two;
  entry.message = {.type = 2, .body = body};
  bgp::RouteUpdate update;
  EXPECT_EQ(hearing.memory.decode(entry, update), bgp::Verdict::good);
  std::string text;
  const auto use = [&](const Prefix& prefix) { text += prefix.text() + " "; };
  bgp::for_each_change(update, use, use);
  EXPECT_EQ(text, "11.8.0.0/13 10.9.252.0/22 ");
  EXPECT_EQ(hearing.memory.totals(), (AddPathMemory::Totals{.undecided = 1}));
}

TEST(AddPathMemory, LearnsFromOpens) {
  Hearing hearing;
  const Session session = session_of(1);
  hearing.open(session, false, 2);  // the peer sends
  EXPECT_EQ(hearing.memory.totals().learned, 0u);
  hearing.open(session, true, 1);  // the collector receives
  EXPECT_EQ(hearing.memory.totals().learned, 1u);
  // This field reads well in both forms; the OPENs say which one it is.
  const std::uint32_t id = 0x18010203;
  EXPECT_EQ(hearing.hear(session, {prefix_of("192.0.2.0/24")}, id),
            "192.0.2.0/24#" + std::to_string(id));
  // A new session without the capability is plain, whatever its messages look like.
  hearing.open(session, false, 0);
  EXPECT_EQ(hearing.hear(session, {prefix_of("192.0.2.0/24")}), "192.0.2.0/24");
  EXPECT_EQ(hearing.hear(session, {prefix_of("192.0.2.0/24")}, 1), "unreadable");
}

TEST(AddPathMemory, LearnsNothingBeyondItsLimit) {
  Hearing hearing;
  const std::vector<Prefix> one = {prefix_of("192.0.2.0/24")};
  for (std::uint32_t i = 0; i < AddPathMemory::kMaxSessions; ++i) {
    ASSERT_EQ(hearing.hear(session_of(i), one, 1), "192.0.2.0/24#1");
  }
  EXPECT_EQ(hearing.memory.sessions(), AddPathMemory::kMaxSessions);
  EXPECT_EQ(hearing.hear(session_of(AddPathMemory::kMaxSessions), one, 1), "unreadable");
  EXPECT_EQ(hearing.memory.totals().not_known, 1u);
  EXPECT_EQ(hearing.memory.sessions(), AddPathMemory::kMaxSessions);
  EXPECT_EQ(hearing.hear(session_of(0), one, 2), "192.0.2.0/24#2");
}

}  // namespace
}  // namespace lightsout::mrt
