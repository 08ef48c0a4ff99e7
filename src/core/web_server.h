// WebServer: HTTP/1.1 as a seam. Sockets, TLS, limits and slow clients lie behind it in io/; what
// is answered is a WebHandler's business.
//
// An answer that lies ready is given on the thread that reads the socket (at_once); everything else
// waits for a worker (in_time), so that a page that takes a second delays nobody else's. An ask
// holds no address: who asked cannot be logged by mistake.
//
//   Result<std::unique_ptr<WebServer>> server = world.web_server({.listen = "127.0.0.1:0"}, site);
//   while (!(*server)->wait(1s)) {
//   }
//   (*server)->drain();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lightsout {

// One question, its head read and found well formed; its body, if it had one, was dropped.
struct WebAsk {
  std::string method = "GET";  // GET or HEAD: others are refused before
  std::string target = "/";    // as it came
  std::string accept;
  std::string accept_language;
  std::string if_none_match;
  std::string last_event_id;
  bool accepts_gzip = false;
};

// An answer that goes on as things happen. Functions are called on the thread of its connection.
class WebStream {
 public:
  virtual ~WebStream() = default;
  // What came since the last call; "" when nothing did, nullopt when the stream is over.
  virtual std::optional<std::string> take() = 0;
  // What is written when nothing came for a while, so that proxies and phones keep the line.
  virtual std::string_view heartbeat() const = 0;
  // `wake` may be called from any thread whenever take() has something.
  virtual void wake_with(std::function<void()> wake) = 0;
};

struct WebReply {
  int status = 200;
  // Header lines, each with its CRLF, besides Date, Content-Length and Connection.
  std::shared_ptr<const std::string> head;
  std::shared_ptr<const std::string> body;  // nullptr: none, and no Content-Length (304)
  std::shared_ptr<WebStream> stream;        // instead of a body
  std::string_view route;                   // the pattern it came from, for the log; static text
};

class WebHandler {
 public:
  virtual ~WebHandler() = default;

  // Never blocks; nullopt: ask in_time().
  virtual std::optional<WebReply> at_once(const WebAsk& ask) = 0;
  // On a worker's thread. For HEAD it is the answer of GET: the server leaves the body away.
  virtual WebReply in_time(const WebAsk& ask) = 0;
  // A limit or the protocol was broken: what is said about it. `target` is empty when unread.
  virtual WebReply refusal(int status, std::string_view sentence, std::string_view target) = 0;
  // After the last byte was handed over. `bytes` counts the head, too.
  virtual void served(std::string_view method, const WebReply& reply, std::uint64_t bytes,
                      std::chrono::microseconds took) = 0;
};

// Named limits; past each of them the client gets a sentence and, where it must, a closed line.
struct WebLimits {
  std::size_t connections = 12'000;             // at once; fewer when the system allows fewer files
  std::size_t head_bytes = 16 * 1024;           // request line and headers
  std::size_t header_fields = 64;               // of one request
  std::uint64_t body_bytes = 64 * 1024;         // of a request: read and dropped, never kept
  std::size_t waiting = 512;                    // asks that wait for a worker
  std::size_t streams = 4'000;                  // at once
  std::size_t asks = 100'000;                   // on one connection, then it is closed
  std::chrono::milliseconds head_time{10'000};  // from a request's first byte to its empty line
  std::chrono::milliseconds idle_time{60'000};  // between two requests
  std::chrono::milliseconds write_time{30'000};  // for each piece of an answer...
  std::size_t write_bytes = 64 * 1024;           // ...of this size: 2 kB/s is not too slow
  std::chrono::milliseconds heartbeat{15'000};   // of a stream
  std::chrono::milliseconds drain_time{10'000};  // for what runs when the server stops
};

struct WebServerOptions {
  std::string listen = "127.0.0.1:8080";  // port 0: the system chooses
  std::string tls_certificate;            // PEM files; both or none
  std::string tls_key;
  unsigned threads = 0;  // that read sockets; 0: one a core, at most 4
  unsigned workers = 0;  // that answer; 0: two a core
  WebLimits limits;
};

struct WebCounters {
  std::uint64_t connections = 0;  // open now
  std::uint64_t streams = 0;      // open now
  std::uint64_t waiting = 0;      // asks at workers now
  std::uint64_t accepted = 0;     // since the start
  std::uint64_t refused = 0;      // connections over the limit
  std::uint64_t limit = 0;        // of connections, as the system allows
};

class WebServer {
 public:
  virtual ~WebServer() = default;  // drains

  virtual std::string address() const = 0;  // "127.0.0.1:8080"
  virtual WebCounters counters() const = 0;
  // True when somebody wants an end: SIGINT, SIGTERM or stop().
  virtual bool wait(std::chrono::milliseconds time) = 0;
  virtual void stop() = 0;  // from any thread
  // Takes no more connections, finishes what runs within limits.drain_time, closes the rest.
  virtual void drain() = 0;
};

}  // namespace lightsout
