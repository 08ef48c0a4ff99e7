// The fetch of source/ioda_fetch.h over the real Http and the real folder, against a server on
// loopback (tools/fake_ioda.py) that behaves well and badly.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "core/sha256.h"
#include "io/answer_folder.h"
#include "io/http_curl.h"
#include "io/test_folder.h"
#include "source/ioda_fetch.h"

namespace lightsout {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// A clock on which waiting takes no time.
class PatientClock final : public Clock {
 public:
  Time now() override { return now_; }
  void sleep(std::chrono::milliseconds duration) override {
    now_ += std::chrono::duration_cast<Seconds>(duration);
    ++pauses;
  }
  int pauses = 0;

 private:
  Time now_ = *parse_time("2022-06-01T00:00:00Z");
};

class FakeIoda {
 public:
  FakeIoda() {
    int ends[2];
    CHECK(::pipe(ends) == 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::execlp("python3", "python3", LIGHTSOUT_SOURCE_DIR "/tools/fake_ioda.py", nullptr);
      _exit(127);
    }
    ::close(ends[1]);
    std::FILE* out = ::fdopen(ends[0], "r");
    if (std::fscanf(out, "%d", &port_) != 1) port_ = 0;
    std::fclose(out);
  }
  ~FakeIoda() {
    ::kill(child_, SIGTERM);
    int status = 0;
    ::waitpid(child_, &status, 0);
  }
  FakeIoda(const FakeIoda&) = delete;
  FakeIoda& operator=(const FakeIoda&) = delete;

  bool runs() const { return port_ != 0; }
  std::string base(const std::string& mode) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/" + mode + "/v2";
  }

 private:
  pid_t child_ = -1;
  int port_ = 0;
};

class IodaFetchLive : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::setenv("no_proxy", "127.0.0.1", 1);
    server_ = std::make_unique<FakeIoda>();
  }
  static void TearDownTestSuite() { server_.reset(); }
  void SetUp() override { ASSERT_TRUE(server_->runs()) << "python3 is needed"; }

  IodaFetched fetch(const std::string& mode, std::vector<std::string> datasources) {
    const IodaQuery query{.entity = *Entity::parse("country:KZ"),
                          .range = {*parse_time("2021-11-25"), *parse_time("2022-01-12")},
                          .datasources = std::move(datasources),
                          .base = server_->base(mode)};
    Result<AnswerFolder> store = AnswerFolder::open((folder_.path() / "answers").string());
    Result<IodaFetched> fetched = fetch_ioda(query, *http_, clock_, *store);
    EXPECT_TRUE(fetched.ok()) << fetched.error().message;
    return std::move(*fetched);
  }
  std::vector<std::string> reasons(const IodaFetched& fetched) {
    std::vector<std::string> found;
    for (const IodaGap& gap : fetched.missing) found.push_back(gap.reason);
    return found;
  }

  static std::unique_ptr<FakeIoda> server_;
  TestFolder folder_;
  PatientClock clock_;
  std::unique_ptr<Http> http_ = make_http();
};

std::unique_ptr<FakeIoda> IodaFetchLive::server_;

TEST_F(IodaFetchLive, AWellBehavedServerGivesEverythingOnce) {
  const IodaFetched first = fetch("ok", kIodaDatasources);
  EXPECT_THAT(first.missing, SizeIs(0));
  EXPECT_THAT(first.inputs, SizeIs(10));
  EXPECT_EQ(first.asked, 10u);
  for (const Input& input : first.inputs) {
    const std::string text = *read_all(**input.open(), 1 << 20);
    EXPECT_EQ(sha256_hex(text), input.lineage.sha256);
    EXPECT_TRUE(input.lineage.semi_synthetic);  // the server says so in its metadata
  }
  const IodaFetched second = fetch("ok", kIodaDatasources);
  EXPECT_EQ(second.asked, 0u);
  EXPECT_EQ(second.kept, 10u);
  const std::string manifest = folder_.get("answers/manifest.jsonl");
  EXPECT_EQ(std::count(manifest.begin(), manifest.end(), '\n'), 10);
}

TEST_F(IodaFetchLive, PartialTroublePassesOrIsSaid) {
  const IodaFetched fetched = fetch("partial", kIodaDatasources);
  EXPECT_THAT(sentences_of(fetched.missing),
              ElementsAre("IODA's merit-nt is missing for 25 November 2021 to 19 January 2022: the "
                          "server answered 404: no such series.",
                          "IODA's mozilla is missing for 25 November 2021 to 19 January 2022: IODA "
                          "has no such measurements."));
  EXPECT_EQ(clock_.pauses, 4);  // two pieces each of ping-slash24 and gtr, asked for twice
  EXPECT_THAT(fetched.inputs, SizeIs(8));
}

TEST_F(IodaFetchLive, AChangedFormatIsSaidOnceForEachPiece) {
  const IodaFetched fetched = fetch("changed", {"bgp"});
  EXPECT_THAT(reasons(fetched),
              Each("the answer has no list of 'values'; IODA's format may have changed"));
  EXPECT_EQ(fetched.asked, 2u);
}

TEST_F(IodaFetchLive, AFloodIsCutOff) {
  EXPECT_THAT(reasons(fetch("flood", {"bgp"})), Each(HasSubstr("longer than 33554432 bytes")));
}

TEST_F(IodaFetchLive, AHostileServerGetsNothingPastTheRules) {
  const IodaFetched fetched = fetch("hostile", kIodaDatasources);
  EXPECT_THAT(reasons(fetched), Contains(HasSubstr("only http and https")).Times(2));
  EXPECT_THAT(reasons(fetched), Contains(HasSubstr("more than 5 redirects")).Times(2));
  EXPECT_THAT(
      reasons(fetched),
      Contains("the answer is about 'country/KG, mozilla' and not 'country/KZ, mozilla'").Times(2));
  EXPECT_THAT(fetched.inputs, SizeIs(4));  // bgp and ping-slash24: for the reader to judge
}

TEST_F(IodaFetchLive, AServerThatIsDownOrSlow) {
  EXPECT_THAT(reasons(fetch("down", {"bgp"})), Each("the server answered 503 (4 times)"));
  EXPECT_FALSE(ioda_reachable(*http_, server_->base("down")).ok());
  EXPECT_TRUE(ioda_reachable(*http_, server_->base("ok")).ok());
  EXPECT_THAT(fetch("slow", {"bgp"}).missing, SizeIs(0));
}

TEST_F(IodaFetchLive, AServerThatHangsIsLeftAfterTheTimeout) {
  const Result<HttpAnswer> answer = http_->get(
      {.url = server_->base("stall") + "/signals/raw/country/KZ?from=1641340800&until=1641427200",
       .timeout = std::chrono::milliseconds{300}});
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, HasSubstr("no complete answer within 0.3 s"));
}

}  // namespace
}  // namespace lightsout
