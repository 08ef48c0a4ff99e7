// SPDX-License-Identifier: Apache-2.0
#include "io/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "compress/test_compress.h"
#include "core/sha256.h"
#include "io/test_folder.h"

namespace lightsout {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class StillClock final : public Clock {
 public:
  Time now() override { return *parse_time("2022-01-05T10:30:00Z"); }
  void sleep(std::chrono::milliseconds) override {}
};

class Files : public testing::Test {
 protected:
  Result<OpenedInputs> open(std::vector<std::string> paths, FileLimits limits = {}) {
    return open_inputs(paths, clock_, limits);
  }
  std::string path(std::string_view name) { return (folder_.path() / name).string(); }
  void put(std::string_view name, std::string_view bytes) { folder_.put(name, bytes); }

  TestFolder folder_;
  StillClock clock_;
};

std::string content_of(const Input& input) {
  Result<std::unique_ptr<ByteSource>> source = input.open();
  if (!source) return "error: " + source.error().message;
  const Result<std::string> text = read_all(**source, 1 << 20);
  return text ? *text : "error: " + text.error().message;
}

std::vector<std::string> names_of(const OpenedInputs& opened) {
  std::vector<std::string> names;
  for (const Input& input : opened.inputs) names.push_back(input.lineage.name);
  return names;
}

TEST_F(Files, AreHashedAsTheyLieAndReadDecompressed) {
  const std::string packed = gzip_of("time,value\n");
  put("a.csv.gz", packed);
  Result<OpenedInputs> opened = open({path("a.csv.gz")});
  ASSERT_TRUE(opened.ok());
  const Input& input = opened->inputs.at(0);
  EXPECT_EQ(input.lineage.name, "a.csv.gz");
  EXPECT_EQ(input.lineage.sha256, sha256_hex(packed));
  EXPECT_EQ(content_of(input), "time,value\n");
  EXPECT_EQ(content_of(input), "time,value\n");  // a second time
}

TEST_F(Files, ArriveWhenTheyWereLastWritten) {
  put("a", "x");
  const timespec times[2] = {{1641378600, 0}, {1641378600, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, path("a").c_str(), times, 0), 0);
  EXPECT_EQ(open({path("a")})->inputs.at(0).lineage.arrived, *parse_time("2022-01-05T10:30:00Z"));
}

TEST_F(Files, AFolderIsEveryFileBelowItInOrder) {
  put("b/2.csv", "2");
  put("b/10.csv", "10");
  put("a.csv", "a");
  put("c.csv", "");
  EXPECT_THAT(names_of(*open({path("")})), ElementsAre("a.csv", "10.csv", "2.csv", "c.csv"));
}

TEST_F(Files, WhatIsLeftOutIsSaid) {
  put("seen.csv", "1");
  put(".hidden", "2");
  put(".git/config", "3");
  fs::create_symlink(path("nowhere"), path("dangling"));
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  Result<OpenedInputs> opened = open({path("")});
  ASSERT_TRUE(opened.ok());
  EXPECT_THAT(names_of(*opened), ElementsAre("seen.csv"));
  EXPECT_THAT(opened->notes, ElementsAre(HasSubstr("/.git' was not read: hidden"),
                                         HasSubstr("/.hidden' was not read: hidden"),
                                         HasSubstr("/dangling' was not read: No such file"),
                                         HasSubstr("/pipe' was not read: not a regular file")));
}

TEST_F(Files, LinksThatGoInACircleEnd) {
  put("in/a.csv", "1");
  fs::create_directory_symlink(path(""), path("in/back"));
  fs::create_directory_symlink(path("in"), path("twice"));  // not a circle: read again
  Result<OpenedInputs> opened = open({path("")});
  ASSERT_TRUE(opened.ok());
  EXPECT_THAT(names_of(*opened), ElementsAre("a.csv", "a.csv"));
  EXPECT_THAT(opened->notes, testing::Each(HasSubstr("a link back to a folder above it")));
  EXPECT_FALSE(opened->notes.empty());
}

TEST_F(Files, AnUnreadableFileInAFolderIsANoteAndByNameAnError) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  put("a", "1");
  fs::permissions(path("a"), fs::perms::none);
  EXPECT_THAT(open({path("")})->notes, ElementsAre(HasSubstr("Permission denied")));
  EXPECT_EQ(open({path("a")}).error().kind, ErrorKind::world);
}

TEST_F(Files, WhatDoesNotExistIsNotFound) {
  const Result<OpenedInputs> opened = open({path("missing.csv")});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::not_found);
  EXPECT_THAT(opened.error().message, HasSubstr("missing.csv' cannot be read: No such file"));
}

TEST_F(Files, TheLimitsHoldAtTheLimitAndNotOnePast) {
  put("in/1", "");
  put("in/2", "");
  put("deep/1/2/x", "");
  EXPECT_TRUE(open({path("in")}, {.files = 2}).ok());
  EXPECT_EQ(open({path("in")}, {.files = 1}).error().kind, ErrorKind::limit);
  EXPECT_EQ(open({path("in/1"), path("in/2")}, {.files = 1}).error().kind, ErrorKind::limit);
  EXPECT_TRUE(open({path("deep")}, {.depth = 2}).ok());
  EXPECT_EQ(open({path("deep")}, {.depth = 1}).error().kind, ErrorKind::limit);
}

TEST_F(Files, AFileThatChangedSinceItWasHashedIsRefused) {
  put("a", "before");
  Result<OpenedInputs> opened = open({path("a")});
  put("a", "afterwards");
  EXPECT_THAT(content_of(opened->inputs.at(0)), HasSubstr("changed while it was being read"));
}

TEST_F(Files, APipeIsSpooledHashedAndReadTwice) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const std::string packed = zstd_of("from a pipe");
  std::thread writer([&] { std::ofstream(path("pipe"), std::ios::binary) << packed; });
  Result<OpenedInputs> opened = open({path("pipe")}, {.spool_folder = folder_.path().string()});
  writer.join();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const Input& input = opened->inputs.at(0);
  EXPECT_EQ(input.lineage.sha256, sha256_hex(packed));
  EXPECT_EQ(input.lineage.arrived, clock_.now());
  EXPECT_EQ(content_of(input), "from a pipe");
  EXPECT_EQ(content_of(input), "from a pipe");
  // Nothing is left to be found in the spool folder.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(Files, StandardInputIsSpooledUpToItsLimit) {
  put("in", "12345");
  const int saved = dup(STDIN_FILENO);
  for (const std::uint64_t limit : {5, 4}) {
    const int fd = ::open(path("in").c_str(), O_RDONLY);
    dup2(fd, STDIN_FILENO);
    ::close(fd);
    Result<OpenedInputs> opened = open({"-"}, {.spool_bytes = limit});
    EXPECT_EQ(opened.ok(), limit == 5);
    if (opened.ok()) {
      EXPECT_EQ(content_of(opened->inputs.at(0)), "12345");
      EXPECT_EQ(opened->inputs.at(0).lineage.name, "standard input");
    }
  }
  dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST_F(Files, ADamagedFileSaysItsName) {
  const std::string packed = gzip_of(std::string(5000, 'a') + "b");
  put("a.gz", packed.substr(0, packed.size() - 9));
  EXPECT_THAT(content_of(open({path("a.gz")})->inputs.at(0)),
              HasSubstr("a.gz: gzip stream: cut short"));
}

TEST_F(Files, ReadFileHasALimit) {
  put("a", "12345");
  EXPECT_EQ(*read_file(path("a"), 5), "12345");
  EXPECT_EQ(read_file(path("a"), 4).error().kind, ErrorKind::limit);
  EXPECT_EQ(read_file(path(""), 4).error().kind, ErrorKind::world);
}

}  // namespace
}  // namespace lightsout
