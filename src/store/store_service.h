// StoreService: a store for other processes of this machine, over local streams.
//
// While `serve` runs it owns the file; ingest, investigate and the others reach it through a socket
// beside the file. Each client has a thread of its own; at most kMaxStoreClients at once, one more
// is told so. A request is answered whole or not at all: what a client that vanished had sent only
// in part was never put.
//
//   StoreService service(published_store, *listener, "lightsout 0.5");
//   ...
//   service.stop();   // ends every client's connection; also done by the destructor
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/local_stream.h"
#include "store/wire.h"

namespace lightsout {

inline constexpr std::size_t kMaxStoreClients = 16;

// What the request is answered with. Pure but for the store.
WireMessage answer_of(Store& store, const WireMessage& request, const std::string& name);

// Answers one client until it ends or sends what cannot be read, and shuts the stream.
void serve_store(Store& store, LocalStream& stream, const std::string& name);

class StoreService {
 public:
  // Both must outlive it.
  StoreService(Store& store, LocalListener& listener, std::string name);
  ~StoreService();
  StoreService(const StoreService&) = delete;
  StoreService& operator=(const StoreService&) = delete;

  void stop();

 private:
  struct Client {
    std::unique_ptr<LocalStream> stream;
    std::jthread thread;
    bool done = false;
  };

  void listen();
  void welcome(std::unique_ptr<LocalStream> stream);

  Store& store_;
  LocalListener& listener_;
  std::string name_;
  std::mutex mutex_;
  std::list<Client> clients_;
  bool stopped_ = false;
  std::jthread thread_;
};

}  // namespace lightsout
