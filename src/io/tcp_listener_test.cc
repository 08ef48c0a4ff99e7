// SPDX-License-Identifier: Apache-2.0
#include "io/tcp_listener.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "core/check.h"

namespace lightsout {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Kind = ListenerEvent::Kind;

// A connection to a listener on 127.0.0.1.
class Client {
 public:
  explicit Client(const Listener& listener) {
    const std::string address = listener.address();
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in to{
        .sin_family = AF_INET,
        .sin_port =
            htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)))),
        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    CHECK(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  ~Client() { hang_up(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(const std::string& text) {
    CHECK(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
  }
  // How much of it the other side has taken or the system holds.
  std::size_t send_what_fits(const std::string& text) {
    const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  void hang_up() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    hang_up();
  }
  bool is_closed_by_the_other_side() {
    char byte = 0;
    return ::recv(socket_, &byte, 1, 0) <= 0;
  }

 private:
  int socket_ = -1;
};

std::unique_ptr<Listener> listener_of(const ListenLimits& limits = {}) {
  Result<std::unique_ptr<Listener>> listener = listen_tcp("127.0.0.1:0", limits);
  CHECK(listener.ok());
  return std::move(*listener);
}

// Events until nothing comes for a while, as text.
std::vector<std::string> events_of(Listener& listener) {
  std::vector<std::string> texts;
  while (true) {
    const ListenerEvent event = listener.next(50ms);
    const std::string session = std::to_string(event.session);
    switch (event.kind) {
      case Kind::idle:
        return texts;
      case Kind::opened:
        texts.push_back("opened " + session + " " + event.remote);
        break;
      case Kind::bytes:
        texts.push_back(session + ": " + std::string(event.bytes.begin(), event.bytes.end()));
        break;
      case Kind::closed:
        texts.push_back("closed " + session + ": " + event.reason);
        break;
      case Kind::refused:
        texts.push_back("refused " + event.remote + ": " + event.reason);
        break;
      case Kind::stop:
        texts.push_back("stop");
        return texts;
    }
  }
}

TEST(TcpListener, TakesSeveralSessionsAtOnce) {
  const auto listener = listener_of();
  Client one(*listener), two(*listener);
  one.send("a");
  two.send("b");
  EXPECT_THAT(
      events_of(*listener),
      testing::UnorderedElementsAre("opened 1 127.0.0.1", "opened 2 127.0.0.1", "1: a", "2: b"));
  one.send("c");
  one.hang_up();
  EXPECT_THAT(events_of(*listener),
              testing::ElementsAre("1: c", "closed 1: closed by the other side"));
  two.reset();
  EXPECT_THAT(events_of(*listener), testing::ElementsAre(HasSubstr("closed 2: Connection reset")));
}

TEST(TcpListener, RefusesOneSessionTooMany) {
  const auto listener = listener_of({.sessions = 2});
  Client one(*listener), two(*listener), three(*listener);
  EXPECT_THAT(events_of(*listener),
              testing::ElementsAre("opened 1 127.0.0.1", "opened 2 127.0.0.1",
                                   "refused 127.0.0.1: 2 sessions are open, which is the limit"));
  EXPECT_TRUE(three.is_closed_by_the_other_side());
  one.hang_up();
  (void)events_of(*listener);
  Client four(*listener);
  EXPECT_THAT(events_of(*listener), testing::ElementsAre("opened 3 127.0.0.1"));
}

TEST(TcpListener, AFloodFromOneDoesNotStarveTheOthers) {
  const auto listener = listener_of({.piece = 1000});
  Client loud(*listener), quiet(*listener);
  EXPECT_EQ(events_of(*listener).size(), 2u);
  loud.send(std::string(100'000, 'x'));
  quiet.send("q");
  int before = 0;
  for (ListenerEvent event = listener->next(1s); event.session != 2; event = listener->next(1s)) {
    ASSERT_EQ(event.kind, Kind::bytes);
    EXPECT_LE(event.bytes.size(), 1000u);
    ASSERT_LT(++before, 5);
  }
}

// What we do not read stays with the sender: nothing here grows.
TEST(TcpListener, AFloodThatIsNotReadStopsAtTheSender) {
  const auto listener = listener_of();
  Client loud(*listener);
  (void)events_of(*listener);
  const std::string block(1 << 20, 'x');
  std::size_t sent = 0, count = 0;
  do {
    count = loud.send_what_fits(block);
    sent += count;
  } while (count > 0);
  EXPECT_LT(sent, 64u << 20);
}

TEST(TcpListener, ASlowClientBlocksNobody) {
  const auto listener = listener_of();
  Client slow(*listener), other(*listener);
  slow.send("1");
  (void)events_of(*listener);
  other.send("2");
  EXPECT_THAT(events_of(*listener), testing::ElementsAre("2: 2"));
  slow.send("3");
  EXPECT_THAT(events_of(*listener), testing::ElementsAre("1: 3"));
}

TEST(TcpListener, ClosesFromOurSide) {
  const auto listener = listener_of();
  Client client(*listener);
  client.send("x");
  EXPECT_EQ(listener->next(1s).kind, Kind::opened);
  listener->close(1);
  EXPECT_TRUE(client.is_closed_by_the_other_side());
  EXPECT_THAT(events_of(*listener), testing::IsEmpty());
}

TEST(TcpListener, StopsOnASignal) {
  const auto listener = listener_of();
  ::raise(SIGTERM);
  EXPECT_THAT(events_of(*listener), testing::ElementsAre("stop"));
}

TEST(TcpListener, SaysWhatIsWrongWithAnAddress) {
  for (const char* const text : {"", "11019", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                                 "127.0.0.1:70000", "::1:11019", "[127.0.0.1]:1", "host:1"}) {
    const auto listener = listen_tcp(text);
    ASSERT_FALSE(listener.ok()) << text;
    EXPECT_EQ(listener.error().kind, ErrorKind::usage);
    EXPECT_THAT(listener.error().message, HasSubstr("127.0.0.1:11019"));
  }
  const auto listener = listener_of();
  const auto second = listen_tcp(listener->address());
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().message, HasSubstr("cannot listen on 127.0.0.1:"));
}

TEST(TcpListener, ListensOnIpv6) {
  const auto listener = listen_tcp("[::1]:0");
  if (!listener) GTEST_SKIP() << "no IPv6 here: " << listener.error().message;
  EXPECT_THAT((*listener)->address(), testing::StartsWith("[::1]:"));
}

TEST(DescriptorListener, IsOneSessionAndStopsAtItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto listener = listen_descriptor(ends[0]);
  ASSERT_TRUE(listener.ok());
  ASSERT_EQ(::write(ends[1], "abc", 3), 3);
  EXPECT_THAT(events_of(**listener), testing::ElementsAre("opened 1 -", "1: abc"));
  ::close(ends[1]);
  EXPECT_THAT(events_of(**listener),
              testing::ElementsAre("closed 1: closed by the other side", "stop"));
  ::close(ends[0]);
}

}  // namespace
}  // namespace lightsout
