// SPDX-License-Identifier: Apache-2.0
#include "app/watching.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "serve/watch.h"
#include "serve/webhook.h"
#include "source/ioda_fetch.h"

namespace lightsout {

namespace {

// The world's clock, whose sleep ends when the server does.
class StoppingClock final : public Clock {
 public:
  StoppingClock(Clock& real, std::stop_token stop) : real_(real), stop_(std::move(stop)) {}
  Time now() override { return real_.now(); }
  void sleep(std::chrono::milliseconds duration) override {
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop_, duration, [] { return false; });
  }

 private:
  Clock& real_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
};

// Asks nothing more once the server stops.
class StoppingHttp final : public Http {
 public:
  StoppingHttp(Http& real, std::stop_token stop) : real_(real), stop_(std::move(stop)) {}
  Result<HttpAnswer> get(const HttpRequest& request) override {
    if (stop_.stop_requested()) return Error{ErrorKind::world, "the server is stopping"};
    return real_.get(request);
  }

 private:
  Http& real_;
  std::stop_token stop_;
};

// What IODA has of one entity, read; every answer is kept verbatim in `answers`.
Result<WatchReading> fetch_from_ioda(const Entity& entity, const TimeRange& range,
                                     const std::string& base, Http& http, Clock& clock,
                                     AnswerStore& answers) {
  // Every few minutes only the last day is asked for again, not the 28 that it belongs to.
  const Seconds piece = range.length() <= kWatchRecent ? std::chrono::days{1} : kIodaPiece;
  Result<IodaFetched> fetched = fetch_ioda(
      {.entity = entity, .range = range, .base = base, .piece = piece}, http, clock, answers);
  if (!fetched) return fetched.error();
  WatchReading out;
  for (const std::string& source : kIodaDatasources) out.sources.push_back("ioda " + source);
  for (const IodaGap& gap : fetched->missing) {
    if (gap.reason == kIodaHasNone) continue;  // it answered: there is nothing of that kind
    out.missing.push_back({"ioda " + gap.datasource, gap.reason});
  }
  for (const Input& input : fetched->inputs) out.inputs.push_back(input.lineage);
  out.series = read_inputs(fetched->inputs, {.entity = entity, .range = range}).series;
  return out;
}

class Threads final : public Watching {
 public:
  ~Threads() override { stop(); }

  Status watch(const Options& options, World& world, Store& store, Hub& hub, const Say& say) {
    Result<std::unique_ptr<Http>> http = world.another_http();
    if (!http) return http.error();
    const std::string folder = options.store.value_or("lightsout.db") + ".ioda-answers";
    Result<std::unique_ptr<AnswerStore>> answers = world.answers(folder);
    if (!answers) return answers.error();
    const std::string base = options.ioda_base.empty() ? std::string(kIodaBase) : options.ioda_base;
    watcher_ = std::jthread([&world, &store, &hub, say, base, folder,
                             entities = options.serve.watched, http = std::move(*http),
                             answers = std::move(*answers)](const std::stop_token& stop) {
      StoppingClock clock(world.clock(), stop);
      StoppingHttp asking(*http, stop);
      const auto fetch = [&](const Entity& entity, const TimeRange& range) -> Result<WatchReading> {
        if (range.length() > kWatchRecent) {
          return fetch_from_ioda(entity, range, base, asking, clock, *answers);
        }
        // A folder a day: the list of what one has is read in each round, and has a limit.
        const auto today = world.answers(folder + "/" + format_time(clock.now()).substr(0, 10));
        if (!today) return today.error();
        return fetch_from_ioda(entity, range, base, asking, clock, **today);
      };
      Watch({.entities = entities, .fetch = fetch}, store, hub, clock, say).run(stop);
    });
    return {};
  }

  Status tell(const Options& options, World& world, Hub& hub, const Say& say) {
    Result<std::string> secret = world.read_file(options.serve.webhook_secret);
    if (!secret) return secret.error();
    while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) {
      secret->pop_back();
    }
    WebhookOptions webhook{.url = options.serve.webhook, .secret = std::move(*secret)};
    if (const Status fine = check_webhook(webhook); !fine) return fine;
    Result<std::unique_ptr<Http>> http = world.another_http();
    if (!http) return http.error();
    // Made here and not in the thread: it listens before anything is published.
    webhook_http_ = std::move(*http);
    webhook_ =
        std::make_unique<Webhook>(std::move(webhook), hub, *webhook_http_, world.clock(), say);
    teller_ = std::jthread([this](const std::stop_token& stop) { webhook_->run(stop); });
    return {};
  }

  void stop() override {
    watcher_.request_stop();
    if (watcher_.joinable()) watcher_.join();
    teller_.request_stop();  // afterwards, so that the last news is told
    if (teller_.joinable()) teller_.join();
  }

 private:
  std::unique_ptr<Http> webhook_http_;
  std::unique_ptr<Webhook> webhook_;
  std::jthread watcher_;
  std::jthread teller_;
};

}  // namespace

Result<std::unique_ptr<Watching>> Watching::start(const Options& options, World& world,
                                                  Store& store, Hub& hub, Say say) {
  auto threads = std::make_unique<Threads>();
  if (!options.serve.webhook.empty()) {
    if (options.serve.webhook_secret.empty()) {
      return Error{ErrorKind::usage,
                   "--webhook needs --webhook-secret FILE: what it receives is signed with it"};
    }
    if (const Status told = threads->tell(options, world, hub, say); !told) return told.error();
  }
  if (options.serve.watch) {
    const std::size_t count = options.serve.watched.size();
    if (count == 0 || count > kMaxWatched) {
      return Error{ErrorKind::usage,
                   fmt::format("--watch needs --entity, between 1 and {} times", kMaxWatched)};
    }
    if (const Status watched = threads->watch(options, world, store, hub, say); !watched) {
      return watched.error();
    }
  }
  return std::unique_ptr<Watching>(std::move(threads));
}

}  // namespace lightsout
