// What other commands do with a store that a server has open.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "app/command_testing.h"
#include "app/options.h"
#include "app/world.h"
#include "store/duckdb_store.h"
#include "store/remote_store.h"
#include "store/store_service.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

TEST(StoreSocket, CommandsGoThroughTheServerThatHasTheFile) {
  const CommandFolder folder;
  folder.put("a.csv",
             "time,entity,signal,value\n"
             "2022-01-05T10:00:00Z,country:KZ,bgp/visible_slash24,100\n"
             "2022-01-05T10:05:00Z,country:KZ,bgp/visible_slash24,90\n");
  ASSERT_EQ(folder.run("ingest --store $TMP/obs.db --input $TMP/a.csv").code, kOk);
  const std::string path = folder.path("obs.db");
  const auto world = real_world();
  auto store = open_duckdb_store(path);
  ASSERT_TRUE(store.ok()) << store.error().message;
  const std::string list = "series --store $TMP/obs.db --format csv";
  const Ran alone = folder.run(list);
  EXPECT_EQ(alone.code, kRuntimeError) << "the file is taken, and nobody listens";
  EXPECT_THAT(alone.err, HasSubstr("is in use by process"));

  auto listener = world->listen_local(socket_path(path));
  ASSERT_TRUE(listener.ok()) << listener.error().message;
  {
    StoreService service(**store, **listener, "test");
    const Ran through = folder.run(list);
    EXPECT_EQ(through.code, kOk) << through.err;
    EXPECT_THAT(through.out, HasSubstr("90"));
    folder.put("b.csv",
               "time,entity,signal,value\n"
               "2022-01-05T10:10:00Z,country:KZ,bgp/visible_slash24,77\n"
               "2022-01-05T10:15:00Z,country:KZ,bgp/visible_slash24,70\n");
    EXPECT_EQ(folder.run("ingest --store $TMP/obs.db --input $TMP/b.csv").code, kOk);
  }
  EXPECT_EQ((*store)->list_signals({})->at(0).range.end, *parse_time("2022-01-05T10:20:00Z"));
}

}  // namespace
}  // namespace lightsout
