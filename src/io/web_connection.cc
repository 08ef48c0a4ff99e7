// SPDX-License-Identifier: Apache-2.0
#include "io/web_connection.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "io/request_head.h"

namespace lightsout::web {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kFirstRead = 2'048;            // bytes; most requests fit
constexpr std::size_t kMaxRequestLine = 8'192 + 32;  // kMaxTarget, a method and a version
constexpr std::size_t kLingerBytes = 256 * 1024;     // read away before a refused line is closed
constexpr std::chrono::milliseconds kLingerTime{2'000};

asio::awaitable<WebReply> work(WebHandler& handler, const WebAsk& ask) {
  std::string what;
  try {
    co_return handler.in_time(ask);
  } catch (const std::exception& exception) {
    what = exception.what();  // no memory, mostly: one answer fails, the service goes on
  }
  co_return handler.refusal(500, "This answer could not be made: " + what, ask.target);
}

bool takes_gzip(std::string_view accept_encoding) {
  // RFC 9110 section 12.5.3: "gzip;q=0" refuses it.
  for (const auto& coding : http::ext_list{accept_encoding}) {
    if (coding.first != "gzip" && coding.first != "*") continue;
    for (const auto& parameter : coding.second) {
      if (parameter.first == "q" && parameter.second.find_first_not_of("0.") == std::string::npos) {
        return false;
      }
    }
    return true;
  }
  return false;
}

std::string_view text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

struct Connection::Question {
  WebAsk ask;
  bool head_only = false;
  bool keep = false;
};

Connection::Connection(Shared& shared, Lane& lane, tcp::socket socket, asio::ssl::context* tls)
    : shared_(shared), lane_(lane), socket_(std::move(socket)) {
  if (tls != nullptr) tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, *tls);
  lane_.connections.insert(this);
}

Connection::~Connection() {
  lane_.connections.erase(this);
  shared_.connections.fetch_sub(1);
}

void Connection::allow(std::chrono::milliseconds time) {
  deadline_ = std::chrono::steady_clock::now() + time;
}

void Connection::sweep(SteadyTime now) {
  if (now < deadline_) return;
  timed_out_ = true;
  no_deadline();
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::leave(bool all) {
  error_code ignored;
  if (all || state_ == State::between || state_ == State::streaming) {
    state_ = State::leaving;
    socket_.close(ignored);
    if (wake_) wake_->cancel();
  }
}

asio::awaitable<void> Connection::run(std::shared_ptr<Connection> self) {
  // g++ 12 does not keep to && and ?: in an expression that awaits: both sides are evaluated. So
  // no co_await in this file shares its statement with either.
  if (self->tls_) {
    const bool shaken = co_await self->shake_hands();
    if (!shaken) co_return;
  }
  After after = After::next;
  while (after == After::next) after = co_await self->exchange();
  co_await self->say_goodbye();
}

asio::awaitable<bool> Connection::shake_hands() {
  allow(shared_.limits.head_time);
  error_code error;
  co_await tls_->async_handshake(asio::ssl::stream_base::server,
                                 asio::redirect_error(asio::use_awaitable, error));
  no_deadline();
  co_return !error;
}

// What was not read when a socket closes makes the system send a reset, which can overtake the
// answer. So the last answer is followed by an end of ours, and a little is read away.
asio::awaitable<void> Connection::say_goodbye() {
  error_code error;
  allow(kLingerTime);
  if (refused_ && !tls_) {
    socket_.shutdown(tcp::socket::shutdown_send, error);
    filled_ = 0;
    for (std::size_t dropped = 0; dropped < kLingerBytes && !error && !timed_out_;) {
      const std::size_t count = co_await read_more();
      if (count == 0) break;
      dropped += count;
      filled_ = 0;
    }
  } else if (tls_ && socket_.is_open()) {
    co_await tls_->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  }
  socket_.close(error);
}

// Appends what comes to buffer_; 0: the other side has gone, or the time was up.
asio::awaitable<std::size_t> Connection::read_more() {
  if (buffer_.size() - filled_ < kFirstRead / 2) {
    buffer_.resize(
        std::max(kFirstRead, std::min(buffer_.size() * 2, shared_.limits.head_bytes * 2)));
  }
  const auto room = asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_);
  error_code error;
  std::size_t count = 0;
  if (tls_) {
    count = co_await tls_->async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  } else {
    count =
        co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  }
  if (error) co_return 0;
  filled_ += count;
  co_return count;
}

asio::awaitable<bool> Connection::write(std::string_view head, std::string_view body) {
  state_ = State::writing;
  error_code error;
  bool first = true;
  while (first || !body.empty()) {
    const std::string_view piece = body.substr(0, shared_.limits.write_bytes);
    body.remove_prefix(piece.size());
    allow(shared_.limits.write_time);
    const std::array<asio::const_buffer, 2> both{asio::buffer(first ? head : std::string_view{}),
                                                 asio::buffer(piece)};
    first = false;
    if (tls_) {
      co_await asio::async_write(*tls_, both, asio::redirect_error(asio::use_awaitable, error));
    } else {
      co_await asio::async_write(socket_, both, asio::redirect_error(asio::use_awaitable, error));
    }
    if (error) co_return false;
  }
  no_deadline();
  co_return true;
}

// nullopt: there is none, and if one should hear why, it was said.
asio::awaitable<std::optional<Connection::Question>> Connection::read_question() {
  const WebLimits& limits = shared_.limits;
  std::size_t seen = 0;
  std::size_t end = 0;
  state_ = asks_ == 0 || filled_ > 0 ? State::reading : State::between;
  allow(state_ == State::reading ? limits.head_time : limits.idle_time);
  while (true) {
    // RFC 9112 section 2.2: an empty line before the request is passed over.
    if (seen == 0 && filled_ >= 2 && buffer_.compare(0, 2, "\r\n") == 0) {
      buffer_.erase(0, 2);
      filled_ -= 2;
    }
    const std::string_view have(buffer_.data(), filled_);
    end = end_of_head(have, seen);
    if (end == std::string_view::npos) {
      co_await refuse(400, "A line ends in LF without CR.", {});
      co_return std::nullopt;
    }
    if (end > limits.head_bytes || (end == 0 && filled_ > limits.head_bytes)) {
      co_await refuse(
          431, fmt::format("The request's head is longer than {} bytes.", limits.head_bytes), {});
      co_return std::nullopt;
    }
    if (have.substr(0, end == 0 ? filled_ : end).find('\n') == std::string_view::npos
            ? filled_ > kMaxRequestLine
            : have.find('\n') > kMaxRequestLine) {
      co_await refuse(414, "The address is longer than 8192 bytes.", {});
      co_return std::nullopt;
    }
    if (end > 0) break;
    seen = filled_;
    const bool was_empty = filled_ == 0;
    const std::size_t count = co_await read_more();
    if (count == 0) {
      if (timed_out_ && filled_ > 0) {
        timed_out_ = false;
        co_await refuse(408, "The request did not arrive in time.", {});
      }
      co_return std::nullopt;
    }
    if (was_empty && state_ == State::between) {
      state_ = State::reading;
      allow(limits.head_time);
    }
  }
  began_ = std::chrono::steady_clock::now();
  if (const auto refusal = check_request_head({buffer_.data(), end}, limits.header_fields)) {
    co_await refuse(refusal->status, refusal->sentence, {});
    co_return std::nullopt;
  }
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.head_bytes));
  parser.body_limit(boost::none);
  error_code error;
  parser.put(asio::buffer(buffer_.data(), end), error);
  if (!parser.is_header_done()) {
    co_await refuse(400, "The request could not be read.", {});
    co_return std::nullopt;
  }
  const auto& request = parser.get();
  Question question;
  question.ask = {.method = std::string(text_of(request.method_string())),
                  .target = std::string(text_of(request.target())),
                  .accept = std::string(text_of(request[http::field::accept])),
                  .accept_language = std::string(text_of(request[http::field::accept_language])),
                  .if_none_match = std::string(text_of(request[http::field::if_none_match])),
                  .last_event_id = std::string(text_of(request["Last-Event-ID"])),
                  .accepts_gzip = takes_gzip(text_of(request[http::field::accept_encoding]))};
  question.head_only = request.method() == http::verb::head;
  if (request.method() != http::verb::get && !question.head_only) {
    co_await refuse(405, "Nothing can be changed here: ask with GET or HEAD.", question.ask.target);
    co_return std::nullopt;
  }
  const std::uint64_t body = parser.content_length().value_or(0);
  if (body > limits.body_bytes) {
    co_await refuse(413,
                    fmt::format("A body of more than {} bytes is not taken; a question needs "
                                "none.",
                                limits.body_bytes),
                    question.ask.target);
    co_return std::nullopt;
  }
  question.keep = request.version() == 11 && request.keep_alive() && ++asks_ < limits.asks;
  buffer_.erase(0, end);
  filled_ -= end;
  const bool dropped = co_await drop_body(body);
  if (!dropped) co_return std::nullopt;
  co_return question;
}

asio::awaitable<bool> Connection::drop_body(std::uint64_t size) {
  while (size > 0) {
    const std::size_t now = std::min<std::uint64_t>(size, filled_);
    buffer_.erase(0, now);
    filled_ -= now;
    size -= now;
    if (size == 0) break;
    const std::size_t count = co_await read_more();
    if (count == 0) co_return false;
  }
  co_return true;
}

asio::awaitable<Connection::After> Connection::exchange() {
  std::optional<Question> question = co_await read_question();
  if (!question) co_return After::close;
  no_deadline();
  state_ = State::working;
  WebReply reply = co_await answer(question->ask);
  const bool close = !question->keep || shared_.draining;
  co_return co_await send(*question, std::move(reply), close);
}

asio::awaitable<WebReply> Connection::answer(const WebAsk& ask) {
  if (std::optional<WebReply> ready = shared_.handler.at_once(ask)) co_return std::move(*ready);
  if (shared_.waiting.fetch_add(1) >= shared_.limits.waiting) {
    shared_.waiting.fetch_sub(1);
    co_return shared_.handler.refusal(503, "Too many questions at once: ask again in a moment.",
                                      ask.target);
  }
  WebReply reply =
      co_await asio::co_spawn(shared_.workers, work(shared_.handler, ask), asio::use_awaitable);
  shared_.waiting.fetch_sub(1);
  co_return reply;
}

asio::awaitable<Connection::After> Connection::send(const Question& question, WebReply reply,
                                                    bool close) {
  std::shared_ptr<WebStream> stream = question.head_only ? nullptr : std::move(reply.stream);
  if (stream && shared_.streams.fetch_add(1) >= shared_.limits.streams) {
    shared_.streams.fetch_sub(1);
    stream = nullptr;
    reply = shared_.handler.refusal(503, "Too many streams are open: try again later.",
                                    question.ask.target);
  }
  close = close || stream != nullptr;
  const std::string head = head_of(reply, close);
  const bool with_body = reply.body && !question.head_only;
  const std::string_view body = with_body ? std::string_view(*reply.body) : std::string_view{};
  const bool written = co_await write(head, body);
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began_);
  shared_.handler.served(question.ask.method, reply, head.size() + body.size(), took);
  if (stream) {
    if (written) co_await send_stream(stream);
    stream->wake_with({});
    shared_.streams.fetch_sub(1);
  }
  co_return written && !close ? After::next : After::close;
}

asio::awaitable<void> Connection::send_stream(std::shared_ptr<WebStream> stream) {
  buffer_ = {};
  filled_ = 0;
  wake_.emplace(socket_.get_executor());
  stream->wake_with([weak = weak_from_this(), executor = socket_.get_executor()] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock(); self && self->wake_) self->wake_->cancel();
    });
  });
  bool quiet = false;
  while (state_ != State::leaving && !shared_.draining) {
    const std::optional<std::string> news = stream->take();
    if (!news) break;
    if (!news->empty() || quiet) {
      const std::string_view bytes = news->empty() ? stream->heartbeat() : std::string_view(*news);
      const bool written = co_await write(bytes, {});
      if (!written) break;
      quiet = false;
      continue;
    }
    if (state_ == State::leaving) break;
    state_ = State::streaming;
    wake_->expires_after(shared_.limits.heartbeat);
    error_code woken;
    co_await wake_->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    quiet = !woken;
  }
  wake_.reset();
}

asio::awaitable<void> Connection::refuse(int status, std::string sentence, std::string target) {
  refused_ = true;
  const WebReply reply = shared_.handler.refusal(status, sentence, target);
  const std::string head = head_of(reply, true);
  const std::string_view body = reply.body ? std::string_view(*reply.body) : std::string_view{};
  co_await write(head, body);
  shared_.handler.served("-", reply, head.size() + body.size(), std::chrono::microseconds(0));
}

std::string Connection::head_of(const WebReply& reply, bool close) {
  const std::int64_t second = std::chrono::duration_cast<std::chrono::seconds>(
                                  std::chrono::system_clock::now().time_since_epoch())
                                  .count();
  if (second != lane_.date_second) {
    lane_.date_second = second;
    lane_.date_line = fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(second));
  }
  const auto reason =
      http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)));
  std::string head;
  head.reserve(256 + (reply.head ? reply.head->size() : 0));
  head += "HTTP/1.1 ";
  head += std::to_string(reply.status);
  head += ' ';
  head += text_of(reason);
  head += "\r\n";
  head += lane_.date_line;
  if (reply.body) {
    head += "Content-Length: ";
    head += std::to_string(reply.body->size());
    head += "\r\n";
  }
  if (close) head += "Connection: close\r\n";
  if (reply.head) head += *reply.head;
  head += "\r\n";
  return head;
}

}  // namespace lightsout::web
