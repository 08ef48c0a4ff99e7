// SPDX-License-Identifier: Apache-2.0
#include "source/annotations.h"

#include <gtest/gtest.h>

#include "source/test_input.h"

namespace lightsout {
namespace {

TEST(Annotations, AreTakenFromAmongTheInputsByTheirHeader) {
  const std::vector<Input> inputs = {
      text_input("a.csv",
                 "# SEMI-SYNTHETIC: made\ntime,text,source\n2022-01-05T12:00Z,\"a speech, on "
                 "television\",press\n"
                 "2022-01-02,protests,press\n"),
      text_input("b.csv", "time,entity,signal,value\n")};
  std::vector<Annotation> annotations;
  const Result<std::vector<Input>> others = take_annotations(inputs, annotations);
  ASSERT_TRUE(others) << others.error().message;
  ASSERT_EQ(others->size(), 1u);
  EXPECT_EQ(others->front().lineage.name, "b.csv");
  ASSERT_EQ(annotations.size(), 2u);
  EXPECT_EQ(annotations[0].text, "protests");
  EXPECT_EQ(annotations[1].text, "a speech, on television");
}

TEST(Annotations, ALineThatCannotBeReadIsNamed) {
  for (const char* line : {"yesterday,text,source2", "2022-01-05", "2022-01-05,a,b,c"}) {
    std::vector<Annotation> annotations;
    const std::vector<Input> inputs = {
        text_input("a.csv", std::string("time,text,source\n") + line + "\n")};
    const Result<std::vector<Input>> others = take_annotations(inputs, annotations);
    ASSERT_FALSE(others) << line;
    EXPECT_NE(others.error().message.find("a.csv, line 2"), std::string::npos)
        << others.error().message;
  }
}

TEST(Annotations, HaveAMaximum) {
  std::string text = "time,text,source\n";
  for (std::size_t i = 0; i < kMaxAnnotations; ++i) text += "2022-01-05,t,s\n";
  std::vector<Annotation> annotations;
  EXPECT_TRUE(take_annotations(std::vector{text_input("a", text)}, annotations));
  EXPECT_EQ(annotations.size(), kMaxAnnotations);
  annotations.clear();
  EXPECT_FALSE(
      take_annotations(std::vector{text_input("a", text + "2022-01-05,t,s\n")}, annotations));
}

}  // namespace
}  // namespace lightsout
