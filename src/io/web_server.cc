// SPDX-License-Identifier: Apache-2.0
#include "io/web_server.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <vector>

#include "io/web_connection.h"

namespace lightsout {

namespace web {

namespace {

using boost::system::error_code;

constexpr std::chrono::milliseconds kSweep{100};
constexpr std::uint64_t kFilesOfOurOwn = 128;  // the store, the log, sources, spare

Result<tcp::endpoint> parse_endpoint(const std::string& text) {
  const auto wrong = [&] {
    return Error{
        ErrorKind::usage,
        fmt::format("'{}' is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080", text)};
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong();
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc{} || stop != end || colon + 1 == text.size()) return wrong();
  std::string host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  error_code bad;
  const asio::ip::address address = asio::ip::make_address(host, bad);
  if (bad || brackets != address.is_v6()) return wrong();
  return tcp::endpoint(address, port);
}

// As many connections as the system lets us have files for, after asking for more.
std::size_t allowed_connections(std::size_t wanted) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return std::min<std::size_t>(wanted, 512);
  const rlim_t need = std::min<rlim_t>(wanted + kFilesOfOurOwn, files.rlim_max);
  if (files.rlim_cur < need) {
    files.rlim_cur = need;
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
  }
  const std::uint64_t room =
      files.rlim_cur > 2 * kFilesOfOurOwn ? files.rlim_cur - kFilesOfOurOwn : files.rlim_cur / 2;
  return std::min<std::uint64_t>(wanted, room);
}

Result<std::unique_ptr<asio::ssl::context>> make_tls(const WebServerOptions& options) {
  if (options.tls_certificate.empty() && options.tls_key.empty()) {
    return std::unique_ptr<asio::ssl::context>();
  }
  if (options.tls_certificate.empty() || options.tls_key.empty()) {
    return Error{ErrorKind::usage, "TLS needs both a certificate and its key, as PEM files"};
  }
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  error_code error;
  tls->use_certificate_chain_file(options.tls_certificate, error);
  if (error) {
    return Error{ErrorKind::world, fmt::format("{}: no certificate chain in PEM: {}",
                                               options.tls_certificate, error.message())};
  }
  tls->use_private_key_file(options.tls_key, asio::ssl::context::pem, error);
  if (error) {
    return Error{ErrorKind::world, fmt::format("{}: not the certificate's private key in PEM: {}",
                                               options.tls_key, error.message())};
  }
  return tls;
}

class AsioServer final : public WebServer {
 public:
  AsioServer(const WebServerOptions& options, WebHandler& handler,
             std::unique_ptr<asio::ssl::context> tls)
      : tls_(std::move(tls)), limit_(allowed_connections(options.limits.connections)) {
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    const unsigned threads = options.threads > 0 ? options.threads : std::min(cores, 4u);
    shared_ = std::make_unique<Shared>(handler, options.limits,
                                       options.workers > 0 ? options.workers : 2 * cores);
    for (unsigned i = 0; i < threads; ++i) lanes_.push_back(std::make_unique<Lane>());
    acceptor_.emplace(lanes_.front()->context);
    signals_.emplace(lanes_.front()->context);
  }
  ~AsioServer() override { drain(); }

  Status start(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_->open(endpoint.protocol(), error);
    if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_->bind(endpoint, error);
    if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return Error{ErrorKind::world,
                   fmt::format("cannot listen on {}:{}: {}", endpoint.address().to_string(),
                               endpoint.port(), error.message())};
    }
    const tcp::endpoint bound = acceptor_->local_endpoint(error);
    const std::string host = bound.address().to_string();
    address_ = bound.address().is_v6() ? fmt::format("[{}]:{}", host, bound.port())
                                       : fmt::format("{}:{}", host, bound.port());
    signals_->add(SIGINT, error);
    signals_->add(SIGTERM, error);
    signals_->async_wait([this](const error_code& failed, int) {
      if (!failed) stop();
    });
    for (const auto& lane : lanes_) {
      asio::co_spawn(lane->context, sweep(*lane), asio::detached);
    }
    asio::co_spawn(lanes_.front()->context, accept(), asio::detached);
    for (const auto& lane : lanes_) {
      threads_.emplace_back([&context = lane->context] { context.run(); });
    }
    return {};
  }

  std::string address() const override { return address_; }

  WebCounters counters() const override {
    return {.connections = shared_->connections,
            .streams = shared_->streams,
            .waiting = shared_->waiting,
            .accepted = shared_->accepted,
            .refused = shared_->refused,
            .limit = limit_};
  }

  bool wait(std::chrono::milliseconds time) override {
    std::unique_lock lock(mutex_);
    return stopping_.wait_for(lock, time, [&] { return stopped_; });
  }

  void stop() override {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    stopping_.notify_all();
  }

  void drain() override {
    if (threads_.empty()) return;
    shared_->draining = true;
    asio::post(lanes_.front()->context, [this] {
      error_code ignored;
      acceptor_->close(ignored);
      signals_->cancel(ignored);
    });
    const auto until = std::chrono::steady_clock::now() + shared_->limits.drain_time;
    leave(false);
    while (shared_->connections > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      leave(false);  // those that came to rest since
    }
    leave(true);
    shared_->workers.join();
    for (int i = 0; i < 200 && shared_->connections > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    for (const auto& lane : lanes_) lane->context.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    acceptor_.reset();
    signals_.reset();
    lanes_.clear();  // and with them what still hung
  }

 private:
  void leave(bool all) {
    for (const auto& lane : lanes_) {
      asio::post(lane->context, [&lane = *lane, all] {
        for (Connection* each : lane.connections) each->leave(all);
      });
    }
  }

  asio::awaitable<void> sweep(Lane& lane) {
    asio::steady_timer timer(lane.context);
    while (true) {
      timer.expires_after(kSweep);
      error_code ignored;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      const SteadyTime now = std::chrono::steady_clock::now();
      for (Connection* each : lane.connections) each->sweep(now);
    }
  }

  asio::awaitable<void> accept() {
    asio::steady_timer pause(lanes_.front()->context);
    for (std::size_t next = 0; acceptor_->is_open(); next = (next + 1) % lanes_.size()) {
      Lane& lane = *lanes_[next];
      error_code error;
      tcp::socket socket = co_await acceptor_->async_accept(
          lane.context, asio::redirect_error(asio::use_awaitable, error));
      if (shared_->draining) co_return;
      if (error) {
        // Out of files, or the client has gone again: neither may end the service nor spin.
        pause.expires_after(std::chrono::milliseconds(20));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      shared_->accepted.fetch_add(1);
      if (shared_->connections.fetch_add(1) >= limit_) {
        shared_->connections.fetch_sub(1);
        shared_->refused.fetch_add(1);
        turn_away(socket);
        continue;
      }
      socket.set_option(tcp::no_delay(true), error);
      asio::post(lane.context, [this, &lane, moved = std::move(socket)]() mutable {
        auto connection =
            std::make_shared<Connection>(*shared_, lane, std::move(moved), tls_.get());
        asio::co_spawn(lane.context, Connection::run(std::move(connection)), asio::detached);
      });
    }
  }

  // One sentence, without waiting for whether it fits.
  void turn_away(tcp::socket& socket) {
    static constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Retry-After: 5\r\nConnection: close\r\nContent-Length: 59\r\n\r\n"
        "Too many connections are open here: try again in a moment.\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    if (!tls_) socket.write_some(asio::buffer(kFull), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    socket.close(ignored);
  }

  std::unique_ptr<asio::ssl::context> tls_;
  std::size_t limit_;
  std::unique_ptr<Shared> shared_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::signal_set> signals_;
  std::string address_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool stopped_ = false;
};

}  // namespace

}  // namespace web

Result<std::unique_ptr<WebServer>> start_web_server(const WebServerOptions& options,
                                                    WebHandler& handler) {
  const Result<web::tcp::endpoint> endpoint = web::parse_endpoint(options.listen);
  if (!endpoint) return endpoint.error();
  Result<std::unique_ptr<boost::asio::ssl::context>> tls = web::make_tls(options);
  if (!tls) return tls.error();
  auto server = std::make_unique<web::AsioServer>(options, handler, std::move(*tls));
  if (const Status started = server->start(*endpoint); !started) return started.error();
  return std::unique_ptr<WebServer>(std::move(server));
}

}  // namespace lightsout
