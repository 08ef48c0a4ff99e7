// SPDX-License-Identifier: Apache-2.0
#include "web/exchange.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

TEST(Exchange, ATargetIsReadIntoPathAndParameters) {
  const Result<WebRequest> request =
      parse_target("/country/KZ?from=2022-01-05T10%3A30%3A00Z&e=a+b&e=c&bare");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->parts(), (std::vector<std::string>{"country", "KZ"}));
  EXPECT_EQ(request->parameter("from"), "2022-01-05T10:30:00Z");
  EXPECT_EQ(request->parameters("e"), (std::vector<std::string>{"a b", "c"}));
  EXPECT_EQ(request->parameter("bare"), "");
  EXPECT_EQ(request->parameter("until"), std::nullopt);
}

TEST(Exchange, WhatIsNoPlainAddressIsRefusedWithASentence) {
  for (const std::string target :
       {"", "country", "/..", "/a/../b", "/%2e%2e/etc", "/a//b", "/a/./b", "/%", "/%4", "/%zz",
        "/a%00b", "/a%0d%0aSet-Cookie:x", "/%ff", "/a\\b", "/%5c", "/?x=%e2%80%ae", "/?x=%c0%af"}) {
    const Result<WebRequest> request = parse_target(target);
    ASSERT_FALSE(request.ok()) << target;
    EXPECT_GT(request.error().message.size(), 20u) << target;
  }
  EXPECT_FALSE(parse_target("/" + std::string(kMaxTarget, 'a')).ok());
  EXPECT_TRUE(parse_target("/" + std::string(kMaxTarget - 1, 'a')).ok());
}

TEST(Exchange, OneParameterTooManyIsRefused) {
  std::string target = "/?a=1";
  for (std::size_t i = 1; i < kMaxParameters; ++i) target += "&a=1";
  EXPECT_TRUE(parse_target(target).ok());
  EXPECT_FALSE(parse_target(target + "&a=1").ok());
}

TEST(Exchange, WhatIsEncodedReadsBackTheSame) {
  const std::string hostile = "a b/?&=#%\"<>'é";
  const Result<WebRequest> request = parse_target("/?x=" + percent_encode(hostile));
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->parameter("x"), hostile);
}

TEST(Exchange, AProblemIsJsonWhateverItsWords) {
  const WebResponse response = problem(404, "not \"here\"", "line\nbreak");
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_NE(response.body.find(R"("title":"not \"here\"","status":404)"), std::string::npos);
}

}  // namespace
}  // namespace lightsout
