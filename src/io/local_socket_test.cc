// SPDX-License-Identifier: Apache-2.0
#include "io/local_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <thread>

#include "io/test_folder.h"

namespace lightsout {
namespace {

using testing::HasSubstr;

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

TEST(LocalSocket, BytesGoBothWaysAndTheEndIsSeen) {
  const TestFolder folder;
  const std::string path = (folder.path() / "a.socket").string();
  auto listener = listen_local(path);
  ASSERT_TRUE(listener.ok()) << listener.error().message;
  std::jthread server([&] {
    auto stream = (*listener)->accept();
    std::uint8_t byte[4];
    EXPECT_EQ(*(*stream)->read(byte), 4u);
    EXPECT_TRUE((*stream)->write(byte).ok());
  });
  auto stream = connect_local(path);
  ASSERT_TRUE(stream.ok()) << stream.error().message;
  ASSERT_TRUE((*stream)->write(bytes_of("echo")).ok());
  std::uint8_t back[4];
  EXPECT_EQ(*(*stream)->read(back), 4u);
  EXPECT_EQ(*(*stream)->read(back), 0u);
}

TEST(LocalSocket, OnlyThisUserMayConnectAndTheNameGoesWithTheListener) {
  const TestFolder folder;
  const std::string path = (folder.path() / "a.socket").string();
  {
    auto listener = listen_local(path);
    ASSERT_TRUE(listener.ok());
    struct stat there{};
    ASSERT_EQ(::stat(path.c_str(), &there), 0);
    EXPECT_EQ(there.st_mode & 0777u, 0600u);
    EXPECT_THAT(listen_local(path).error().message, HasSubstr("another server listens"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(connect_local(path).error().kind, ErrorKind::not_found);
}

TEST(LocalSocket, ASocketThatAKilledServerLeftBehindIsReplaced) {
  const TestFolder folder;
  const std::string path = (folder.path() / "a.socket").string();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto listener = listen_local(path);
    ::raise(SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(connect_local(path).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(listen_local(path).ok());
}

TEST(LocalSocket, WhatIsNoSocketIsLeftAlone) {
  const TestFolder folder;
  folder.put("a.socket", "somebody's notes");
  EXPECT_THAT(listen_local((folder.path() / "a.socket").string()).error().message,
              HasSubstr("no socket of ours"));
  EXPECT_EQ(folder.get("a.socket"), "somebody's notes");
  EXPECT_FALSE(connect_local((folder.path() / "a.socket").string()).ok());
}

TEST(LocalSocket, ANameAtTheLimitIsTakenAndOnePastItIsNot) {
  const TestFolder folder;
  const std::string path = folder.path().string() + "/";
  const std::string longest = path + std::string(107 - path.size(), 'x');
  EXPECT_TRUE(listen_local(longest).ok());
  const auto refused = listen_local(longest + "x");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("at most 107 bytes"));
}

TEST(LocalSocket, WaitingEndsWhenItIsAskedTo) {
  const TestFolder folder;
  auto listener = listen_local((folder.path() / "a.socket").string());
  std::jthread waiting([&] {
    const auto nobody = (*listener)->accept();
    EXPECT_TRUE(nobody.ok() && *nobody == nullptr);
  });
  (*listener)->stop();
  waiting.join();

  auto stream = connect_local((folder.path() / "a.socket").string());
  ASSERT_TRUE(stream.ok());
  std::jthread reading([&] {
    std::uint8_t byte[1];
    const auto read = (*stream)->read(byte);
    EXPECT_TRUE(!read || *read == 0);
  });
  (*stream)->shut();
}

}  // namespace
}  // namespace lightsout
