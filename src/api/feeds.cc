// /api/v1/feeds: Atom (RFC 4287) and JSON Feed 1.1, one entry for each version of an incident.
//
// An entry never changes: a correction is a new version and so a new entry. Its id is a tag URI
// (RFC 4151) that holds no host, so a feed that moves does not tell everything again.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "api/all_endpoints.h"
#include "api/tiers.h"
#include "geo/country.h"
#include "report/verdict.h"

namespace lightsout::api {

namespace {

constexpr std::size_t kFeedIncidents = 50;  // the latest
constexpr std::size_t kFeedEntries = 100;   // versions of these

struct Feed {
  std::string title;
  std::string self;               // its own path, without suffix
  std::string page;               // for people
  std::vector<Incident> entries;  // the one known last in front
};

Result<Feed> feed_of(const ApiCall& call) {
  Feed feed{.title = "Lightsout: all incidents",
            .self = "/api/v1/feeds/global",
            .page = "/incidents",
            .entries = {}};
  IncidentQuery query;
  if (!call.parts.empty()) {
    const Result<Entity> entity = entity_of(call.parts[0], call.parts[1]);
    if (!entity) return entity.error();
    if (const Status known = known_entity(call.observatory, *entity); !known) return known.error();
    feed.title = "Lightsout: " + title_of(*entity);
    feed.self = "/api/v1/feeds/" + path_of(*entity);
    feed.page = "/" + path_of(*entity);
    if (entity->type() == EntityType::country) {
      query.who.country = std::string(entity->country());
    } else {
      query.who.entity = *entity;
    }
  }
  const Result<ReadQuery> when = read_common(call);
  if (!when) return when.error();
  query.as_of = when->as_of;
  const Result<std::vector<Incident>> incidents = call.observatory.incidents(query);
  if (!incidents) return incidents.error();
  for (std::size_t i = 0; i < std::min(incidents->size(), kFeedIncidents); ++i) {
    const auto versions = call.observatory.versions((*incidents)[i].id);
    if (!versions) return versions.error();
    for (const Incident& each : **versions) {
      if (query.as_of && each.known_at > *query.as_of) continue;
      feed.entries.push_back(each);
    }
  }
  std::stable_sort(feed.entries.begin(), feed.entries.end(),
                   [](const Incident& a, const Incident& b) { return a.known_at > b.known_at; });
  if (feed.entries.size() > kFeedEntries) {
    feed.entries.erase(feed.entries.begin() + kFeedEntries, feed.entries.end());
  }
  return feed;
}

std::string id_of(const Incident& each) {
  return fmt::format("tag:lightsout,2026:incident/{}/v{}", percent_encode(each.id), each.version);
}

std::string title_of_entry(const Incident& each) {
  return fmt::format("{}{}: {}", each.semi_synthetic ? "SEMI-SYNTHETIC: " : "",
                     title_of(each.entity), one_line(each));
}

std::string text_of(const Incident& each) {
  std::string text =
      fmt::format("{}; began {} (90 % interval {} to {}); {}; {} evidence; version {}",
                  one_line(each), format_time(each.onset.value), format_time(each.onset.earliest),
                  format_time(each.onset.latest), duration_text(each),
                  lightsout::name_of(each.confidence), each.version);
  for (const Finding& finding : each.findings) text += ". " + finding.text;
  return clean_text(text);
}

std::string version_page(const Incident& each) {
  return fmt::format("{}?version={}", page_of(each), each.version);
}

// Of the newest entry: a feed without news says the same again, byte for byte.
Time updated_of(const Feed& feed) {
  return feed.entries.empty() ? Time{} : feed.entries.front().known_at;
}

std::string atom(const Feed& feed) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
  xml += "<id>tag:lightsout,2026:feed" + escape_html(feed.self) + "</id>\n";
  xml += "<title>" + escape_html(feed.title) + "</title>\n";
  xml += "<updated>" + format_time(updated_of(feed)) + "</updated>\n";
  xml += "<author><name>Lightsout</name></author>\n";
  xml += "<link rel=\"self\" href=\"" + escape_html(feed.self) + ".atom\"/>\n";
  xml += "<link rel=\"alternate\" type=\"text/html\" href=\"" + escape_html(feed.page) + "\"/>\n";
  for (const Incident& each : feed.entries) {
    xml += "<entry>\n<id>" + escape_html(id_of(each)) + "</id>\n";
    xml += "<title>" + escape_html(clean_text(title_of_entry(each))) + "</title>\n";
    xml += "<updated>" + format_time(each.known_at) + "</updated>\n";
    xml += "<link rel=\"alternate\" href=\"" + escape_html(version_page(each)) + "\"/>\n";
    xml += "<category term=\"" + std::string(lightsout::name_of(each.grade)) + "\"/>\n";
    xml += "<summary>" + escape_html(text_of(each)) + "</summary>\n</entry>\n";
  }
  return xml + "</feed>\n";
}

std::string json_feed(const Feed& feed) {
  JsonText json;
  json.object([&] {
    json.field("version", "https://jsonfeed.org/version/1.1");
    json.field("title", feed.title);
    json.field("feed_url", feed.self + ".json");
    json.field("home_page_url", feed.page);
    json.list("items", feed.entries, [&](const Incident& each) {
      json.object([&] {
        json.field("id", id_of(each));
        json.field("url", version_page(each));
        json.field("title", title_of_entry(each));
        json.field("content_text", text_of(each));
        json.field("date_modified", each.known_at);
        const std::string tags[] = {std::string(lightsout::name_of(each.grade)),
                                    each.entity.text()};
        json.list("tags", tags, [&](const std::string& tag) { json.put(tag); });
      });
    });
  });
  return json.take();
}

WebResponse feed(const ApiCall& call) {
  const Result<Feed> made = feed_of(call);
  if (!made) return refusal(made.error());
  if (call.format == "json") {
    return text_answer("application/feed+json; charset=utf-8", json_feed(*made));
  }
  return text_answer("application/atom+xml; charset=utf-8", atom(*made));
}

const Parameter kFeedPath[] = {kType, kCode};
const Parameter kFeedQuery[] = {kAsOf};

const Endpoint kFeedEndpoints[] = {
    {.path = "/api/v1/feeds/global",
     .summary = "Every version of every incident, the newest first",
     .path_parameters = {},
     .query_parameters = kFeedQuery,
     .formats = "atom|json",
     .schema = "Feed",
     .answer = feed},
    {.path = "/api/v1/feeds/{type}/{code}",
     .summary = "The same of one entity; a country takes in its parts",
     .path_parameters = kFeedPath,
     .query_parameters = kFeedQuery,
     .formats = "atom|json",
     .schema = "Feed",
     .answer = feed},
};

}  // namespace

std::span<const Endpoint> feed_endpoints() {
  return kFeedEndpoints;
}

}  // namespace lightsout::api
