// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "live/test_bmp.h"

namespace lightsout::live {
namespace {

std::string sample_stream() {
  const TestPeer peer;
  std::string stream = bmp_initiation("r1") + bmp_peer_up(peer);
  for (int i = 0; i < 6; ++i) {
    stream += bmp_route(peer, announce("198.51.100.0/24", {Asn{64500}, Asn{9198}}));
    stream += bmp_route(peer, withdraw("198.51.100.0/24"));
  }
  return stream + bmp_statistics(peer, 7, 12) + bmp_peer_down(peer, 4);
}

struct Cut {
  std::vector<std::string> messages;
  std::uint64_t damaged_bytes = 0;
  std::vector<DamagedPart> damaged;
};

Cut cut(const std::string& stream, std::size_t piece) {
  Cut out;
  BmpFramer framer;
  const auto drain = [&] {
    for (auto step = framer.next(); step != BmpFramer::Step::more; step = framer.next()) {
      if (step == BmpFramer::Step::damaged) {
        out.damaged.push_back(framer.damaged());
        out.damaged_bytes += framer.damaged().bytes;
      } else {
        out.messages.push_back(stream.substr(framer.offset(), framer.size()));
      }
    }
  };
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    framer.push(bytes_of(stream).subspan(at, std::min(piece, stream.size() - at)));
    drain();
  }
  framer.finish();
  drain();
  return out;
}

TEST(BmpFramer, GivesTheSameMessagesWhateverTheSizeOfThePieces) {
  const std::string stream = sample_stream();
  const Cut whole = cut(stream, stream.size());
  EXPECT_EQ(whole.messages.size(), 16u);
  EXPECT_TRUE(whole.damaged.empty());
  for (const std::size_t piece : {1, 2, 5, 47, 48, 100, 1000}) {
    EXPECT_EQ(cut(stream, piece).messages, whole.messages) << piece;
  }
}

TEST(BmpFramer, GivesAMessageOutAsSoonAsItIsWhole) {
  const std::string message = bmp_route({}, withdraw("198.51.100.0/24"));
  BmpFramer framer;
  framer.push(bytes_of(message).first(message.size() - 1));
  EXPECT_EQ(framer.next(), BmpFramer::Step::more);
  framer.push(bytes_of(message).last(1));
  EXPECT_EQ(framer.next(), BmpFramer::Step::message);
  EXPECT_EQ(framer.next(), BmpFramer::Step::more);
}

// Every byte is in a message or in a damaged part, in order, and what was not touched comes out.
void expect_all_accounted(const std::string& stream, const std::vector<std::string>& before,
                          std::size_t most_lost) {
  const Cut after = cut(stream, 64);
  std::size_t bytes = after.damaged_bytes;
  for (const std::string& message : after.messages) bytes += message.size();
  EXPECT_EQ(bytes, stream.size());
  std::size_t found = 0;
  for (const std::string& message : before) {
    found += static_cast<std::size_t>(
        std::count(after.messages.begin(), after.messages.end(), message) > 0);
  }
  EXPECT_GE(found + most_lost, before.size());
}

TEST(BmpFramer, LosesOnlyTheCutMessageWhereverTheStreamIsCut) {
  const std::string stream = sample_stream();
  const std::vector<std::string> before = cut(stream, stream.size()).messages;
  for (std::size_t at = 0; at <= stream.size(); ++at) {
    const std::string part = stream.substr(0, at);
    const Cut after = cut(part, 64);
    ASSERT_LE(after.messages.size(), before.size());
    for (std::size_t i = 0; i < after.messages.size(); ++i) {
      EXPECT_EQ(after.messages[i], before[i]) << "cut at " << at;
    }
    expect_all_accounted(part, after.messages, 0);
  }
}

TEST(BmpFramer, LosesFewMessagesWhicheverBitIsFlipped) {
  const std::string stream = sample_stream();
  const std::vector<std::string> before = cut(stream, stream.size()).messages;
  for (std::size_t bit = 0; bit < stream.size() * 8; ++bit) {
    std::string flipped = stream;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    SCOPED_TRACE(testing::Message() << "bit " << bit % 8 << " of byte " << bit / 8);
    // The one that was hit, and the one or two behind it that do not prove themselves.
    expect_all_accounted(flipped, before, 3);
  }
}

TEST(BmpFramer, FindsItsWayBackAfterInsertedAndMissingBytes) {
  const std::string stream = sample_stream();
  const std::vector<std::string> before = cut(stream, stream.size()).messages;
  for (std::size_t at = 1; at < stream.size(); at += 7) {
    expect_all_accounted(stream.substr(0, at) + "noise\x03\x03" + stream.substr(at), before, 4);
    expect_all_accounted(stream.substr(0, at - 1) + stream.substr(at), before, 4);
  }
}

TEST(BmpFramer, DoesNotWaitForTheMegabyteThatAFlippedBitPromised) {
  const TestPeer peer;
  std::string stream = bmp_route(peer, withdraw("198.51.100.0/24"));
  stream[2] = '\x0f';  // 983,040 bytes more
  for (int i = 0; i < 4; ++i) stream += bmp_route(peer, withdraw("203.0.113.0/24"));
  BmpFramer framer;
  framer.push(bytes_of(stream));
  EXPECT_EQ(framer.next(), BmpFramer::Step::damaged);
  EXPECT_EQ(framer.next(), BmpFramer::Step::message);
}

TEST(BmpFramer, TakesAMessageOfTheGreatestSizeAndRefusesOneByteMore) {
  const auto statistics_of = [](std::size_t size) {
    const std::string body = per_peer({}) + number(0, 4);
    return bmp(BmpType::statistics, body + std::string(size - body.size() - kBmpHeaderBytes, 'x'));
  };
  const std::string tail = bmp_route({}, withdraw("198.51.100.0/24"));
  EXPECT_EQ(cut(statistics_of(kMaxBmpBytes) + tail + tail + tail, 65536).messages.size(), 4u);
  const Cut after = cut(statistics_of(kMaxBmpBytes + 1) + tail + tail + tail, 65536);
  EXPECT_EQ(after.messages.size(), 3u);
  EXPECT_EQ(after.damaged_bytes, kMaxBmpBytes + 1);
}

TEST(BmpFramer, GoesOnBehindAGap) {
  const TestPeer peer;
  const std::string message = bmp_route(peer, withdraw("198.51.100.0/24"));
  BmpFramer framer;
  framer.push(bytes_of(message + message.substr(0, 20)));
  EXPECT_EQ(framer.next(), BmpFramer::Step::message);
  EXPECT_EQ(framer.next(), BmpFramer::Step::more);
  framer.lose(500);
  framer.push(bytes_of("rest of another" + message + message + message));
  EXPECT_EQ(framer.next(), BmpFramer::Step::damaged);
  EXPECT_EQ(framer.damaged().bytes, 20u + 500 + 15);
  EXPECT_THAT(framer.damaged().reason, testing::HasSubstr("500 bytes of the stream are missing"));
  EXPECT_EQ(framer.next(), BmpFramer::Step::message);
}

TEST(LooksLikeBmp, KnowsAStreamFromItsBeginAndFromItsMiddle) {
  const std::string stream = sample_stream();
  EXPECT_TRUE(looks_like_bmp(bytes_of(stream)));
  EXPECT_TRUE(looks_like_bmp(bytes_of(stream.substr(30))));
  EXPECT_TRUE(looks_like_bmp(bytes_of(bmp_initiation("r"))));
  EXPECT_FALSE(looks_like_bmp(bytes_of("")));
  EXPECT_FALSE(looks_like_bmp(bytes_of("time,entity,signal,value\n")));
  EXPECT_FALSE(looks_like_bmp(bytes_of(std::string(70'000, '\x03'))));
  EXPECT_FALSE(looks_like_bmp(bytes_of(std::string(70'000, '\0'))));
}

}  // namespace
}  // namespace lightsout::live
