// /api/v1/chart.svg, /api/v1/chart.png and /embed: figures at addresses that stay.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "api/all_endpoints.h"
#include "api/figure.h"

namespace lightsout::api {

namespace {

constexpr int kLiveRefresh = 300;  // seconds: the finest step of any source

Result<FigureQuestion> read_figure(const ApiCall& call) {
  const Result<Entity> entity = entity_of(call.request.parameter("entity").value_or(""));
  if (!entity) return entity.error();
  Result<SignalQuestion> signals = read_question(call, *entity);
  if (!signals) return signals.error();
  const Result<std::optional<std::int64_t>> width =
      read_integer(call, "width", kLeastWidth, kMostWidth);
  if (!width) return width.error();
  const Result<std::string> theme = read_choice(call, "theme", "light|dark");
  if (!theme) return theme.error();
  const Result<ReadQuery> query = read_common(call);
  if (!query) return query.error();
  Result<Zone> zone =
      call.observatory.zone(query->tz, query->tz.empty() ? std::nullopt : std::optional(*entity));
  if (!zone) return zone.error();
  return FigureQuestion{.signals = std::move(*signals),
                        .width = static_cast<int>(width->value_or(800)),
                        .dark = *theme == "dark",
                        .zone = std::move(*zone)};
}

std::string twin(const FigureQuestion& question, const char* suffix) {
  std::string target = fmt::format(
      "/api/v1/series/{}.{}?from={}&until={}", path_of(question.signals.entity), suffix,
      format_time(question.signals.range.begin), format_time(question.signals.range.end));
  for (const std::string& each : question.signals.signals) {
    target += "&signal=" + percent_encode(each);
  }
  if (question.signals.baseline) target += "&norm=baseline";
  if (question.signals.as_of) target += "&asof=" + format_time(*question.signals.as_of);
  return target;
}

void add_headers(WebResponse& response, const Figure& figure, const FigureQuestion& question) {
  response.headers.emplace_back("x-chart-id", figure.id);
  response.headers.emplace_back(
      "link", fmt::format("<{}>; rel=\"alternate\"; type=\"text/csv\", <{}>; rel=\"alternate\"; "
                          "type=\"application/json\"",
                          twin(question, "csv"), twin(question, "json")));
}

WebResponse chart(const ApiCall& call) {
  const Result<FigureQuestion> question = read_figure(call);
  if (!question) return refusal(question.error());
  const Result<std::optional<std::int64_t>> scale = read_integer(call, "scale", 1, 3);
  if (!scale) return refusal(scale.error());
  const Result<Figure> figure = draw_figure(call.observatory, *question);
  if (!figure) return refusal(figure.error());
  WebResponse response;
  if (call.format == "png") {
    Result<std::string> png = png_of(*figure, static_cast<int>(scale->value_or(2)),
                                     {{"Title", figure->title},
                                      {"Description", figure->alt},
                                      {"Software", call.observatory.software_version()},
                                      {"Copyright", std::string(kLicence)},
                                      {"Comment", figure->metadata}});
    if (!png) return refusal(png.error());
    response = text_answer("image/png", std::move(*png));
  } else {
    response = text_answer("image/svg+xml; charset=utf-8", figure->svg);
  }
  add_headers(response, *figure, *question);
  return response;
}

// A page for an <iframe>: the figure itself, no script, nothing fetched.
WebResponse embed(const ApiCall& call) {
  const Result<std::string> mode = read_choice(call, "mode", "fixed|live");
  if (!mode) return refusal(mode.error());
  const Result<FigureQuestion> question = read_figure(call);
  if (!question) return refusal(question.error());
  if (*mode == "live" && call.request.parameter("until")) {
    return refusal({ErrorKind::usage,
                    "until: a live figure ends now; leave it out, or ask for "
                    "mode=fixed"});
  }
  const Result<Figure> figure = draw_figure(call.observatory, *question);
  if (!figure) return refusal(figure.error());
  const std::string drawing = figure->svg.substr(figure->svg.find("<svg"));
  const std::string refresh =
      *mode == "live" ? fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">", kLiveRefresh)
                      : std::string();
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">" + refresh +
                     "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
                     escape_html(clean_text(figure->title)) + "</title></head>\n<body>" + drawing +
                     "<p><a href=\"" + escape_html(twin(*question, "csv")) +
                     "\">the numbers as CSV</a> <a href=\"" + escape_html(twin(*question, "json")) +
                     "\">as JSON</a> <a href=\"/" + escape_html(path_of(question->signals.entity)) +
                     "\">more about it</a></p></body></html>\n";
  WebResponse response = text_answer("text/html; charset=utf-8", std::move(page));
  add_headers(response, *figure, *question);
  return response;
}

const Parameter kChartEntity{.name = "entity",
                             .kind = ParameterKind::entity,
                             .summary = "whose own signals are drawn",
                             .example = "{entity}",
                             .required = true};
const Parameter kChartSignal{.name = "signal",
                             .summary = "source/metric",
                             .example = {},
                             .otherwise = "all of the entity itself, at most 8",
                             .repeated = true};
const Parameter kChartNorm{.name = "norm",
                           .kind = ParameterKind::choice,
                           .summary = "baseline: as shares of what was expected",
                           .example = "none",
                           .choices = "none|baseline"};
const Parameter kWidth{.name = "width",
                       .kind = ParameterKind::integer,
                       .summary = "in pixels, 320 to 2000",
                       .example = "800",
                       .otherwise = "800"};
const Parameter kTheme{.name = "theme",
                       .kind = ParameterKind::choice,
                       .summary = "light or dark",
                       .example = "light",
                       .choices = "light|dark"};
const Parameter kTz{
    .name = "tz", .summary = "IANA name, for the axis", .example = "UTC", .otherwise = "UTC"};

const Parameter kChartQuery[] = {kChartEntity,
                                 kChartSignal,
                                 kFrom,
                                 kUntil,
                                 kChartNorm,
                                 kAsOf,
                                 kWidth,
                                 kTheme,
                                 kTz,
                                 {.name = "scale",
                                  .kind = ParameterKind::integer,
                                  .summary = "pixels of a PNG to a unit, 1 to 3",
                                  .example = "1",
                                  .otherwise = "2"}};
const Parameter kEmbedQuery[] = {
    kChartEntity,
    {.name = "mode",
     .kind = ParameterKind::choice,
     .summary = "live: ends now and is drawn anew every five minutes",
     .example = "fixed",
     .choices = "fixed|live"},
    kChartSignal,
    kFrom,
    kUntil,
    kChartNorm,
    kAsOf,
    kWidth,
    kTheme,
    kTz,
};

const Endpoint kChartEndpoints[] = {
    {.path = "/api/v1/chart",
     .summary = "A figure of an entity's signals: band, gaps, phases, windows, source and hash",
     .path_parameters = {},
     .query_parameters = kChartQuery,
     .formats = "svg|png",
     .schema = {},
     .answer = chart},
    {.path = "/embed",
     .summary = "The same as a page for an iframe, without scripts",
     .path_parameters = {},
     .query_parameters = kEmbedQuery,
     .formats = "html",
     .schema = {},
     .answer = embed},
};

}  // namespace

std::span<const Endpoint> chart_endpoints() {
  return kChartEndpoints;
}

}  // namespace lightsout::api
