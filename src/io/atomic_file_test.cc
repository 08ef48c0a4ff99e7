// SPDX-License-Identifier: Apache-2.0
#include "io/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "io/test_folder.h"

namespace lightsout {
namespace {

namespace fs = std::filesystem;

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(AtomicFile, ReplacesTheOldFileAndLeavesNothingBehind) {
  const TestFolder folder;
  const std::string path = (folder.path() / "report.html").string();
  ASSERT_TRUE(write_file(path, "old").ok());
  ASSERT_TRUE(write_file(path, "new").ok());
  EXPECT_EQ(folder.get("report.html"), "new");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(AtomicFile, OneSyncCanStandForManyFiles) {
  const TestFolder folder;
  const std::string root = folder.path().string();
  for (const char* name : {"a", "b", "a"}) {
    ASSERT_TRUE(write_file(root + "/" + name, name, Durability::later).ok());
  }
  EXPECT_TRUE(sync_below(root).ok());
  EXPECT_EQ(folder.get("a"), "a");
  EXPECT_EQ(entries_in(folder.path()), 2u);
  const Status nowhere = sync_below(root + "/missing");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().kind, ErrorKind::world);
}

TEST(AtomicFile, WithoutCommitTheOldFileStays) {
  const TestFolder folder;
  folder.put("a", "old");
  {
    Result<AtomicFile> file = AtomicFile::create((folder.path() / "a").string());
    const std::uint8_t bytes[] = {'n', 'e', 'w'};
    ASSERT_TRUE(file->write(bytes).ok());
    AtomicFile moved = std::move(*file);
  }
  EXPECT_EQ(folder.get("a"), "old");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

TEST(AtomicFile, SaysWhatCannotBeWritten) {
  const TestFolder folder;
  const std::string root = folder.path().string();
  EXPECT_EQ(write_file(root, "x").error().kind, ErrorKind::usage);
  EXPECT_EQ(write_file(root + "/", "x").error().kind, ErrorKind::usage);
  EXPECT_EQ(write_file(root + "/missing/a", "x").error().kind, ErrorKind::world);
}

TEST(AtomicFile, MakesAFolderWithThoseAboveItUnlessAFileIsInTheWay) {
  const TestFolder folder;
  const std::string root = folder.path().string();
  EXPECT_TRUE(make_folder(root + "/a/b").ok());
  EXPECT_TRUE(make_folder(root + "/a/b").ok());
  folder.put("file", "");
  EXPECT_FALSE(make_folder(root + "/file").ok());
}

// A process that rewrites the file without pause is killed at many moments: whoever looks
// afterwards finds one version whole.
TEST(AtomicFile, KilledInTheMiddleTheFileIsStillWhole) {
  const TestFolder folder;
  const std::string path = (folder.path() / "state").string();
  const std::string versions[] = {std::string(300'000, 'a'), std::string(200'000, 'b')};
  ASSERT_TRUE(write_file(path, versions[0]).ok());
  for (int round = 0; round < 40; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (std::size_t i = 0;; ++i) (void)write_file(path, versions[i % 2]).ok();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + round % 20));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const std::string found = folder.get("state");
    ASSERT_TRUE(found == versions[0] || found == versions[1]) << round << ": " << found.size();
  }
}

// RLIMIT_FSIZE stands for a full disk: the write fails half-way.
TEST(AtomicFile, AFullDiskLeavesTheOldFile) {
  const TestFolder folder;
  folder.put("a", "old");
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    const Status written = write_file((folder.path() / "a").string(), std::string(10'000, 'x'));
    _exit(written.ok() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(folder.get("a"), "old");
  EXPECT_EQ(entries_in(folder.path()), 1u);
}

}  // namespace
}  // namespace lightsout
