// Site: the handler behind the web server. Which path goes where, from the cache or made anew, with
// the headers that protect those who read.
//
//   Site site({.observatory = observatory, .pages = all_pages(), .log = log});
//   auto server = world.web_server({.listen = "127.0.0.1:8080"}, site);
//
// A path is looked for among /healthz, /metrics, /stream, the assets, the API and the pages, in
// that order. Nobody is watched: no cookie is ever set, every answer forbids what a tracker needs
// (Content-Security-Policy: nothing from elsewhere), and a line of the log has a method, the
// pattern of the route, a status, bytes and milliseconds - no address, no query, no agent.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/web_server.h"
#include "pages/site.h"
#include "serve/answer_cache.h"
#include "serve/assets.h"
#include "serve/hub.h"
#include "serve/traffic.h"
#include "web/observatory.h"

namespace lightsout {

struct SiteParts {
  Observatory& observatory;
  std::span<const Page> pages;
  Assets assets;
  Hub* hub = nullptr;                                // of /stream; nullptr: there is none
  std::function<WebCounters()> connections;          // empty: not in /metrics
  std::function<void(const std::string& line)> log;  // empty: no log
  std::size_t cache_bytes = kMaxCacheBytes;
};

inline constexpr std::size_t kMinGzipBytes = 1'024;       // a shorter answer gains nothing
inline constexpr std::size_t kMaxAnswerBytes = 64 << 20;  // a longer one is refused with a sentence

class Site final : public WebHandler {
 public:
  explicit Site(SiteParts parts);

  std::optional<WebReply> at_once(const WebAsk& ask) override;
  WebReply in_time(const WebAsk& ask) override;
  WebReply refusal(int status, std::string_view sentence, std::string_view target) override;
  void served(std::string_view method, const WebReply& reply, std::uint64_t bytes,
              std::chrono::microseconds took) override;

 private:
  struct Routed {
    WebResponse response;
    std::string_view route;
  };

  std::string key_of(const WebAsk& ask) const;
  std::shared_ptr<const ReadyAnswer> plain(const WebAsk& ask, const std::string& key);
  std::shared_ptr<const ReadyAnswer> zipped(const WebAsk& ask, const std::string& key);
  Routed route(const WebAsk& ask);
  Routed page(const WebRequest& request);
  std::optional<Routed> of_its_own(const WebRequest& request);
  std::optional<WebReply> stream(const WebAsk& ask);
  std::string metrics();
  bool is_own(std::string_view target) const;

  SiteParts parts_;
  AnswerCache cache_;
  Traffic traffic_;
};

}  // namespace lightsout
