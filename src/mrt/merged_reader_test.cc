// SPDX-License-Identifier: Apache-2.0
#include "mrt/merged_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "mrt/writer.h"

namespace lightsout::mrt {
namespace {

const Time kStart = *parse_time("2022-01-05T10:00:00Z");
const Session kSession{.peer_asn = Asn{64500},
                       .local_asn = Asn{64499},
                       .peer = IpAddress::v4(0xc0000201),
                       .local = IpAddress::v4(0xc0000202)};

// Keepalives at these seconds after kStart, after a peer table at the first when it is a table.
std::string file_of(const std::vector<int>& seconds, bool table = false) {
  std::string bytes;
  Writer writer([&](Bytes part) { bytes.append(part.begin(), part.end()); });
  if (table) writer.peer_index_table(kStart + Seconds(seconds.front()), {.collector_id = 1});
  for (const int second : seconds) writer.keepalive(kStart + Seconds(second), kSession);
  return bytes;
}

// The bytes must outlive the archive.
Archive archive_of(std::string name, const std::string& bytes) {
  return {
      .name = std::move(name), .open = [&bytes]() -> Result<std::unique_ptr<ByteSource>> {
        return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(std::string_view(bytes)));
      }};
}

// "0:0 1:5 ...": the file and the second of every record, in the order in which they came.
std::string order_of(const std::vector<std::string>& files, MergedReader::Options options,
                     Damage* damage = nullptr) {
  std::vector<Archive> archives;
  for (const std::string& file : files) {
    archives.push_back(archive_of(std::to_string(archives.size()), file));
  }
  Damage own;
  MergedReader reader(std::move(archives), damage != nullptr ? *damage : own, options);
  std::string order;
  while (true) {
    const MergedReader::Step step = reader.next();
    if (step == MergedReader::Step::end) return order;
    if (step == MergedReader::Step::file_end) {
      order += std::to_string(reader.file()) + ":end ";
      continue;
    }
    order += std::to_string(reader.file()) + ":" +
             std::to_string((reader.record().time - kStart).count()) + " ";
  }
}

TEST(MergedReader, GivesRecordsInTheOrderOfTimeAndTablesFirst) {
  const std::vector<std::string> files = {file_of({10, 20, 30}), file_of({0, 20}, true),
                                          file_of({0, 15})};
  const std::string expected = "1:0 1:0 2:0 0:10 2:15 2:end 1:20 1:end 0:20 0:30 0:end ";
  EXPECT_EQ(order_of(files, {}), expected);
  EXPECT_EQ(order_of(files, {.threads = 4}), expected);
}

TEST(MergedReader, ReadsManyFilesTheSameWithOneThreadAndWithEight) {
  std::mt19937 random(3);
  std::vector<std::string> files;
  for (int file = 0; file < 200; ++file) {
    std::vector<int> seconds(1 + random() % 30);
    for (int& second : seconds) second = file * 20 + static_cast<int>(random() % 60);
    std::sort(seconds.begin(), seconds.end());
    files.push_back(file_of(seconds, random() % 4 == 0));
  }
  std::shuffle(files.begin(), files.end(), random);
  const std::string one = order_of(files, {.threads = 1});
  EXPECT_EQ(one, order_of(files, {.threads = 8}));
  // And it is sorted: as many records as a sort would give, none before its time.
  int last = 0;
  for (std::size_t at = 0; at < one.size();) {
    const std::size_t colon = one.find(':', at);
    const std::size_t end = one.find(' ', at);
    const std::string time = one.substr(colon + 1, end - colon - 1);
    if (time != "end") {
      EXPECT_GE(std::stoi(time), last);
      last = std::stoi(time);
    }
    at = end + 1;
  }
}

TEST(MergedReader, OpensSoManyFilesAtOnceAndNotOneMore) {
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}}) {
    const std::vector<std::string> files(MergedReader::kMaxOpen + extra, file_of({0, 100}));
    Damage damage;
    order_of(files, {}, &damage);
    EXPECT_EQ(damage.count(), extra);
  }
}

TEST(MergedReader, AClockThatJumpsIsDamageOrTakenAsItIs) {
  const std::vector<std::string> files = {file_of({0, 900'000, 10}), file_of({5})};
  Damage damage;
  EXPECT_EQ(order_of(files, {}, &damage), "0:0 1:5 1:end 0:10 0:end ");
  EXPECT_EQ(damage.count(), 1u);
  Damage none;
  EXPECT_EQ(order_of(files, {.clocks = MergedReader::Clocks::taken_as_they_are}, &none),
            "0:0 0:900000 1:5 1:end 0:10 0:end ");
  EXPECT_TRUE(none.empty());
}

TEST(ReadAhead, GivesWhatTheSourceWouldHaveGiven) {
  class Broken final : public ByteSource {
   public:
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
      if (left_ == 0) return Error{ErrorKind::world, "the disk is gone"};
      const std::size_t count = std::min({into.size(), left_, std::size_t{1000}});
      std::fill_n(into.begin(), count, std::uint8_t{7});
      left_ -= count;
      return count;
    }

   private:
    std::size_t left_ = 10'000'000;
  };
  ReadAhead ahead(2);
  const auto open = []() -> Result<std::unique_ptr<ByteSource>> {
    return std::unique_ptr<ByteSource>(std::make_unique<Broken>());
  };
  const auto dropped = ahead.add(open);  // at the end of this test, unread
  const auto source = ahead.add(open);
  const auto missing = ahead.add([]() -> Result<std::unique_ptr<ByteSource>> {
    return Error{ErrorKind::not_found, "no such file"};
  });
  std::vector<std::uint8_t> into(77'777);
  std::size_t total = 0;
  while (true) {
    const Result<std::size_t> got = source->read(into);
    if (!got) {
      EXPECT_EQ(got.error().message, "the disk is gone");
      break;
    }
    ASSERT_GT(*got, 0u);
    total += *got;
  }
  EXPECT_EQ(total, 10'000'000u);
  const Result<std::size_t> nothing = missing->read(into);
  ASSERT_FALSE(nothing.ok());
  EXPECT_EQ(nothing.error().message, "no such file");
}

}  // namespace
}  // namespace lightsout::mrt
