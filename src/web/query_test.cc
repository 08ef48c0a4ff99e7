// SPDX-License-Identifier: Apache-2.0
#include "web/query.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

const Time kNow = *parse_time("2026-11-23T12:00:00Z");

TEST(Query, TimesAreReadAsPeopleAndScriptsWriteThem) {
  const Result<WebRequest> request = parse_target("/?from=now-6h&until=now&tz=Asia/Almaty&lang=ru");
  ASSERT_TRUE(request.ok());
  const Result<ReadQuery> query = read_query(*request, kNow);
  ASSERT_TRUE(query.ok()) << query.error().message;
  EXPECT_EQ(query->from, kNow - std::chrono::hours(6));
  EXPECT_EQ(query->until, kNow);
  EXPECT_EQ(query->tz, "Asia/Almaty");
  EXPECT_EQ(*read_time("1641378600", kNow), *parse_time("2022-01-05T10:30:00Z"));
}

TEST(Query, WhatMakesNoSenseIsNamed) {
  for (const auto& [target, word] : std::vector<std::pair<std::string, std::string>>{
           {"/?from=yesterday", "from"},
           {"/?until=now-6w", "until"},
           {"/?asof=now-", "asof"},
           {"/?from=2022-01-06&until=2022-01-05", "before"},
           {"/?from=1980-01-01", "20 years"},
           {"/?from=now--6h", "from"}}) {
    const Result<ReadQuery> query = read_query(*parse_target(target), kNow);
    ASSERT_FALSE(query.ok()) << target;
    EXPECT_EQ(query.error().kind, ErrorKind::usage);
    EXPECT_NE(query.error().message.find(word), std::string::npos) << query.error().message;
  }
}

}  // namespace
}  // namespace lightsout
