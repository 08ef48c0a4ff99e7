// One connection of the web server: reads a head, has it answered, writes, and again. Only the two
// web_*.cc files include this: it is made of Asio.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/web_server.h"

namespace lightsout::web {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using SteadyTime = std::chrono::steady_clock::time_point;

class Connection;

// What all connections share.
struct Shared {
  WebHandler& handler;
  WebLimits limits;
  asio::thread_pool workers;
  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> streams{0};
  std::atomic<std::uint64_t> waiting{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};

  Shared(WebHandler& handler_in, const WebLimits& limits_in, unsigned worker_count)
      : handler(handler_in), limits(limits_in), workers(worker_count) {}
};

// One thread and the connections that live on it; nobody else touches them.
struct Lane {
  std::set<Connection*> connections;
  std::string date_line;
  std::int64_t date_second = -1;
  asio::io_context context{1};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Shared& shared, Lane& lane, tcp::socket socket, asio::ssl::context* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The whole life of it; `self` keeps it alive.
  static asio::awaitable<void> run(std::shared_ptr<Connection> self);
  // Called on its lane: ends what takes too long.
  void sweep(SteadyTime now);
  // Called on its lane: the server stops. `all`: also in the midst of an answer.
  void leave(bool all);

 private:
  enum class State { between, reading, working, writing, streaming, leaving };
  enum class After { next, close };

  struct Question;

  asio::awaitable<std::size_t> read_more();
  asio::awaitable<bool> write(std::string_view head, std::string_view body);
  asio::awaitable<std::optional<Question>> read_question();
  asio::awaitable<After> exchange();
  asio::awaitable<WebReply> answer(const WebAsk& ask);
  asio::awaitable<After> send(const Question& question, WebReply reply, bool close);
  asio::awaitable<void> send_stream(std::shared_ptr<WebStream> stream);
  asio::awaitable<void> refuse(int status, std::string sentence, std::string target);
  asio::awaitable<bool> drop_body(std::uint64_t size);
  asio::awaitable<bool> shake_hands();
  asio::awaitable<void> say_goodbye();
  std::string head_of(const WebReply& reply, bool close);
  void allow(std::chrono::milliseconds time);
  void no_deadline() { deadline_ = SteadyTime::max(); }

  Shared& shared_;
  Lane& lane_;
  tcp::socket socket_;
  std::unique_ptr<asio::ssl::stream<tcp::socket&>> tls_;
  std::string buffer_;      // what was read and not used yet
  std::size_t filled_ = 0;  // of it
  SteadyTime deadline_ = SteadyTime::max();
  SteadyTime began_{};
  State state_ = State::reading;
  bool timed_out_ = false;
  bool refused_ = false;
  std::size_t asks_ = 0;
  std::optional<asio::steady_timer> wake_;
};

}  // namespace lightsout::web
