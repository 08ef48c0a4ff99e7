// What was acknowledged is there, whatever happens to the process, the disk or the file.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "store/duckdb_sql.h"
#include "store/duckdb_store.h"
#include "store/incident_json.h"
#include "store/test_incident.h"

namespace lightsout {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;

constexpr int kBinsPerPut = 500;
const char* const kSignals[] = {"country:KZ/bgp/visible_slash24", "country:KZ/probing/slash24_up"};

class Durability : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "lightsout-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }
  std::string path() const { return (folder_ / "store.db").string(); }

  fs::path folder_;
};

// Two series whose every number is the number of the put, so that half a put would show.
std::vector<Series> numbered(int number) {
  std::vector<Series> pair;
  for (const char* signal : kSignals) {
    pair.push_back({.id = *SignalId::parse(signal),
                    .begin = test_time(0) + Seconds{300} * (number * kBinsPerPut),
                    .step = Seconds{300},
                    .samples = std::vector<Sample>(kBinsPerPut, Sample::of(number))});
  }
  return pair;
}

Incident numbered_incident(int number) {
  Incident incident = full_incident();
  incident.version = static_cast<std::uint32_t>(number + 1);
  incident.supersedes =
      number > 0 ? std::optional(static_cast<std::uint32_t>(number)) : std::nullopt;
  return incident;
}

// Writes puts number `from`, from + 1, ... and says each number down the pipe once it is
// acknowledged. Ends only by being killed.
[[noreturn]] void write_forever(const std::string& path, int from, int pipe) {
  auto store = open_duckdb_store(path);
  if (!store) _exit(3);
  for (int number = from;; ++number) {
    // Closing folds the log into the file: the moments inside that must be survived as well.
    if (number % 5 == 4) {
      store = Error{};
      store = open_duckdb_store(path);
      if (!store) _exit(8);
    }
    const std::vector<Series> series = numbered(number);
    if (!(*store)->put_series(series, test_time(number))) _exit(4);
    if (!(*store)->put_incident(numbered_incident(number))) _exit(5);
    if (!(*store)->append_custody({.at = test_time(number), .action = "read"})) _exit(6);
    if (write(pipe, &number, sizeof number) != sizeof number) _exit(7);
  }
}

// How many puts are there: all of them whole, and none missing before the last.
int whole_puts(Store& store) {
  int puts = -1;
  for (const char* signal : kSignals) {
    const Result<Series> series = store.read_series(*SignalId::parse(signal), {});
    if (!series) {
      EXPECT_EQ(series.error().kind, ErrorKind::not_found) << series.error().message;
      return 0;
    }
    EXPECT_EQ(series->size() % kBinsPerPut, 0u);
    for (std::size_t bin = 0; bin < series->size(); ++bin) {
      EXPECT_EQ(series->samples[bin].number(), static_cast<double>(bin / kBinsPerPut));
      if (testing::Test::HasFailure()) return -1;
    }
    const int here = static_cast<int>(series->size() / kBinsPerPut);
    if (puts >= 0) EXPECT_EQ(here, puts) << "one series of the pair without the other";
    puts = here;
  }
  return puts;
}

TEST_F(Durability, KilledAtAnyMomentNothingAcknowledgedIsLost) {
  constexpr int kRounds = 40;
  constexpr unsigned kSeed = 20220105;
  std::mt19937 random(kSeed);
  int next = 0;
  int acknowledged_in_all = 0;
  for (int round = 0; round < kRounds; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t writer = fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      close(pipe_ends[0]);
      write_forever(path(), next, pipe_ends[1]);
    }
    close(pipe_ends[1]);
    // Every second round waits for work to be under way first, however slow the machine.
    int acknowledged = next - 1;
    if (round % 2 == 1) {
      ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged),
                static_cast<ssize_t>(sizeof acknowledged));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 150'000));
    ASSERT_EQ(kill(writer, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << WEXITSTATUS(status);
    for (int number = 0; read(pipe_ends[0], &number, sizeof number) == sizeof number;) {
      acknowledged = number;
      ++acknowledged_in_all;
    }
    close(pipe_ends[0]);

    const auto store = open_duckdb_store(path());
    ASSERT_TRUE(store.ok()) << "round " << round << ": " << store.error().message;
    const int puts = whole_puts(**store);
    ASSERT_FALSE(HasFailure()) << "seed " << kSeed << ", round " << round;
    ASSERT_GE(puts, acknowledged + 1) << "round " << round;
    ASSERT_LE(puts, acknowledged + 2) << "round " << round;
    const auto versions = (*store)->incident_versions(full_incident().id);
    const int incidents = versions ? static_cast<int>(versions->size()) : 0;
    ASSERT_GE(incidents, acknowledged + 1) << "round " << round;
    ASSERT_LE(incidents, puts);
    ASSERT_TRUE(verify_custody(*(*store)->custody_log()).ok());
    // Make the three equal again, so that the next round can go on from there.
    next = puts;
    if (incidents < puts) ASSERT_TRUE((*store)->put_incident(numbered_incident(puts - 1)).ok());
  }
  EXPECT_GT(acknowledged_in_all, 0);
}

TEST_F(Durability, WhatIsClosedInOrderIsThereToo) {
  for (int number = 0; number < 3; ++number) {
    const auto store = open_duckdb_store(path());
    ASSERT_TRUE(store.ok()) << store.error().message;
    EXPECT_EQ(whole_puts(**store), number);
    ASSERT_TRUE((*store)->put_series(numbered(number), test_time(number)).ok());
  }
}

TEST_F(Durability, ASecondOpenerIsToldWhoHasTheFile) {
  const auto store = open_duckdb_store(path());
  ASSERT_TRUE(store.ok());
  const auto second = open_duckdb_store(path());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::world);
  EXPECT_THAT(second.error().message, HasSubstr("in use by process " + std::to_string(getpid())));
  EXPECT_FALSE(open_duckdb_store(path(), {.read_only = true}).ok());
}

TEST_F(Durability, ASecondProcessIsToldWhoHasTheFile) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t owner = fork();
  ASSERT_GE(owner, 0);
  if (owner == 0) {
    const auto store = open_duckdb_store(path());
    if (write(pipe_ends[1], "!", 1) != 1 || !store) _exit(1);
    pause();
    _exit(0);
  }
  char ready = 0;
  ASSERT_EQ(read(pipe_ends[0], &ready, 1), 1);
  const auto second = open_duckdb_store(path());
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message,
              HasSubstr("process " + std::to_string(owner) + " (lo_store_test)"));
  EXPECT_TRUE(open_duckdb_store(path()).ok()) << "with its process, the owner's lock is gone";
}

TEST_F(Durability, ReadersOfAReadOnlyStoreCanReadAndNotWrite) {
  {
    ASSERT_TRUE((*open_duckdb_store(path()))->put_series(numbered(0), test_time(0)).ok());
  }
  const auto store = open_duckdb_store(path(), {.read_only = true});
  ASSERT_TRUE(store.ok()) << store.error().message;
  EXPECT_EQ(whole_puts(**store), 1);
  const auto refused = (*store)->put_series(numbered(1), test_time(1));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::usage);
}

TEST_F(Durability, AFileThatIsNotThereOrCannotBeWrittenIsASentence) {
  const auto read_only = open_duckdb_store(path(), {.read_only = true});
  ASSERT_FALSE(read_only.ok());
  EXPECT_THAT(read_only.error().message, HasSubstr(path()));
  const auto no_folder = open_duckdb_store((folder_ / "none" / "store.db").string());
  ASSERT_FALSE(no_folder.ok());
  EXPECT_EQ(no_folder.error().kind, ErrorKind::world);
  EXPECT_THAT(no_folder.error().message, HasSubstr("No such file or directory"));
  EXPECT_FALSE(open_duckdb_store(folder_.string()).ok()) << "a folder";
  EXPECT_FALSE(open_duckdb_store("").ok());
}

TEST_F(Durability, AStoreOfANewerProgramIsRefused) {
  {
    ASSERT_TRUE(open_duckdb_store(path()).ok());
  }
  {
    auto database = SqlDatabase::open(path(), {});
    ASSERT_TRUE((*(*database)->connect())->run("UPDATE store_format SET version = 2").ok());
  }
  const auto store = open_duckdb_store(path());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind, ErrorKind::unsupported);
  EXPECT_THAT(store.error().message, HasSubstr("store format 2"));
}

TEST_F(Durability, AnotherProgramsDatabaseIsLeftAlone) {
  {
    auto database = SqlDatabase::open(path(), {});
    ASSERT_TRUE((*(*database)->connect())->run("CREATE TABLE pets (name VARCHAR)").ok());
  }
  const auto store = open_duckdb_store(path());
  ASSERT_FALSE(store.ok());
  EXPECT_THAT(store.error().message, HasSubstr("not one of Lightsout's stores"));
}

TEST_F(Durability, ADamagedRowIsAnErrorThatNamesIt) {
  {
    const auto store = open_duckdb_store(path());
    ASSERT_TRUE((*store)->put_incident(numbered_incident(0)).ok());
    ASSERT_TRUE((*store)->put_detection(full_detection(), test_time(0)).ok());
    ASSERT_TRUE((*store)->put_series(numbered(0), test_time(0)).ok());
  }
  {
    auto database = SqlDatabase::open(path(), {});
    auto connection = (*database)->connect();
    ASSERT_TRUE((*connection)->run("UPDATE incidents SET json = json[:90]").ok());
    ASSERT_TRUE((*connection)->run("UPDATE detections SET json = '{}'").ok());
    ASSERT_TRUE((*connection)->run("UPDATE samples SET state = 9 WHERE track = 1").ok());
    ASSERT_TRUE((*connection)->run("UPDATE tracks SET unit = 'furlong' WHERE track = 2").ok());
  }
  const auto store = open_duckdb_store(path(), {.read_only = true});
  ASSERT_TRUE(store.ok()) << store.error().message;
  const auto incidents = (*store)->incidents({});
  ASSERT_FALSE(incidents.ok());
  EXPECT_EQ(incidents.error().kind, ErrorKind::malformed);
  EXPECT_THAT(incidents.error().message, HasSubstr("version 1 of incident " + full_incident().id));
  const auto detections = (*store)->detections({}, std::nullopt);
  ASSERT_FALSE(detections.ok());
  EXPECT_THAT(detections.error().message, HasSubstr(full_detection().signal.text()));
  EXPECT_THAT((*store)->read_series(*SignalId::parse(kSignals[0]), {}).error().message,
              HasSubstr("state 9"));
  EXPECT_FALSE((*store)->read_series(*SignalId::parse(kSignals[1]), {}).ok());
  EXPECT_FALSE((*store)->list_signals({}).ok());
}

// The examples of docs/formats/store.md, which people will copy.
TEST_F(Durability, TheTablesReadInPlainSqlAsTheStoreReadsThem) {
  {
    const auto store = open_duckdb_store(path());
    ASSERT_TRUE((*store)->put_series(numbered(0), test_time(0)).ok());
    std::vector<Series> correction = numbered(0);
    correction[0].samples = {Sample::of(7), Sample::missing(), Sample::suppressed()};
    ASSERT_TRUE((*store)->put_series({correction.data(), 1}, test_time(9)).ok());
    ASSERT_TRUE((*store)->put_incident(numbered_incident(0)).ok());
  }
  auto database = SqlDatabase::open(path(), {.read_only = true});
  auto connection = (*database)->connect();
  auto rows =
      (*connection)
          ->query(
              "SELECT strftime(time, '%Y-%m-%d %H:%M'), state, coalesce(value::VARCHAR, 'NULL')"
              " FROM latest_samples WHERE signal = 'country:KZ/bgp/visible_slash24'"
              " AND time >= '2022-01-05' ORDER BY time LIMIT 4");
  ASSERT_TRUE(rows.ok()) << rows.error().message;
  ASSERT_TRUE(rows->next());
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    lines.push_back(rows->text(0, i) + " " + rows->text(1, i) + " " + rows->text(2, i));
  }
  EXPECT_THAT(lines, testing::ElementsAre(
                         "2022-01-05 10:30 number 7.0", "2022-01-05 10:35 number 0.0",
                         "2022-01-05 10:40 suppressed NULL", "2022-01-05 10:45 number 0.0"));
  const char* const others[] = {
      "SELECT time_bucket(INTERVAL 1 HOUR, time) AS hour, avg(value) FROM latest_samples"
      " WHERE signal = 'country:KZ/bgp/visible_slash24' GROUP BY hour ORDER BY hour",
      "SELECT id, version, grade, make_timestamp(onset * 1000000) AS onset,"
      " json ->> '$.confidence' FROM incidents"};
  for (const char* sql : others) {
    auto answer = (*connection)->query(sql);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_TRUE(answer->next());
  }
  EXPECT_EQ(**(*connection)->number("SELECT count(*) FROM all_samples"), 2 * kBinsPerPut + 3);
}

// Others open the file by itself, or attach it under a name of their own.
TEST_F(Durability, TheViewsDoNotDependOnTheNameTheFileIsAttachedBy) {
  {
    ASSERT_TRUE((*open_duckdb_store(path()))->put_series(numbered(0), test_time(0)).ok());
  }
  auto database = SqlDatabase::open(":memory:", {});
  auto connection = (*database)->connect();
  const Status attached = (*connection)->run("ATTACH '" + path() + "' AS another_name (READ_ONLY)");
  ASSERT_TRUE(attached.ok()) << attached.error().message;
  for (const char* view : {"all_samples", "latest_samples"}) {
    const auto count =
        (*connection)->number(std::string("SELECT count(*) FROM another_name.") + view);
    ASSERT_TRUE(count.ok()) << count.error().message;
    EXPECT_EQ(**count, 2 * kBinsPerPut) << view;
  }
}

// Large puts do not go through the log: they are written to the file before they are committed.
TEST_F(Durability, KilledWhileLargePutsAreUnderWayNothingAcknowledgedIsLost) {
  constexpr int kLarge = 70'000;  // bins: more than one piece of the table
  const SignalId id = *SignalId::parse(kSignals[0]);
  std::mt19937 random(2022);
  int next = 0;
  int acknowledged_in_all = 0;
  for (int round = 0; round < 8; ++round) {
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t writer = fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      close(pipe_ends[0]);
      auto store = open_duckdb_store(path());
      if (!store) _exit(3);
      for (int number = next;; ++number) {
        const Series series{.id = id,
                            .begin = test_time(0) + Seconds{300} * (number * kLarge),
                            .step = Seconds{300},
                            .samples = std::vector<Sample>(kLarge, Sample::of(number))};
        if (!(*store)->put_series({&series, 1}, test_time(number))) _exit(4);
        if (write(pipe_ends[1], &number, sizeof number) != sizeof number) _exit(7);
      }
    }
    close(pipe_ends[1]);
    int acknowledged = next - 1;
    ASSERT_EQ(read(pipe_ends[0], &acknowledged, sizeof acknowledged),
              static_cast<ssize_t>(sizeof acknowledged));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
    ASSERT_EQ(kill(writer, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << WEXITSTATUS(status);
    for (int number = 0; read(pipe_ends[0], &number, sizeof number) == sizeof number;) {
      acknowledged = number;
      ++acknowledged_in_all;
    }
    close(pipe_ends[0]);
    const auto store = open_duckdb_store(path());
    ASSERT_TRUE(store.ok()) << "round " << round << ": " << store.error().message;
    const Result<Series> series = (*store)->read_series(id, {});
    ASSERT_TRUE(series.ok()) << series.error().message;
    ASSERT_EQ(series->size() % kLarge, 0u) << "half a put";
    next = static_cast<int>(series->size()) / kLarge;
    ASSERT_GE(next, acknowledged + 1) << "round " << round;
    for (std::size_t bin = 0; bin < series->size(); ++bin) {
      ASSERT_EQ(series->samples[bin].number(), static_cast<double>(bin / kLarge));
    }
    if (next > 24) break;  // enough; a read has its limit of bins
  }
  EXPECT_GT(next, acknowledged_in_all > 0 ? 1 : 0);
}

TEST_F(Durability, ATrackWithoutAStepIsDamageToo) {
  {
    ASSERT_TRUE((*open_duckdb_store(path()))->put_series(numbered(0), test_time(0)).ok());
  }
  {
    auto database = SqlDatabase::open(path(), {});
    ASSERT_TRUE((*(*database)->connect())->run("UPDATE tracks SET step = 0").ok());
  }
  const auto store = open_duckdb_store(path());
  const auto series = (*store)->read_series(*SignalId::parse(kSignals[0]), {});
  ASSERT_FALSE(series.ok());
  EXPECT_EQ(series.error().kind, ErrorKind::malformed);
}

void fill_store(const std::string& path, int puts) {
  const auto store = open_duckdb_store(path);
  ASSERT_TRUE(store.ok()) << store.error().message;
  for (int number = 0; number < puts; ++number) {
    ASSERT_TRUE((*store)->put_series(numbered(number), test_time(number)).ok());
  }
}

// Runs in a process of its own, because a library that gives up takes its process along.
int exit_code_of(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(Durability, AGarbledOrShortenedFileIsASentenceOrWhatWasThere) {
  fill_store(path(), 20);
  const std::uintmax_t size = fs::file_size(path());
  std::mt19937 random(7);
  int refused = 0;
  for (int round = 0; round < 40; ++round) {
    const std::string copy = (folder_ / "copy.db").string();
    fs::copy_file(path(), copy, fs::copy_options::overwrite_existing);
    fs::remove(copy + ".wal");
    if (round % 2 == 0) {
      fs::resize_file(copy, random() % size);
    } else {
      std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
      for (int i = 0; i < 64; ++i) {
        file.seekp(static_cast<std::streamoff>(random() % size));
        file.put(static_cast<char>(random()));
      }
    }
    // 0: a sentence; 1: opened, and every number read is one that was put; 2: invented numbers.
    const int code = exit_code_of([&] {
      const auto store = open_duckdb_store(copy, {.read_only = true});
      if (!store) return store.error().message.empty() ? 2 : 0;
      const auto series = (*store)->read_series(*SignalId::parse(kSignals[0]), {});
      if (!series) return series.error().message.empty() ? 2 : 0;
      for (std::size_t bin = 0; bin < series->size(); ++bin) {
        const auto number = series->samples[bin].number();
        if (number && *number != static_cast<double>(bin / kBinsPerPut)) return 2;
      }
      return 1;
    });
    EXPECT_THAT(code, AnyOf(0, 1)) << "round " << round;
    refused += code == 0;
  }
  EXPECT_GT(refused, 20);
  std::ofstream(path(), std::ios::binary) << "this is not a database, and never was one";
  EXPECT_FALSE(open_duckdb_store(path()).ok());
}

TEST_F(Durability, ATornLogGivesWholePutsUpToTheTear) {
  // A writer that is killed leaves its last puts in the log beside the file.
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t writer = fork();
  if (writer == 0) write_forever(path(), 0, pipe_ends[1]);
  int number = 0;
  while (number < 15 && read(pipe_ends[0], &number, sizeof number) == sizeof number) {
  }
  kill(writer, SIGKILL);
  waitpid(writer, nullptr, 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  const std::string log = path() + ".wal";
  ASSERT_TRUE(fs::exists(log)) << "nothing to tear";
  const std::uintmax_t size = fs::file_size(log);
  ASSERT_GT(size, 0u);

  std::mt19937 random(11);
  for (int round = 0; round < 25; ++round) {
    const std::string copy = (folder_ / "copy.db").string();
    fs::copy_file(path(), copy, fs::copy_options::overwrite_existing);
    fs::copy_file(log, copy + ".wal", fs::copy_options::overwrite_existing);
    fs::resize_file(copy + ".wal", random() % size);
    const int code = exit_code_of([&] {
      const auto store = open_duckdb_store(copy);
      if (!store) return store.error().message.empty() ? 2 : 0;
      return whole_puts(**store) >= 0 ? 1 : 2;
    });
    EXPECT_EQ(code, 1) << "round " << round;
  }
}

TEST_F(Durability, AFullDiskIsASentenceAndNothingOfThatPutIsKept) {
  fill_store(path(), 2);
  const int code = exit_code_of([&] {
    // No file of this process may grow past this size: what a full disk looks like from inside.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{fs::file_size(path()) + (1 << 20), RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    const auto store = open_duckdb_store(path());
    if (!store) return 10;
    for (int number = 2; number < 2000; ++number) {
      const auto put = (*store)->put_series(numbered(number), test_time(number));
      if (put) continue;
      if (put.error().message.find(path()) == std::string::npos) return 11;
      // What follows may fail too, but in words.
      const auto again = (*store)->put_series(numbered(number), test_time(number));
      if (!again && again.error().message.empty()) return 12;
      static_cast<void>((*store)->inputs());
      return 0;
    }
    return 14;
  });
  ASSERT_EQ(code, 0) << "14: the limit was never met";
  const auto store = open_duckdb_store(path());
  ASSERT_TRUE(store.ok()) << store.error().message;
  const int puts = whole_puts(**store);
  EXPECT_GE(puts, 2);
  ASSERT_TRUE((*store)->put_series(numbered(puts), test_time(puts)).ok()) << "room again";
  EXPECT_EQ(whole_puts(**store), puts + 1);
}

}  // namespace
}  // namespace lightsout
