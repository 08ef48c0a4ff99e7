// SPDX-License-Identifier: Apache-2.0
#include "source/annotations.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

Input input_of(std::string name, std::string text) {
  return Input{
      .lineage = {.name = std::move(name)},
      .open = [text = std::make_shared<std::string>(
                   std::move(text))]() -> Result<std::unique_ptr<ByteSource>> {
        return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(std::string_view(*text)));
      }};
}

TEST(Annotations, AreTakenFromAmongTheInputsByTheirHeader) {
  const std::vector<Input> inputs = {
      input_of("a.csv",
               "# SEMI-SYNTHETIC: made\ntime,text,source\n2022-01-05T12:00Z,\"a speech, on "
               "television\",press\n"
               "2022-01-02,protests,press\n"),
      input_of("b.csv", "time,entity,signal,value\n")};
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
        input_of("a.csv", std::string("time,text,source\n") + line + "\n")};
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
  EXPECT_TRUE(take_annotations(std::vector{input_of("a", text)}, annotations));
  EXPECT_EQ(annotations.size(), kMaxAnnotations);
  annotations.clear();
  EXPECT_FALSE(
      take_annotations(std::vector{input_of("a", text + "2022-01-05,t,s\n")}, annotations));
}

}  // namespace
}  // namespace lightsout
