// SPDX-License-Identifier: Apache-2.0
#include "api/answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/document.h"

namespace lightsout::api {

namespace {

Error wrong(std::string message) {
  return {ErrorKind::usage, std::move(message)};
}

std::string number_text(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return error == std::errc{} ? std::string(buffer, end) : std::string();
}

std::string joined_with(const std::vector<std::string>& parts, std::string_view with) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += with;
    text += part;
  }
  return text;
}

// A cell as plain text, before it is quoted; the second one is the epoch of a moment.
std::string plain(const Cell& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const double* number = std::get_if<double>(&value)) return number_text(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const Time* time = std::get_if<Time>(&value)) return format_time(*time);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    return joined_with(*list, "; ");
  }
  return {};
}

void put_cell(JsonText& json, const std::string& column, const Cell& value, bool moment) {
  if (moment) {
    const Time* time = std::get_if<Time>(&value);
    json.moment(column, time ? std::optional(*time) : std::nullopt);
    return;
  }
  json.name(column);
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::same_as<Held, std::monostate>) {
          json.put_null();
        } else if constexpr (std::same_as<Held, std::vector<std::string>>) {
          json.list(held, [&](const std::string& each) { json.put(each); });
        } else {
          json.put(held);
        }
      },
      value);
}

void put_row(JsonText& json, const ApiTable& table, const std::vector<Cell>& row) {
  json.object([&] {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      put_cell(json, table.columns[i], row[i], table.moments[i]);
    }
  });
}

// TSV has no quotes: a cell is one line without tabs; formulas are defused as in CSV.
std::string tsv_cell(std::string_view text) {
  std::string cell = clean_text(text);
  std::replace(cell.begin(), cell.end(), '\t', ' ');
  if (!cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos) {
    double number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (error != std::errc{} || end != cell.data() + cell.size()) cell.insert(0, "'");
  }
  return cell;
}

std::string separated(const ApiTable& table, bool tabs) {
  const char* between = tabs ? "\t" : ",";
  // RFC 4180 section 2 ends lines with CR LF; what reads TSV expects LF.
  const char* line_end = tabs ? "\n" : "\r\n";
  std::string text;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) text += between;
    text += table.columns[i];
    if (table.moments[i]) text += between + table.columns[i] + "_epoch";
  }
  text += line_end;
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) text += between;
      const bool number =
          std::holds_alternative<double>(row[i]) || std::holds_alternative<std::int64_t>(row[i]);
      const std::string value = plain(row[i]);
      text += number ? value : (tabs ? tsv_cell(value) : csv_cell(value));
      if (!table.moments[i]) continue;
      text += between;
      if (const Time* time = std::get_if<Time>(&row[i])) {
        text += std::to_string(time->time_since_epoch().count());
      }
    }
    text += line_end;
  }
  return text;
}

struct Page {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string next;  // the cursor of the page after it; empty: this is the last
};

// A cursor is the name of the last row that was sent, so that rows that come in between neither
// repeat nor skip one.
Result<Page> page_of(const ApiCall& call, const ApiTable& table) {
  Page page{.begin = 0, .end = table.rows.size(), .next = {}};
  if (table.key.empty()) return page;
  const Result<std::optional<std::int64_t>> limit = read_integer(call, "limit", 1, kMaxPageRows);
  if (!limit) return limit.error();
  const auto found = std::find(table.columns.begin(), table.columns.end(), table.key);
  const auto key = static_cast<std::size_t>(found - table.columns.begin());
  const std::string cursor = call.request.parameter("cursor").value_or("");
  if (!cursor.empty()) {
    const auto last =
        std::find_if(table.rows.begin(), table.rows.end(),
                     [&](const std::vector<Cell>& row) { return plain(row[key]) == cursor; });
    if (last == table.rows.end()) {
      return wrong(
          "cursor: the page before ended at a row that this list does not have; ask without a "
          "cursor, and keep the other parameters the same from page to page");
    }
    page.begin = static_cast<std::size_t>(last - table.rows.begin()) + 1;
  }
  const auto rows = static_cast<std::size_t>(limit->value_or(kPageRows));
  page.end = std::min(table.rows.size(), page.begin + rows);
  if (page.end < table.rows.size()) page.next = plain(table.rows[page.end - 1][key]);
  return page;
}

std::string next_target(const ApiCall& call, const std::string& cursor) {
  std::string target;
  for (const std::string& part : call.request.parts()) target += "/" + percent_encode(part);
  char mark = '?';
  for (const auto& [name, value] : call.request.query) {
    if (name == "cursor") continue;
    target += mark + percent_encode(name) + "=" + percent_encode(value);
    mark = '&';
  }
  return target + mark + "cursor=" + percent_encode(cursor);
}

std::string table_json(const ApiCall& call, const ApiTable& table, const Page& page,
                       std::size_t total) {
  JsonText json;
  json.object([&] {
    put_envelope(json, call.observatory, table.type, table.parameters);
    json.field("semi_synthetic", table.semi_synthetic);
    json.field("total", total);
    json.field("next", page.next.empty() ? std::optional<std::string>() : page.next);
    json.list("data", table.rows, [&](const std::vector<Cell>& row) { put_row(json, table, row); });
    put_lineage(json, table.lineage);
  });
  return json.take();
}

}  // namespace

Cell cell(const std::optional<Time>& time) {
  return time ? Cell(*time) : Cell();
}

Cell cell(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Cell(*number) : Cell();
}

WebResponse table_answer(const ApiCall& call, ApiTable table) {
  const Result<Page> page = page_of(call, table);
  if (!page) return refusal(page.error());
  const std::size_t total = table.rows.size();
  for (std::string& column : table.columns) {
    table.moments.push_back(column.starts_with('@'));
    if (table.moments.back()) column.erase(0, 1);
  }
  table.rows.erase(table.rows.begin() + static_cast<std::ptrdiff_t>(page->end), table.rows.end());
  table.rows.erase(table.rows.begin(),
                   table.rows.begin() + static_cast<std::ptrdiff_t>(page->begin));
  WebResponse response;
  if (call.format == "csv") {
    response = text_answer("text/csv; charset=utf-8; header=present", separated(table, false));
  } else if (call.format == "tsv") {
    response = text_answer("text/tab-separated-values; charset=utf-8", separated(table, true));
  } else if (call.format == "jsonl") {
    std::string lines;
    for (const std::vector<Cell>& row : table.rows) {
      JsonText json;
      put_row(json, table, row);
      lines += json.take();
    }
    response = text_answer("application/jsonl; charset=utf-8", std::move(lines));
  } else {
    response = json_answer(table_json(call, table, *page, total));
  }
  if (!page->next.empty()) {
    response.headers.emplace_back("link", "<" + next_target(call, page->next) + ">; rel=\"next\"");
  }
  return response;
}

void put_envelope(JsonText& json, Observatory& observatory, std::string_view type,
                  const Effective& parameters) {
  json.field("type", type);
  json.object("parameters", [&] {
    for (const auto& [name, value] : parameters) json.field(name, value);
  });
  json.moment("data_through", observatory.data_through());
  json.moment("generated_at", observatory.now());
  json.field("version", observatory.software_version());
  json.field("licence", kLicence);
}

void put_lineage(JsonText& json, const std::vector<Lineage>& lineage) {
  json.object("lineage", [&] {
    json.field("inputs", lineage.size());
    json.field("digest", inputs_digest(lineage));
    const std::size_t shown = std::min(lineage.size(), kMaxLineageShown);
    json.list("first", std::span(lineage).first(shown), [&](const Lineage& input) {
      json.object([&] {
        json.field("name", input.name);
        json.field("format", input.format);
        json.field("sha256", input.sha256);
        json.moment("arrived", input.arrived);
        json.field("semi_synthetic", input.semi_synthetic);
      });
    });
  });
}

void put_estimate(JsonText& json, std::string_view key, const Estimate& estimate) {
  json.object(key, [&] {
    json.field("value", estimate.value);
    json.field("low", estimate.low);
    json.field("high", estimate.high);
  });
}

void put_time_estimate(JsonText& json, std::string_view key,
                       const std::optional<TimeEstimate>& time) {
  if (!time) return json.field(key, std::optional<bool>());
  json.object(key, [&] {
    json.moment("value", time->value);
    json.moment("earliest", time->earliest);
    json.moment("latest", time->latest);
  });
}

WebResponse json_answer(std::string body) {
  return text_answer("application/json; charset=utf-8", std::move(body));
}

WebResponse text_answer(std::string content_type, std::string body) {
  WebResponse response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  return response;
}

WebResponse refusal(const Error& error) {
  const int status = status_of(error);
  const char* title = "The question cannot be answered";
  if (status == 404) title = "Not found";
  if (status == 413) title = "The answer would be too long";
  if (status >= 500) title = "The store cannot answer";
  return problem(status, title, error.message);
}

Result<std::optional<std::int64_t>> read_integer(const ApiCall& call, std::string_view name,
                                                 std::int64_t least, std::int64_t most) {
  const std::string text = call.request.parameter(name).value_or("");
  if (text.empty()) return std::optional<std::int64_t>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
    return wrong(fmt::format("{}: '{}' is no whole number from {} to {}", name, text, least, most));
  }
  return std::optional(value);
}

Result<std::optional<double>> read_number(const ApiCall& call, std::string_view name, double least,
                                          double most) {
  const std::string text = call.request.parameter(name).value_or("");
  if (text.empty()) return std::optional<double>();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= least) ||
      !(value <= most)) {
    return wrong(fmt::format("{}: '{}' is no number from {} to {}", name, text, least, most));
  }
  return std::optional(value);
}

Result<std::string> read_choice(const ApiCall& call, std::string_view name,
                                std::string_view choices) {
  const std::string text = call.request.parameter(name).value_or("");
  std::string_view rest = choices;
  while (true) {
    const std::size_t end = rest.find('|');
    const std::string_view each = rest.substr(0, end);
    if (text.empty() || each == text) return std::string(each);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return wrong(fmt::format("{}: '{}' is not one of {}", name, text, choices));
}

Result<std::optional<Seconds>> read_duration(const ApiCall& call, std::string_view name) {
  const std::string text = call.request.parameter(name).value_or("");
  if (text.empty()) return std::optional<Seconds>();
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  std::int64_t scale = 0;
  if (unit.empty() || unit == "s") scale = 1;
  if (unit == "m") scale = 60;
  if (unit == "h") scale = 3'600;
  if (unit == "d") scale = 86'400;
  if (error != std::errc{} || scale == 0 || count < 1 || count > 31'622'400 ||
      count * scale > 31'622'400) {  // 366 days
    return wrong(
        fmt::format("{}: '{}' is no duration: write 300, 5m, 1h or 1d, at most 366d", name, text));
  }
  return std::optional(Seconds(count * scale));
}

Result<ReadQuery> read_common(const ApiCall& call) {
  return read_query(call.request, call.observatory.now());
}

Result<Entity> entity_of(std::string_view type, std::string_view code) {
  std::string text = fmt::format("{}:{}", type, code);
  if (type == "geoasn") {
    const std::size_t dash = code.find('-');
    if (dash == std::string_view::npos) {
      return wrong(fmt::format("'{}' is no network in a country: write 9198-KZ", clean_text(code)));
    }
    text = fmt::format("asn:{}@country:{}", code.substr(0, dash), code.substr(dash + 1));
  }
  Result<Entity> entity = Entity::parse(text);
  if (entity) return entity;
  return wrong(
      fmt::format("'{}/{}' is no entity: {}; write country/KZ, region/KZ-75, asn/9198, "
                  "geoasn/9198-KZ or service/telegram",
                  clean_text(type), clean_text(code), entity.error().message));
}

Result<Entity> entity_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::size_t colon = text.find(':');
  if (slash != std::string_view::npos && slash < colon) {
    return entity_of(text.substr(0, slash), text.substr(slash + 1));
  }
  if (colon != std::string_view::npos) {
    return entity_of(text.substr(0, colon), text.substr(colon + 1));
  }
  return entity_of("country", text);
}

std::string path_of(const Entity& entity) {
  const std::string& text = entity.text();
  const std::size_t at = text.find("@country:");
  if (entity.type() == EntityType::asn && at != std::string::npos) {
    return fmt::format("geoasn/{}-{}", entity.code(), entity.country());
  }
  const std::size_t colon = text.find(':');
  return text.substr(0, colon) + "/" + percent_encode(text.substr(colon + 1));
}

Status known_entity(Observatory& observatory, const Entity& entity) {
  if (!observatory.signals_of(entity, true).empty()) return {};
  IncidentQuery query;
  if (entity.type() == EntityType::country) {
    query.who.country = std::string(entity.country());
  } else {
    query.who.entity = entity;
  }
  const Result<std::vector<Incident>> incidents = observatory.incidents(query);
  if (!incidents) return incidents.error();
  if (!incidents->empty()) return {};
  return Error{ErrorKind::not_found,
               fmt::format("nothing is known of {}: /api/v1/entities lists what is measured here",
                           entity.text())};
}

}  // namespace lightsout::api
