// SPDX-License-Identifier: Apache-2.0
#include "source/known_networks.h"

#include <gtest/gtest.h>

#include "source/test_input.h"

namespace lightsout {
namespace {

constexpr const char* kHeader = "asn,name,access,user_share,source\n";

TEST(KnownNetworks, AreTakenFromAmongTheInputsByTheirHeader) {
  const std::vector<Input> inputs = {
      text_input("a.csv", std::string("# SEMI-SYNTHETIC: made\n") + kHeader +
                              "29355,\"KCell, JSC\",mobile,0.26,assumed\n"
                              "9198,JSC Kazakhtelecom,fixed,,\n"),
      text_input("b.csv", "time,entity,signal,value\n")};
  std::vector<KnownNetwork> networks;
  const Result<std::vector<Input>> others = take_known_networks(inputs, networks);
  ASSERT_TRUE(others) << others.error().message;
  ASSERT_EQ(others->size(), 1u);
  EXPECT_EQ(others->front().lineage.name, "b.csv");
  ASSERT_EQ(networks.size(), 2u);
  EXPECT_EQ(networks[0], (KnownNetwork{Asn{9198}, "JSC Kazakhtelecom", "fixed", std::nullopt, ""}));
  EXPECT_EQ(networks[1], (KnownNetwork{Asn{29355}, "KCell, JSC", "mobile", 0.26, "assumed"}));
}

TEST(KnownNetworks, ALineThatCannotBeReadIsNamed) {
  for (const char* line : {"kcell,n,a,0.1,s", "0,n,a,0.1,s", "4294967296,n,a,0.1,s", "1,n,a,1.1,s",
                           "1,n,a,-0.1,s", "1,n,a,some,s", "1,n,a,0.1"}) {
    std::vector<KnownNetwork> networks;
    const std::vector<Input> inputs = {text_input("a.csv", std::string(kHeader) + line + "\n")};
    const Result<std::vector<Input>> others = take_known_networks(inputs, networks);
    ASSERT_FALSE(others) << line;
    EXPECT_NE(others.error().message.find("a.csv, line 2"), std::string::npos)
        << others.error().message;
  }
}

TEST(KnownNetworks, SayThroughWhomTheirRoutesWent) {
  const std::string header = "asn,name,access,user_share,source,owner,upstreams\n";
  const auto read = [&](const std::string& upstreams) {
    std::vector<KnownNetwork> networks;
    const std::vector<Input> inputs = {
        text_input("a.csv", header + "9198,n,fixed,,,," + upstreams + "\n")};
    const bool ok = take_known_networks(inputs, networks).ok();
    return ok ? std::optional(networks.at(0).upstreams) : std::nullopt;
  };
  EXPECT_EQ(read(""), std::vector<Asn>{});
  EXPECT_EQ(read("3356  1299"), (std::vector<Asn>{Asn{3356}, Asn{1299}}));
  EXPECT_FALSE(read("0"));
  EXPECT_FALSE(read("AS3356"));
  std::string many;
  for (std::size_t i = 1; i <= kMaxUpstreams; ++i) many += std::to_string(i) + " ";
  EXPECT_TRUE(read(many));
  EXPECT_FALSE(read(many + "99"));
}

TEST(KnownNetworks, HaveAMaximum) {
  std::string text = kHeader;
  for (std::size_t i = 1; i <= kMaxKnownNetworks; ++i) text += std::to_string(i) + ",n,,,\n";
  std::vector<KnownNetwork> networks;
  EXPECT_TRUE(take_known_networks(std::vector{text_input("a", text)}, networks));
  EXPECT_EQ(networks.size(), kMaxKnownNetworks);
  EXPECT_TRUE(take_known_networks(std::vector{text_input("a", text + "7,again,,,\n")}, networks));
  EXPECT_EQ(networks[6].name, "again");
  EXPECT_FALSE(take_known_networks(std::vector{text_input("a", text + "200000,n,,,\n")}, networks));
}

}  // namespace
}  // namespace lightsout
