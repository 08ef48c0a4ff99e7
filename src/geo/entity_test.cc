// SPDX-License-Identifier: Apache-2.0
#include "geo/entity.h"

#include <gtest/gtest.h>

namespace lightsout {
namespace {

struct EntityCase {
  const char* text;
  bool valid;
  const char* country;
  std::uint32_t asn;
};

const EntityCase kEntityCases[] = {
    {"country:KZ", true, "KZ", 0},
    {"region:KZ-75", true, "KZ", 0},
    {"region:VE-Anzoátegui", true, "VE", 0},
    {"asn:9198", true, "", 9198},
    {"asn:9198@country:KZ", true, "KZ", 9198},
    {"service:telegram@country:KZ", true, "KZ", 0},
    {"service:telegram@asn:9198", true, "", 9198},
    {"service:telegram", true, "", 0},
    {"country:kz", false, "", 0},
    {"country:KAZ", false, "", 0},
    {"country:KZ@country:KZ", false, "", 0},
    {"asn:9198@asn:1", false, "", 0},
    {"asn:4294967296", false, "", 0},
    {"asn:-1", false, "", 0},
    {"region:KZ-", false, "", 0},
    {"service:a b", false, "", 0},
    {"service:a/b", false, "", 0},
    {"", false, "", 0},
    {":", false, "", 0},
};

TEST(Entity, HasOneSpelling) {
  for (const EntityCase& c : kEntityCases) {
    const Result<Entity> entity = Entity::parse(c.text);
    ASSERT_EQ(entity.ok(), c.valid) << c.text;
    if (!entity) continue;
    EXPECT_EQ(entity->text(), c.text);
    EXPECT_EQ(entity->country(), c.country) << c.text;
    EXPECT_EQ(entity->asn().number, c.asn) << c.text;
  }
}

}  // namespace
}  // namespace lightsout
