// A pair of connected LocalStreams for tests: a real socket of the system, without a name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <thread>
#include <utility>

#include "core/check.h"
#include "core/local_stream.h"
#include "store/forwarding_store.h"
#include "store/remote_store.h"
#include "store/store_service.h"

namespace lightsout {

class PairStream final : public LocalStream {
 public:
  explicit PairStream(int file) : file_(file) {}
  ~PairStream() override { ::close(file_); }
  PairStream(const PairStream&) = delete;
  PairStream& operator=(const PairStream&) = delete;

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    ssize_t count = -1;
    do {
      count = ::recv(file_, into.data(), into.size(), 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return Error{ErrorKind::world, "the connection broke"};
    return static_cast<std::size_t>(count);
  }
  Status write(Bytes bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return Error{ErrorKind::world, "the connection broke"};
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }
  void shut() override { ::shutdown(file_, SHUT_RDWR); }

 private:
  int file_;
};

inline std::pair<std::unique_ptr<LocalStream>, std::unique_ptr<LocalStream>> stream_pair() {
  int files[2];
  CHECK(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, files) == 0);
  return {std::make_unique<PairStream>(files[0]), std::make_unique<PairStream>(files[1])};
}

// A store, and in front of it the whole way over a socket and back.
class StoreOverASocket {
 public:
  explicit StoreOverASocket(std::unique_ptr<Store> kept) : kept_(std::move(kept)) {
    auto [ours, theirs] = stream_pair();
    served_ = std::move(theirs);
    thread_ = std::jthread([this] { serve_store(*kept_, *served_, "lightsout test"); });
    Result<std::unique_ptr<Store>> opened = open_remote_store(std::move(ours), "made.db");
    CHECK(opened.ok());
    remote_ = std::move(*opened);
  }
  ~StoreOverASocket() { remote_.reset(); }  // the thread ends with its client
  StoreOverASocket(const StoreOverASocket&) = delete;
  StoreOverASocket& operator=(const StoreOverASocket&) = delete;

  Store& remote() { return *remote_; }

  // As one Store, for tests that want just that.
  static std::unique_ptr<Store> make(std::unique_ptr<Store> kept);

 private:
  std::unique_ptr<Store> kept_;
  std::unique_ptr<LocalStream> served_;
  std::jthread thread_;
  std::unique_ptr<Store> remote_;
};

inline std::unique_ptr<Store> StoreOverASocket::make(std::unique_ptr<Store> kept) {
  struct Held {
    explicit Held(std::unique_ptr<Store> inner) : way(std::move(inner)) {}
    StoreOverASocket way;
  };
  struct Whole final : private Held, public ForwardingStore {
    explicit Whole(std::unique_ptr<Store> inner)
        : Held(std::move(inner)), ForwardingStore(way.remote()) {}
  };
  return std::make_unique<Whole>(std::move(kept));
}

}  // namespace lightsout
