// SPDX-License-Identifier: Apache-2.0
#include "io/tcp_listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "net/prefix.h"

namespace lightsout {
namespace {

Error system_error(std::string_view what) {
  return Error{ErrorKind::world, fmt::format("{}: {}", what, std::strerror(errno))};
}

// Closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int get() const { return number_; }

 private:
  int number_ = -1;
};

// SIGINT and SIGTERM as something to wait for, as long as this lives.
class StopSignals {
 public:
  StopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  int get() const { return descriptor_.get(); }
  // Takes what has arrived, so that it does not end the program when the mask is lifted.
  void take() {
    signalfd_siginfo info;
    while (::read(descriptor_.get(), &info, sizeof info) > 0) {
    }
  }

 private:
  sigset_t before_{};
  Descriptor descriptor_;
};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Result<Address> parse_address(const std::string& text) {
  const auto wrong = [&] {
    return Error{
        ErrorKind::usage,
        fmt::format("'{}' is not ADDRESS:PORT, such as 127.0.0.1:11019 or [::1]:11019", text)};
  };
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return wrong();
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || stop != end || colon + 1 == text.size()) return wrong();
  std::string host = text.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  const Result<IpAddress> address = IpAddress::parse(host);
  if (!address || brackets != (address->family == Family::v6)) return wrong();
  Address out;
  if (brackets) {
    auto& ip = reinterpret_cast<sockaddr_in6&>(out.storage);
    ip.sin6_family = AF_INET6;
    ip.sin6_port = htons(port);
    std::memcpy(&ip.sin6_addr, address->bytes.data(), 16);
    out.size = sizeof ip;
  } else {
    auto& ip = reinterpret_cast<sockaddr_in&>(out.storage);
    ip.sin_family = AF_INET;
    ip.sin_port = htons(port);
    std::memcpy(&ip.sin_addr, address->bytes.data(), 4);
    out.size = sizeof ip;
  }
  return out;
}

std::pair<IpAddress, std::uint16_t> read_address(const sockaddr_storage& storage) {
  IpAddress address;
  if (storage.ss_family == AF_INET6) {
    const auto& ip = reinterpret_cast<const sockaddr_in6&>(storage);
    address.family = Family::v6;
    std::memcpy(address.bytes.data(), &ip.sin6_addr, 16);
    return {address, ntohs(ip.sin6_port)};
  }
  const auto& ip = reinterpret_cast<const sockaddr_in&>(storage);
  std::memcpy(address.bytes.data(), &ip.sin_addr, 4);
  return {address, ntohs(ip.sin_port)};
}

void watch_for_death(int socket) {
  const int on = 1, idle = 60, interval = 10, probes = 6;  // seconds, seconds, probes
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

class PollListener final : public Listener {
 public:
  PollListener(Descriptor listening, std::string address, const ListenLimits& limits)
      : listening_(std::move(listening)),
        address_(std::move(address)),
        limits_(limits),
        piece_(limits.piece) {}

  std::string address() const override { return address_; }

  void add_pipe(Descriptor pipe) {
    events_.push_back({.kind = Kind::opened, .session = next_, .remote = "-"});
    sessions_.push_back({next_++, std::move(pipe), "-"});
    only_pipe_ = true;
  }

  ListenerEvent next(std::chrono::milliseconds wait) override {
    while (true) {
      if (!events_.empty()) {
        ListenerEvent event = std::move(events_.front());
        events_.pop_front();
        return event;
      }
      if (!ready_.empty()) {
        const std::uint64_t session = ready_.front();
        ready_.pop_front();
        if (std::optional<ListenerEvent> event = read(session)) return std::move(*event);
        continue;
      }
      if (only_pipe_ && sessions_.empty()) return {.kind = Kind::stop};
      const Waited waited = wait_for_any(wait);
      if (waited == Waited::stop) return {.kind = Kind::stop};
      if (waited == Waited::nothing) return {};
    }
  }

  void close(std::uint64_t session) override {
    std::erase_if(sessions_, [&](const Session& each) { return each.number == session; });
  }

 private:
  using Kind = ListenerEvent::Kind;
  enum class Waited { nothing, something, stop };
  struct Session {
    std::uint64_t number = 0;
    Descriptor descriptor;
    std::string remote;
  };

  Waited wait_for_any(std::chrono::milliseconds wait) {
    polled_.clear();
    polled_.push_back({signals_.get(), POLLIN, 0});
    polled_.push_back({listening_.get(), POLLIN, 0});  // -1 is passed over by poll()
    for (const Session& session : sessions_) {
      polled_.push_back({session.descriptor.get(), POLLIN, 0});
    }
    const int count = ::poll(polled_.data(), polled_.size(), static_cast<int>(wait.count()));
    if (count <= 0) return Waited::nothing;  // also EINTR: the caller asks again
    if (polled_[0].revents != 0) {
      signals_.take();
      return Waited::stop;
    }
    if (polled_[1].revents != 0) accept_one();
    for (std::size_t i = 2; i < polled_.size(); ++i) {
      // Only those that were polled: accept_one() may have added one behind them.
      if (polled_[i].revents != 0) ready_.push_back(sessions_[i - 2].number);
    }
    return Waited::something;
  }

  void accept_one() {
    Address from;
    from.size = sizeof from.storage;
    Descriptor accepted(::accept4(listening_.get(), reinterpret_cast<sockaddr*>(&from.storage),
                                  &from.size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (accepted.get() < 0) {
      // Gone before it was taken is nobody's fault; no descriptors left is ours, and passes.
      if (errno == EMFILE || errno == ENFILE) {
        events_.push_back({.kind = Kind::refused, .reason = std::strerror(errno)});
      }
      return;
    }
    const std::string remote = read_address(from.storage).first.text();
    if (sessions_.size() >= limits_.sessions) {
      events_.push_back(
          {.kind = Kind::refused,
           .remote = remote,
           .reason = fmt::format("{} sessions are open, which is the limit", limits_.sessions)});
      return;
    }
    watch_for_death(accepted.get());
    events_.push_back({.kind = Kind::opened, .session = next_, .remote = remote});
    sessions_.push_back({next_++, std::move(accepted), remote});
  }

  std::optional<ListenerEvent> read(std::uint64_t number) {
    const auto at = std::find_if(sessions_.begin(), sessions_.end(),
                                 [&](const Session& each) { return each.number == number; });
    if (at == sessions_.end()) return std::nullopt;  // closed by the caller meanwhile
    const ssize_t count = ::read(at->descriptor.get(), piece_.data(), piece_.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
    ListenerEvent event{.kind = Kind::bytes, .session = number, .remote = at->remote};
    if (count > 0) {
      event.bytes = Bytes(piece_).first(static_cast<std::size_t>(count));
      return event;
    }
    event.kind = Kind::closed;
    event.reason = count == 0 ? "closed by the other side" : std::strerror(errno);
    sessions_.erase(at);
    return event;
  }

  StopSignals signals_;
  Descriptor listening_;
  std::string address_;
  ListenLimits limits_;
  bool only_pipe_ = false;
  std::uint64_t next_ = 1;
  std::vector<Session> sessions_;
  std::deque<ListenerEvent> events_;  // at most a few: one a connection accepted
  std::deque<std::uint64_t> ready_;   // sessions with something to read, in turn
  std::vector<pollfd> polled_;
  std::vector<std::uint8_t> piece_;
};

}  // namespace

Result<std::unique_ptr<Listener>> listen_tcp(const std::string& address,
                                             const ListenLimits& limits) {
  Result<Address> where = parse_address(address);
  if (!where) return where.error();
  Descriptor listening(
      ::socket(where->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (listening.get() < 0) return system_error("cannot make a socket");
  const int on = 1;
  ::setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  constexpr int kWaiting = 16;  // connections that the system holds for us
  if (::bind(listening.get(), reinterpret_cast<const sockaddr*>(&where->storage), where->size) !=
          0 ||
      ::listen(listening.get(), kWaiting) != 0) {
    return system_error(fmt::format("cannot listen on {}", address));
  }
  Address bound;
  bound.size = sizeof bound.storage;
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&bound.storage), &bound.size);
  const auto [ip, port] = read_address(bound.storage);
  std::string text = ip.family == Family::v6 ? fmt::format("[{}]:{}", ip.text(), port)
                                             : fmt::format("{}:{}", ip.text(), port);
  return std::unique_ptr<Listener>(
      std::make_unique<PollListener>(std::move(listening), std::move(text), limits));
}

Result<std::unique_ptr<Listener>> listen_descriptor(int descriptor, const ListenLimits& limits) {
  Descriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (copy.get() < 0) return system_error("cannot read standard input");
  auto listener = std::make_unique<PollListener>(Descriptor(), "-", limits);
  listener->add_pipe(std::move(copy));
  return std::unique_ptr<Listener>(std::move(listener));
}

}  // namespace lightsout
