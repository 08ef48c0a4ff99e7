// SPDX-License-Identifier: Apache-2.0
#include "io/answer_folder.h"

#include <gtest/gtest.h>

#include "io/test_folder.h"

namespace lightsout {
namespace {

TEST(AnswerFolder, KeepsBytesUnderANameAndMakesItsFolder) {
  const TestFolder folder;
  AnswerFolder answers = *AnswerFolder::open((folder.path() / "a/b").string());
  EXPECT_FALSE((*answers.get("x.json")).has_value());
  const std::string bytes("\0\xff\n{}", 5);
  ASSERT_TRUE(answers.put("x.json", bytes).ok());
  EXPECT_EQ(**answers.get("x.json"), bytes);
  EXPECT_EQ(folder.get("a/b/x.json"), bytes);
}

TEST(AnswerFolder, ANameCannotLeaveTheFolder) {
  const TestFolder folder;
  AnswerFolder answers = *AnswerFolder::open(folder.path().string());
  for (const std::string& name :
       {std::string(""), std::string(".."), std::string("../x"), std::string("a/b"),
        std::string("/etc/passwd"), std::string(".hidden"), std::string("a\0b", 3),
        std::string(kAnswerNameLimit + 1, 'a')}) {
    EXPECT_EQ(answers.put(name, "x").error().kind, ErrorKind::usage) << name;
    EXPECT_EQ(answers.get(name).error().kind, ErrorKind::usage) << name;
  }
  EXPECT_TRUE(answers.put(std::string(kAnswerNameLimit, 'a'), "x").ok());
}

TEST(AnswerFolder, AnAnswerHasALimit) {
  const TestFolder folder;
  AnswerFolder answers = *AnswerFolder::open(folder.path().string());
  std::string bytes(kAnswerLimit, 'x');
  EXPECT_TRUE(answers.put("a", bytes).ok());
  EXPECT_EQ((*answers.get("a"))->size(), kAnswerLimit);
  bytes += 'x';
  EXPECT_EQ(answers.put("a", bytes).error().kind, ErrorKind::limit);
}

TEST(AnswerFolder, AFileInTheWayIsSaid) {
  const TestFolder folder;
  folder.put("a", "");
  const Result<AnswerFolder> answers = AnswerFolder::open((folder.path() / "a").string());
  ASSERT_FALSE(answers.ok());
  EXPECT_EQ(answers.error().kind, ErrorKind::world);
}

}  // namespace
}  // namespace lightsout
