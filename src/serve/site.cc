// SPDX-License-Identifier: Apache-2.0
#include "serve/site.h"

#include <fmt/format.h>

#include "api/endpoint.h"
#include "geo/country.h"
#include "pages/frame.h"
#include "serve/event_stream.h"
#include "serve/headers.h"
#include "serve/plain_page.h"
#include "web/query.h"

namespace lightsout {

namespace {

constexpr std::string_view kNoRoute = "-";

std::string_view path_part(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

std::vector<std::string_view> cut(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t begin = 1;
  while (begin < path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool fits(std::string_view pattern, const std::vector<std::string>& parts) {
  const std::vector<std::string_view> wanted = cut(pattern);
  if (wanted.size() != parts.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{') && wanted[i] != parts[i]) return false;
  }
  return true;
}

// The country that a path is about: of the last of its variable parts that is one.
std::optional<Entity> country_in(std::string_view pattern, const std::vector<std::string>& parts) {
  const std::vector<std::string_view> wanted = cut(pattern);
  for (std::size_t i = wanted.size(); i-- > 0;) {
    if (!wanted[i].starts_with('{') || find_country(parts[i]) == nullptr) continue;
    Result<Entity> entity = Entity::parse("country:" + parts[i]);
    if (entity) return *entity;
  }
  return std::nullopt;
}

std::string offered_languages() {
  std::string list;
  for (const Language* each : all_languages()) {
    list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", each->code(), each->own_name());
  }
  return list;
}

WebReply reply_of(const std::shared_ptr<const ReadyAnswer>& answer, const WebAsk& ask) {
  if (answer->status == 200 && !ask.if_none_match.empty() &&
      etag_matches(ask.if_none_match, answer->etag)) {
    return {.status = 304,
            .head = answer->unchanged,
            .body = nullptr,
            .stream = nullptr,
            .route = answer->route};
  }
  return {.status = answer->status,
          .head = answer->head,
          .body = answer->body,
          .stream = nullptr,
          .route = answer->route};
}

}  // namespace

Site::Site(SiteParts parts) : parts_(std::move(parts)), cache_(parts_.cache_bytes) {}

bool Site::is_own(std::string_view target) const {
  const std::string_view path = path_part(target);
  return path == "/healthz" || path == "/metrics" || path == "/stream";
}

std::string Site::key_of(const WebAsk& ask) const {
  std::string key = ask.target;
  key += '\n';
  key += negotiate_language(ask.accept_language).code();
  return key;
}

std::optional<WebReply> Site::at_once(const WebAsk& ask) {
  if (is_own(ask.target)) return std::nullopt;
  const std::uint64_t generation = parts_.observatory.generation();
  const Time now = parts_.observatory.now();
  const std::string key = key_of(ask);
  if (ask.accepts_gzip) {
    if (const auto answer = cache_.find(key + "\ngzip", generation, now)) {
      return reply_of(answer, ask);
    }
    return std::nullopt;
  }
  if (const auto answer = cache_.find(key, generation, now)) return reply_of(answer, ask);
  return std::nullopt;
}

WebReply Site::in_time(const WebAsk& ask) {
  if (std::optional<WebReply> streamed = stream(ask)) return std::move(*streamed);
  const std::string key = key_of(ask);
  return reply_of(ask.accepts_gzip ? zipped(ask, key) : plain(ask, key), ask);
}

std::shared_ptr<const ReadyAnswer> Site::plain(const WebAsk& ask, const std::string& key) {
  const auto make = [&] {
    Routed routed = route(ask);
    if (routed.response.body.size() > kMaxAnswerBytes) {
      routed.response =
          problem(413, "The answer is too long",
                  fmt::format("it would have {} MB and at most {} MB are sent: ask "
                              "for a shorter range, a wider step or fewer rows",
                              routed.response.body.size() >> 20, kMaxAnswerBytes >> 20));
    }
    return ready(std::move(routed.response), path_part(ask.target), routed.route);
  };
  if (is_own(ask.target)) return make();
  return cache_.find_or_make(key, parts_.observatory.generation(), parts_.observatory.now(), make);
}

std::shared_ptr<const ReadyAnswer> Site::zipped(const WebAsk& ask, const std::string& key) {
  const auto make = [&]() -> std::shared_ptr<const ReadyAnswer> {
    const std::shared_ptr<const ReadyAnswer> answer = plain(ask, key);
    const bool picture = answer->head->find("Content-Type: image/png") != std::string::npos ||
                         answer->head->find("Content-Type: font/") != std::string::npos;
    if (picture || answer->body->size() < kMinGzipBytes) return answer;
    return ready_gzip(*answer);
  };
  if (is_own(ask.target)) return make();
  return cache_.find_or_make(key + "\ngzip", parts_.observatory.generation(),
                             parts_.observatory.now(), make);
}

Site::Routed Site::route(const WebAsk& ask) {
  Result<WebRequest> request = parse_target(ask.target);
  if (!request) {
    if (is_for_programs(path_part(ask.target))) {
      return {problem(400, "The address cannot be read", request.error().message), kNoRoute};
    }
    return {plain_page(negotiate_language(ask.accept_language), 400, request.error().message),
            kNoRoute};
  }
  request->accept = ask.accept;
  request->accept_language = ask.accept_language;
  request->if_none_match = ask.if_none_match;
  request->accepts_gzip = ask.accepts_gzip;
  if (std::optional<Routed> own = of_its_own(*request)) return std::move(*own);
  if (std::optional<WebResponse> asset = parts_.assets.find(request->path)) {
    return {std::move(*asset), "/assets/{file}"};
  }
  if (std::optional<WebResponse> answer = answer_api(parts_.observatory, *request)) {
    const EndpointMatch match = match_endpoint(request->path);
    return {std::move(*answer), match.endpoint != nullptr ? match.endpoint->path : kNoRoute};
  }
  return page(*request);
}

Site::Routed Site::page(const WebRequest& request) {
  const Time now = parts_.observatory.now();
  const std::optional<std::string> asked = request.parameter("lang");
  const Language* const chosen = asked && !asked->empty()
                                     ? find_language(*asked)
                                     : &negotiate_language(request.accept_language);
  const Language* const say = chosen != nullptr ? chosen : &english();
  const std::vector<std::string> parts = request.parts();
  const Page* found = nullptr;
  for (const Page& each : parts_.pages) {
    if (fits(each.path, parts)) {
      found = &each;
      break;
    }
  }
  const std::string_view route = found != nullptr ? found->path : kNoRoute;
  Result<ReadQuery> query = read_query(request, now);
  PageContext context{.observatory = parts_.observatory,
                      .say = *say,
                      .request = request,
                      .query = query ? *query : ReadQuery{},
                      .zone = {},
                      .now = now};
  if (chosen == nullptr) {
    return {page_problem(context, 400,
                         (*say)("serve.no-language", {{"language", asked.value_or("")},
                                                      {"offered", offered_languages()}})),
            route};
  }
  if (found == nullptr) {
    return {page_problem(context, 404, (*say)("serve.no-page", {{"path", request.path}})), route};
  }
  if (!query) return {page_problem(context, query.error()), route};
  const Result<Zone> zone = parts_.observatory.zone(query->tz, country_in(found->path, parts));
  if (!zone) return {page_problem(context, zone.error()), route};
  context.zone = *zone;
  return {found->show(context), route};
}

std::optional<Site::Routed> Site::of_its_own(const WebRequest& request) {
  const auto text = [](std::string body) {
    return WebResponse{.status = 200,
                       .content_type = "text/plain; version=0.0.4; charset=utf-8",
                       .body = std::move(body),
                       .headers = {},
                       .max_age = 0};
  };
  if (request.path == "/metrics") return Routed{text(metrics()), "/metrics"};
  if (request.path == "/healthz") {
    const auto signals = parts_.observatory.signals();
    if (!signals) {
      return Routed{problem(503, "The store does not answer", signals.error().message), "/healthz"};
    }
    return Routed{text("ok\n"), "/healthz"};
  }
  return std::nullopt;
}

// Not in the cache and not a value: it goes on.
std::optional<WebReply> Site::stream(const WebAsk& ask) {
  if (parts_.hub == nullptr || path_part(ask.target) != "/stream") return std::nullopt;
  const auto said = [](WebResponse response) {
    const auto answer = ready(std::move(response), "/stream", "/stream");
    return WebReply{.status = answer->status,
                    .head = answer->head,
                    .body = answer->body,
                    .stream = nullptr,
                    .route = answer->route};
  };
  const Result<WebRequest> request = parse_target(ask.target);
  if (!request) return said(problem(400, "The address cannot be read", request.error().message));
  std::string entity = request->parameter("entity").value_or("");
  if (!entity.empty()) {
    const Result<Entity> parsed = Entity::parse(entity);
    if (!parsed) return said(problem(400, "No such entity", parsed.error().message));
    entity = parsed->text();
  }
  // A script that cannot set headers resumes with ?after=.
  const std::string after =
      ask.last_event_id.empty() ? request->parameter("after").value_or("") : ask.last_event_id;
  const std::optional<std::uint64_t> id = Hub::parse_id(after);
  if (!after.empty() && !id) {
    return said(problem(400, "No such event",
                        "the id of the last event is a number, as it came with the event"));
  }
  WebReply reply = said({.status = 200,
                         .content_type = "text/event-stream",
                         .body = "",
                         .headers = {{"X-Accel-Buffering", "no"}},
                         .max_age = 0});
  reply.body = nullptr;
  reply.stream = std::make_shared<EventStream>(*parts_.hub, id, std::move(entity));
  return reply;
}

WebReply Site::refusal(int status, std::string_view sentence, std::string_view target) {
  const std::string_view path = path_part(target);
  WebResponse response;
  if (is_for_programs(path)) {
    response = problem(status, "Refused", sentence);
  } else {
    response = plain_page(english(), status, sentence);
  }
  const auto answer = ready(std::move(response), path, kNoRoute);
  return {.status = answer->status,
          .head = answer->head,
          .body = answer->body,
          .stream = nullptr,
          .route = answer->route};
}

void Site::served(std::string_view method, const WebReply& reply, std::uint64_t bytes,
                  std::chrono::microseconds took) {
  traffic_.count(reply.route, reply.status, bytes, took);
  if (parts_.log) {
    parts_.log(fmt::format("{} {} {} {} {:.1f}\n", method, reply.route, reply.status, bytes,
                           static_cast<double>(took.count()) / 1000));
  }
}

std::string Site::metrics() {
  std::string out = traffic_.metrics();
  const auto gauge = [&](std::string_view name, std::string_view help, auto value) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
  };
  const auto counter = [&](std::string_view name, std::string_view help, auto value) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} counter\n{0} {2}\n", name, help, value);
  };
  if (parts_.connections) {
    const WebCounters now = parts_.connections();
    gauge("lightsout_connections", "Open now.", now.connections);
    gauge("lightsout_connections_limit", "As many as the system and we allow.", now.limit);
    gauge("lightsout_streams", "Event streams open now.", now.streams);
    gauge("lightsout_waiting", "Questions that a worker has or will have.", now.waiting);
    counter("lightsout_connections_accepted_total", "Since the start.", now.accepted);
    counter("lightsout_connections_refused_total", "Over the limit, since the start.", now.refused);
  }
  const CacheCounters cache = cache_.counters();
  gauge("lightsout_cache_bytes", "Answers that lie ready.", cache.bytes);
  gauge("lightsout_cache_entries", "How many.", cache.entries);
  counter("lightsout_cache_hits_total", "Answers from the cache.", cache.hits);
  counter("lightsout_cache_misses_total", "Answers made anew.", cache.misses);
  counter("lightsout_cache_evicted_total", "Thrown out for want of room.", cache.evicted);
  gauge("lightsout_generation", "Counts the changes of the data.", parts_.observatory.generation());
  if (const auto sources = parts_.observatory.sources()) {
    out +=
        "# HELP lightsout_source_lag_seconds Now less the end of the source's newest bin.\n"
        "# TYPE lightsout_source_lag_seconds gauge\n";
    for (const SourceHealth& each : *sources) {
      out += fmt::format("lightsout_source_lag_seconds{{source=\"{}\"}} {}\n",
                         metric_label(each.source), each.lag.count());
    }
  }
  return out;
}

}  // namespace lightsout
