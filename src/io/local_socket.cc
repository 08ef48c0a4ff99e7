// SPDX-License-Identifier: Apache-2.0
#include "io/local_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lightsout {

namespace {

constexpr int kBacklog = 16;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{ErrorKind::usage,
                 fmt::format("{}: the name of a socket has at most {} bytes; use a shorter path",
                             path, sizeof address.sun_path - 1)};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Error broken(const char* doing) {
  return {ErrorKind::world,
          fmt::format("{} the local socket failed: {}", doing, std::strerror(errno))};
}

class SocketStream final : public LocalStream {
 public:
  explicit SocketStream(int file) : file_(file) {}
  ~SocketStream() override { ::close(file_); }
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    ssize_t count = -1;
    do {
      count = ::recv(file_, into.data(), into.size(), 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return broken("reading from");
    return static_cast<std::size_t>(count);
  }

  Status write(Bytes bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return broken("writing to");
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

  void shut() override { ::shutdown(file_, SHUT_RDWR); }

 private:
  int file_;
};

class SocketListener final : public LocalListener {
 public:
  SocketListener(int file, int stopper, std::string path)
      : file_(file), stopper_(stopper), path_(std::move(path)) {}
  ~SocketListener() override {
    ::unlink(path_.c_str());
    ::close(file_);
    ::close(stopper_);
  }
  SocketListener(const SocketListener&) = delete;
  SocketListener& operator=(const SocketListener&) = delete;

  Result<std::unique_ptr<LocalStream>> accept() override {
    while (true) {
      pollfd waiting[] = {{file_, POLLIN, 0}, {stopper_, POLLIN, 0}};
      if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return broken("waiting at");
      if ((waiting[1].revents & POLLIN) != 0) return std::unique_ptr<LocalStream>{};
      if (waiting[0].revents == 0) continue;
      const int client = ::accept4(file_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client >= 0) return std::unique_ptr<LocalStream>(std::make_unique<SocketStream>(client));
      // Who hung up before his turn is nobody's fault; being out of descriptors passes.
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) ::poll(nullptr, 0, 100);
      if (errno == EBADF || errno == EINVAL) return broken("waiting at");
    }
  }

  void stop() override {
    const std::uint64_t one = 1;
    static_cast<void>(::write(stopper_, &one, sizeof one) == sizeof one);
  }

 private:
  int file_;
  int stopper_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<LocalStream>> connect_local(const std::string& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return broken("making");
  auto stream = std::make_unique<SocketStream>(file);
  if (::connect(file, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR) {
      return Error{ErrorKind::not_found, fmt::format("nobody listens at {}", path)};
    }
    return Error{ErrorKind::world, fmt::format("{}: {}", path, std::strerror(errno))};
  }
  return std::unique_ptr<LocalStream>(std::move(stream));
}

Result<std::unique_ptr<LocalListener>> listen_local(const std::string& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return address.error();
  if (connect_local(path).ok()) {
    return Error{ErrorKind::world, fmt::format("{}: another server listens there", path)};
  }
  struct stat there{};
  if (::lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) {
      return Error{ErrorKind::world,
                   fmt::format("{} is in the way: it is no socket of ours; move it away", path)};
    }
    ::unlink(path.c_str());  // of a server that was killed
  }
  const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (file < 0) return broken("making");
  const int stopper = ::eventfd(0, EFD_CLOEXEC);
  auto listener = std::make_unique<SocketListener>(file, stopper, path);
  // The mode of the socket's file is that of the socket before bind(): nobody else ever gets in.
  if (stopper < 0 || ::fchmod(file, 0600) != 0 ||
      ::bind(file, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(file, kBacklog) != 0) {
    return Error{ErrorKind::world,
                 fmt::format("{} cannot be listened at: {}", path, std::strerror(errno))};
  }
  return std::unique_ptr<LocalListener>(std::move(listener));
}

}  // namespace lightsout
