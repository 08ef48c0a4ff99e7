// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <sstream>

#include "app/options.h"
#include "app/version.h"

namespace lightsout {

namespace {

// Every line of a --help stays within 80 columns, examples and all.
constexpr const char* kAbout =
    "Lightsout turns open measurements into an answer that anyone can recheck: what\n"
    "really happened to a country's Internet? Data goes to standard output,\n"
    "everything else to standard error.";

constexpr const char* kExitCodes =
    "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 not found or empty; 4 input\n"
    "damaged, the readable part was used (--strict makes it 1); 5 the sources do not\n"
    "suffice for an answer; 130 interrupted.";

const std::map<std::string, Format> kFormats = {
    {"table", Format::table},         {"csv", Format::csv},         {"tsv", Format::tsv},
    {"json", Format::json},           {"jsonl", Format::jsonl},     {"html", Format::html},
    {"md", Format::markdown},         {"text160", Format::text160}, {"ics", Format::ics},
    {"bgpdump-m", Format::bgpdump_m}, {"text", Format::text}};

// One option as CLI11 sees it: a text that one of our own parsers turns into a value, so that its
// sentence about what is wrong reaches the person.
template <typename Value>
void add_parsed(CLI::App& app, const std::string& name, std::optional<Value>& target,
                Result<Value> (*parse)(std::string_view), const std::string& about) {
  app.add_option_function<std::string>(
         name,
         [&target, parse](const std::string& text) {
           Result<Value> value = parse(text);
           if (!value) throw CLI::ValidationError(value.error().message);
           target = std::move(*value);
         },
         about)
      ->expected(1);
}

void add_range(CLI::App& app, Options& options) {
  add_parsed(app, "--from", options.from, parse_time, "begin, UTC: 2022-01-05T10:30Z, 2022-01-05");
  add_parsed(app, "--until", options.until, parse_time, "end, one past; later data is not used");
}

void add_strict(CLI::App& app, Options& options) {
  app.add_flag("--strict", options.strict, "damaged input ends with exit code 1, not 4");
}

void add_inputs(CLI::App& app, Options& options) {
  app.add_option("--input", options.inputs, "files, folders or '-'; plain or gz, bz2, zst, xz")
      ->type_name("PATH...");
  app.add_option_function<std::string>(
         "--columns", [&options](const std::string& text) { options.columns = text; },
         "how to read any other CSV: time=...,value=...")
      ->type_name("MAPPING");
  app.add_option("--fingerprints", options.fingerprints,
                 "known block pages, as CSV of ooni/blocking-fingerprints")
      ->type_name("PATH...");
  add_strict(app, options);
}

void add_without(CLI::App& app, Options& options) {
  app.add_option("--without", options.without, "leave sources out, to see what rests on them")
      ->type_name("SOURCE...");
}

void add_store(CLI::App& app, Options& options, bool required) {
  CLI::Option* store = app.add_option_function<std::string>(
      "--store", [&options](const std::string& path) { options.store = path; }, "a DuckDB file");
  if (required) store->required();
}

void add_format(CLI::App& app, Options& options, const std::vector<std::string>& allowed) {
  std::map<std::string, Format> formats;
  for (const std::string& name : allowed) formats[name] = kFormats.at(name);
  std::string names;
  for (const std::string& name : allowed) names += (names.empty() ? "" : "|") + name;
  app.add_option("--format", options.format, "how it is written to standard output")
      ->transform(CLI::CheckedTransformer(formats).description(""))
      ->type_name(names);
  if (std::find(allowed.begin(), allowed.end(), "csv") != allowed.end()) {
    app.add_flag("--no-header", options.no_header, "leave the line of column names away");
  }
  app.add_flag("--quiet,-q", options.quiet, "no progress and no notes on standard error");
}

// Reports say local time beside UTC; tables have one column for a time.
enum class TimesIn { report, table };

void add_zone(CLI::App& app, Options& options, TimesIn where) {
  app.add_option("--tz", options.tz,
                 where == TimesIn::report ? "local times, an IANA name; default: the capital's"
                                          : "times with this zone's offset; default: UTC")
      ->type_name("ZONE");
}

void add_out(CLI::App& app, Options& options, const std::string& about) {
  app.add_option_function<std::string>(
         "--out", [&options](const std::string& path) { options.out = path; }, about)
      ->type_name("DIR");
}

void add_entity(CLI::App& app, Options& options, bool required) {
  const auto take = [&options](const std::string& text) {
    Result<Entity> entity = Entity::parse(text);
    if (!entity) throw CLI::ValidationError(entity.error().message);
    options.entity = std::move(*entity);
  };
  CLI::Option* option = app.add_option_function<std::string>(
                               "ENTITY", take, "country:KZ, region:KZ-75, asn:9198, ...")
                            ->type_name("");
  if (required) option->required();
}

void add_fetch(CLI::App& app, Options& options) {
  app.add_option_function<std::string>(
         "--fetch",
         [&options](const std::string& what) {
           if (what != "ioda") {
             throw CLI::ValidationError(fmt::format("--fetch {}: only 'ioda' is known", what));
           }
           options.fetch_ioda = true;
         },
         "ask IODA's public API for the entity")
      ->type_name("ioda");
  app.add_option("--ioda-base", options.ioda_base, "another server that speaks IODA's API v2")
      ->type_name("URL");
  add_parsed(app, "--history-from", options.history_from, parse_time,
             "fetch from here on; default: 42 days earlier");
}

void add_mrt_files(CLI::App& app, Options& options) {
  app.add_option("FILE", options.arguments, "MRT files, folders, or '-'")->required();
  app.add_option("--threads", options.threads, "how many to use; default: one a core")
      ->check(CLI::Range(1, 64).description(""))
      ->type_name("N");
  add_strict(app, options);
}

// A list: the option may stand several times, and in each several words with commas between them.
// Without allow_extra_args(false) it would swallow the files that follow it.
void add_words(CLI::App& app, const std::string& name, std::vector<std::string>& words,
               const std::string& about, const std::string& type, bool commas = true) {
  CLI::Option* option = app.add_option(name, words, about)->type_name(type);
  option->allow_extra_args(false);
  if (commas) option->delimiter(',');
}

// "5min", "300", "1h": whole numbers of s, min, h or d.
Result<Seconds> parse_duration(std::string_view text) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"", 1}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86'400}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  for (const auto& [unit, seconds] : kUnits) {
    if (digits == 0 || digits > 6 || text.substr(digits) != unit) continue;
    return Seconds(std::stol(std::string(text.substr(0, digits))) * seconds);
  }
  return Error{ErrorKind::usage,
               "'" + std::string(text) + "' is not a duration such as 300s, 5min, 1h or 1d"};
}

void add_mrt_range(CLI::App& app, Options& options) {
  add_parsed(app, "--from", options.filter.from, parse_time, "begin, UTC: 2022-01-05T10:30Z");
  add_parsed(app, "--until", options.filter.until, parse_time, "end, one past");
}

void add_mrt_filters(CLI::App& app, Options& options) {
  mrt::FilterWords& filter = options.filter;
  add_words(app, "--peer", filter.peers, "who said it; '!' before a word: not", "ADDRESS|ASN");
  add_words(app, "--origin", filter.origins, "which network announces it", "ASN");
  add_words(app, "--path", filter.paths, "AS path pattern, as on a router: '_9198$'", "PATTERN",
            false);
  add_words(app, "--prefix", filter.prefixes, "exactly this prefix", "PREFIX");
  app.add_flag("--more", filter.more, "and what lies inside of it");
  app.add_flag("--less", filter.less, "and what it lies inside of");
  add_words(app, "--community", filter.communities, "65000:1, 65000:*, 64500:1:2", "COMMUNITY");
}

void add_data(CLI::App& app, Options& options, const std::string& about) {
  app.add_option_function<std::string>(
         "--data", [&options](const std::string& path) { options.data = path; }, about)
      ->type_name("DIR");
}

// "4%" or "0.04": a share 0..1.
void add_share(CLI::App& app, const std::string& name, const std::string& about,
               const std::function<void(double)>& take) {
  app.add_option_function<std::string>(
         name,
         [take](const std::string& text) {
           const bool percent = text.ends_with('%');
           char* end = nullptr;
           const double value = std::strtod(text.c_str(), &end) / (percent ? 100 : 1);
           const bool whole = end != text.c_str() && std::string(end) == (percent ? "%" : "");
           if (!whole || !(value >= 0 && value <= 1)) {
             throw CLI::ValidationError("'" + text + "' is no share: write 4% or 0.04");
           }
           take(value);
         },
         about)
      ->type_name("SHARE");
}

void add_cost(CLI::App& app, Options& options) {
  CostOptions& cost = options.cost;
  app.add_option("--country", cost.country, "two letters: KZ")->type_name("CC");
  app.add_option_function<double>(
         "--hours", [&cost](double hours) { cost.hours = hours; }, "clock hours of the cuts")
      ->check(CLI::Range(0.0, 1e6).description(""))
      ->type_name("H");
  app.add_option_function<double>(
         "--effective-hours", [&cost](double hours) { cost.effective_hours = hours; },
         "hours weighed by the share that was lost")
      ->check(CLI::Range(0.0, 1e6).description(""))
      ->type_name("H");
  app.add_option_function<int>(
         "--year", [&cost](int year) { cost.year = year; }, "of the cut")
      ->check(CLI::Range(1990, 2105).description(""))
      ->type_name("Y");
  app.add_option_function<double>(
         "--gdp", [&cost](double gdp) { cost.gdp_usd = gdp; }, "of a year, in US dollars")
      ->check(CLI::Range(1.0, 1e15).description(""))
      ->type_name("USD");
  add_share(app, "--share", "the internet economy, of GDP",
            [&cost](double share) { cost.digital_share = share; });
  add_share(app, "--online", "people online", [&cost](double share) { cost.online_share = share; });
  add_share(app, "--reach", "of the economy: a region's output, a provider's market",
            [&cost](double share) { cost.reach = share; });
  add_share(app, "--part", "of the internet: a service's value, mobile's share",
            [&cost](double share) { cost.part = share; });
  app.add_option("--tier", cost.tier, "connectivity, for Deloitte's method")
      ->check(CLI::IsMember({"low", "medium", "high"}).description(""))
      ->type_name("low|medium|high");
  app.add_flag("--implied", cost.implied, "the shares of daily GDP that published totals imply");
  add_data(app, options, "a folder with econ/gdp.csv and the like");
}

Result<PublicEventKind> event_kind(std::string_view word) {
  if (const auto kind = parse_event_kind(word)) return *kind;
  return Error{ErrorKind::usage, fmt::format("'{}' is no kind of event", word)};
}

void add_events(CLI::App& app, Options& options) {
  app.add_option("--events", options.events.files,
                 "dated events beside the shipped ones; none: only FILEs")
      ->type_name("FILE...");
}

void add_event_kind(CLI::App& app, Options& options) {
  add_parsed(app, "--kind", options.events.kind, event_kind,
             "protest, election, exam, coup, speech, decree, ...");
}

// What becomes of the records of a live feed.
void add_feed(CLI::App& app, Options& options) {
  options.format = Format::bgpdump_m;
  add_out(app, options, "keep MRT files there, one each 5 minutes and collector");
  add_mrt_filters(app, options);
  add_words(app, "--type", options.filter.types, "announce, withdraw, state", "TYPE");
  add_format(app, options, {"bgpdump-m", "jsonl", "text"});
  add_strict(app, options);
}

void add_serve(CLI::App& app, Options& options) {
  ServeOptions& serve = options.serve;
  add_store(app, options, false);
  app.add_option("--listen", serve.listen, "default: 127.0.0.1:8080; port 0: any that is free")
      ->type_name("ADDRESS:PORT");
  app.add_option("--tls-cert", serve.tls_certificate, "a certificate and its chain, PEM")
      ->type_name("FILE");
  app.add_option("--tls-key", serve.tls_key, "its private key, PEM")->type_name("FILE");
  app.add_option("--front", serve.front, "the page whose address is printed; default: /")
      ->type_name("PATH");
  app.add_option("--assets", serve.assets, "other scripts for the pages than those built in")
      ->type_name("DIR");
  app.add_option_function<std::string>(
         "--watch",
         [&serve](const std::string& what) {
           if (what != "ioda") {
             throw CLI::ValidationError(fmt::format("--watch {}: only 'ioda' is known", what));
           }
           serve.watch = true;
         },
         "ask IODA's public API every 5 minutes")
      ->type_name("ioda");
  app.add_option_function<std::vector<std::string>>(
         "--entity",
         [&serve](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             Result<Entity> entity = Entity::parse(text);
             if (!entity) throw CLI::ValidationError(entity.error().message);
             serve.watched.push_back(std::move(*entity));
           }
         },
         "whom to watch: country:KZ, asn:9198, ...")
      ->type_name("ENTITY...");
  app.add_option("--ioda-base", options.ioda_base, "another server that speaks IODA's API v2")
      ->type_name("URL");
  app.add_option("--webhook", serve.webhook, "where incident events are sent as they happen")
      ->type_name("URL");
  app.add_option("--webhook-secret", serve.webhook_secret, "a file with what signs them")
      ->type_name("FILE");
  app.add_flag("--log", serve.log, "a line an answer on standard error, without who asked");
  app.add_flag("--quiet,-q", options.quiet, "no notes on standard error");
}

struct Sub {
  const char* name;  // "incident list" is a subcommand of a subcommand
  const char* summary;
  const char* examples;
  void (*add)(CLI::App& app, Options& options);
};

const Sub kSubs[] = {
    {"investigate", "What happened to ENTITY? A verdict and a report.",
     "  lightsout investigate country:IR --from 2025-12-01 --until 2026-01-30 \\\n"
     "      --input ioda-export.csv --out report/\n"
     "  lightsout investigate country:KZ --fetch ioda --from 2022-01-02 \\\n"
     "      --until 2022-01-13 --out kz/",
     [](CLI::App& app, Options& options) {
       add_entity(app, options, true);
       add_range(app, options);
       add_inputs(app, options);
       add_fetch(app, options);
       add_without(app, options);
       add_store(app, options, false);
       add_data(app, options, "a folder with econ/gdp.csv and the like: adds the cost");
       add_events(app, options);
       add_out(app, options, "where the report goes, in every format");
       add_format(app, options, {"table", "json", "md", "text160"});
       add_zone(app, options, TimesIn::report);
     }},
    {"ingest", "Read measurements into a store.",
     "  lightsout ingest --store obs.duckdb --entity country:IR --input export.csv\n"
     "  zcat updates.gz | lightsout ingest --store obs.duckdb --input -",
     [](CLI::App& app, Options& options) {
       add_parsed(app, "--entity", options.entity, Entity::parse,
                  "whom a file speaks about that does not say");
       add_inputs(app, options);
       add_store(app, options, true);
       add_format(app, options, {"table", "json"});
     }},
    {"series", "Print series as they were read, bin by bin.",
     "  lightsout series --input ioda-export.csv --entity country:IR --format csv\n"
     "  lightsout series --store o.duckdb --signal country:IR/ioda-probing/slash24_up",
     [](CLI::App& app, Options& options) {
       add_parsed(app, "--entity", options.entity, Entity::parse, "only this entity and its parts");
       app.add_option_function<std::string>(
           "--signal", [&options](const std::string& text) { options.signal = text; },
           "entity/source/metric");
       add_range(app, options);
       add_inputs(app, options);
       add_store(app, options, false);
       add_parsed(app, "--as-of", options.as_of, parse_time, "as known then (with --store)");
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
       add_zone(app, options, TimesIn::table);
     }},
    {"detect", "Print the anomalies of each series.",
     "  lightsout detect --input youtube.csv --entity service:youtube@country:RU \\\n"
     "      --columns 'time=date and time,value=value,signal=google/youtube'",
     [](CLI::App& app, Options& options) {
       add_parsed(app, "--entity", options.entity, Entity::parse, "only this entity and its parts");
       add_range(app, options);
       add_inputs(app, options);
       add_without(app, options);
       add_store(app, options, false);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
       add_zone(app, options, TimesIn::table);
     }},
    {"circumvention", "Print where use of Tor, Psiphon or VPNs jumped or fell.",
     "  lightsout circumvention --input tor-users.csv.gz --entity country:SY",
     [](CLI::App& app, Options& options) {
       add_parsed(app, "--entity", options.entity, Entity::parse, "only this country");
       add_range(app, options);
       add_inputs(app, options);
       add_store(app, options, false);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
     }},
    {"incident list", "List the incidents of a store, newest version of each.",
     "  lightsout incident list --store obs.duckdb --format csv",
     [](CLI::App& app, Options& options) {
       add_store(app, options, true);
       add_range(app, options);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
       add_zone(app, options, TimesIn::table);
     }},
    {"incident show", "Show one incident; its versions with --format jsonl.",
     "  lightsout incident show ir-2026-01-08-7c1e --store obs.duckdb --format json",
     [](CLI::App& app, Options& options) {
       app.add_option("ID", options.arguments, "as incident list prints it")
           ->required()
           ->expected(1);
       add_store(app, options, true);
       add_format(app, options, {"table", "json", "jsonl"});
       add_zone(app, options, TimesIn::report);
     }},
    {"windows", "The stretches in which people could get online.",
     "  lightsout windows country:KZ --from 2022-01-02 --until 2022-01-13 \\\n"
     "      --input kz/ --format csv",
     [](CLI::App& app, Options& options) {
       add_entity(app, options, true);
       add_range(app, options);
       add_inputs(app, options);
       add_store(app, options, false);
       add_format(app, options, {"table", "csv", "ics", "json"});
       add_zone(app, options, TimesIn::report);
     }},
    {"why", "Why this verdict, and why not another.",
     "  lightsout why country:IR --at 2026-01-08T17:00Z --input ioda-export.csv",
     [](CLI::App& app, Options& options) {
       add_entity(app, options, true);
       add_parsed(app, "--at", options.at, parse_time, "only what speaks about this moment");
       add_range(app, options);
       add_inputs(app, options);
       add_without(app, options);
       add_store(app, options, false);
       add_format(app, options, {"table"});
     }},
    {"report", "Write the report about ENTITY in one format.",
     "  lightsout report country:IR --store obs.duckdb --format html > iran.html\n"
     "  lightsout report country:IR --input ioda-export.csv --format text160",
     [](CLI::App& app, Options& options) {
       add_entity(app, options, true);
       add_range(app, options);
       add_inputs(app, options);
       add_without(app, options);
       add_store(app, options, false);
       add_data(app, options, "a folder with econ/gdp.csv and the like: adds the cost");
       add_events(app, options);
       add_format(app, options, {"html", "md", "json", "csv", "ics", "text160", "table"});
       add_zone(app, options, TimesIn::report);
     }},
    {"simulate", "Write files of a scripted blackout.",
     "  lightsout simulate scenarios/kazakhstan-2022.scenario --out kz/",
     [](CLI::App& app, Options& options) {
       app.add_option("SCENARIO", options.arguments, "a text file, see docs/formats/scenario.md")
           ->required()
           ->expected(1);
       add_out(app, options, "where the files go");
       app.add_flag("--quiet,-q", options.quiet, "no progress and no notes on standard error");
     }},
    {"cost", "What a cut may have cost, by several published methods.",
     "  lightsout cost --country KZ --hours 108 --year 2022 --data DIR\n"
     "  lightsout cost --country KZ --hours 108 --gdp 225e9 --share 4% --tier high\n"
     "  lightsout cost --implied --data DIR --format csv",
     [](CLI::App& app, Options& options) {
       add_cost(app, options);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
     }},
    {"events list", "Events in public life that are drawn beside the curves.",
     "  lightsout events list country:KZ\n"
     "  lightsout events list --kind exam --events mine.events --format csv",
     [](CLI::App& app, Options& options) {
       add_entity(app, options, false);
       add_event_kind(app, options);
       add_range(app, options);
       add_events(app, options);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
     }},
    {"events test", "Do cuts follow events more often than chance?",
     "  lightsout events test country:IR --within 3d\n"
     "  lightsout events test country:SY --kind exam --events exams.events \\\n"
     "      --input ioda-syria.csv",
     [](CLI::App& app, Options& options) {
       add_entity(app, options, true);
       add_event_kind(app, options);
       add_parsed(app, "--within", options.events.within, parse_duration,
                  "how long after an event a cut counts; default: 3d");
       app.add_option("--seed", options.events.seed, "of the shuffles; default: 1")->type_name("N");
       app.add_option("--draws", options.events.draws, "how many shuffles; default: 10000")
           ->check(CLI::Range(1, 100'000).description(""))
           ->type_name("N");
       add_range(app, options);
       add_inputs(app, options);
       add_without(app, options);
       add_store(app, options, false);
       add_events(app, options);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
     }},
    {"score", "How good the answers are, measured on labelled data.",
     "  lightsout score --data DIR\n"
     "  lightsout score --data DIR --markdown > docs/scorecard.md\n"
     "  lightsout score fit --data DIR > cases/deliberate.fit\n"
     "  lightsout score fit similarity > cases/likeness.fit",
     [](CLI::App& app, Options& options) {
       app.add_option("fit", options.arguments, "fit: weights, of 'deliberate' or 'similarity'")
           ->expected(0, 2)
           ->check(CLI::IsMember({"fit", "deliberate", "similarity"}).description(""))
           ->type_name("[fit [WHAT]]");
       add_data(app, options, "the folder of labelled data");
       app.add_option("--section", options.sections, "only these sections")->type_name("NAME...");
       app.add_flag("--markdown", options.markdown, "as docs/scorecard.md");
       app.add_flag("--quick", options.quick, "fewer simulations: for a look, not for print");
     }},
    {"mrt dump", "Print MRT files as text, one route a line.",
     "  lightsout mrt dump updates.20220105.1030.gz --format bgpdump-m | head\n"
     "  lightsout mrt dump rib.gz updates.*.gz --prefix 2.72.0.0/13 --more\n"
     "  lightsout mrt dump updates.*.bz2 --path '_9198$' --type '!withdraw'",
     [](CLI::App& app, Options& options) {
       options.format = Format::bgpdump_m;
       add_mrt_files(app, options);
       add_mrt_filters(app, options);
       add_words(app, "--type", options.filter.types, "announce, withdraw, state, rib", "TYPE");
       add_mrt_range(app, options);
       add_format(app, options, {"bgpdump-m", "jsonl", "text"});
     }},
    {"mrt stat", "Count what MRT files hold: records, peers, gaps, damage.",
     "  lightsout mrt stat updates.*.gz\n"
     "  lightsout mrt stat rib.bz2 --format jsonl | grep '\"about\":\"peer\"'",
     [](CLI::App& app, Options& options) {
       add_mrt_files(app, options);
       add_parsed(app, "--gap", options.gap, parse_duration,
                  "a stretch without records that is told; default: 5min");
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
     }},
    {"mrt visibility", "How much of each country or network is announced.",
     "  lightsout mrt visibility rib.gz updates.*.gz --geo rir-ip.tar.gz --format csv\n"
     "  lightsout mrt visibility rib.gz --by asn --threshold 25",
     [](CLI::App& app, Options& options) {
       add_mrt_files(app, options);
       app.add_option("--by", options.by, "one row a bin, a family and one of these")
           ->check(CLI::IsMember({"country", "region", "asn", "asn-in-country"}).description(""))
           ->type_name("country|region|asn|asn-in-country");
       app.add_option("--threshold", options.threshold,
                      "seen by so many percent of the full feeds; default: 50")
           ->type_name("1|25|50|75|100");
       add_words(app, "--geo", options.geo, "which prefix lies where", "TABLE", false);
       add_parsed(app, "--bin", options.bin, parse_duration, "how long a bin is; default: 5min");
       add_mrt_range(app, options);
       add_format(app, options, {"table", "csv", "tsv", "json", "jsonl"});
     }},
    {"mrt rib", "The routing table at a moment, from a table and updates.",
     "  lightsout mrt rib rib.0800.gz updates.*.gz --at 2022-01-05T10:30Z",
     [](CLI::App& app, Options& options) {
       options.format = Format::bgpdump_m;
       add_mrt_files(app, options);
       add_parsed(app, "--at", options.at, parse_time, "the moment, UTC: 2022-01-05T10:30Z");
       app.get_option("--at")->required();
       add_mrt_filters(app, options);
       add_format(app, options, {"bgpdump-m", "jsonl", "text"});
     }},
    {"listen bmp", "Receive BMP from routers; print or keep their routes.",
     "  lightsout listen bmp 127.0.0.1:11019 | grep '|W|'\n"
     "  lightsout listen bmp 10.0.0.5:11019 --out feeds/",
     [](CLI::App& app, Options& options) {
       app.add_option("ADDRESS:PORT", options.arguments, "where; nothing checks who sends")
           ->required()
           ->expected(1);
       add_feed(app, options);
     }},
    {"listen ris-live", "Read RIS Live frames from standard input as they come.",
     "  websocat -n ADDRESS < subscribe.json | lightsout listen ris-live\n"
     "  lightsout listen ris-live --out feeds/ < frames.jsonl",
     [](CLI::App& app, Options& options) { add_feed(app, options); }},
    {"bmp dump", "Print all that BMP streams say, one JSON object a line.",
     "  lightsout bmp dump router.bmp session.pcap | grep peer_down",
     [](CLI::App& app, Options& options) {
       app.add_option("FILE", options.arguments, "BMP streams, packet captures (pcap), or '-'")
           ->required();
       options.format = Format::jsonl;
       add_format(app, options, {"jsonl"});
       add_strict(app, options);
     }},
    {"serve", "Pages, API and events over what a store knows.",
     "  lightsout serve --store obs.duckdb\n"
     "  lightsout serve --store obs.duckdb --listen 0.0.0.0:8443 \\\n"
     "      --tls-cert chain.pem --tls-key key.pem\n"
     "  lightsout serve --store obs.duckdb --watch ioda --entity country:KZ",
     [](CLI::App& app, Options& options) { add_serve(app, options); }},
};

std::string footer_of(const char* examples) {
  return std::string("Examples:\n") + examples + "\n\n" + kExitCodes;
}

// What no single option can say about itself.
Status check(const Options& options) {
  if (options.from && options.until && *options.until <= *options.from) {
    return Error{ErrorKind::usage,
                 fmt::format("--until {} does not lie after --from {}", format_time(*options.until),
                             format_time(*options.from))};
  }
  return {};
}

using Groups = std::map<std::string, CLI::App*>;

CLI::App* group_of(CLI::App& app, Groups& groups, const std::string& name) {
  CLI::App*& group = groups[name];
  if (group == nullptr) {
    static const std::map<std::string, const char*> kAboutGroups = {
        {"mrt", "Routing tables and updates in MRT files."},
        {"incident", "The incidents of a store."},
        {"listen", "Live feeds: BMP from routers, RIS Live."},
        {"bmp", "BMP streams that were kept as files."},
        {"events", "Protests, elections, exams: what cuts are held against."}};
    group = app.add_subcommand(name, kAboutGroups.at(name));
    group->require_subcommand(1);
  }
  return group;
}

// The word that stands where a command should and is none. CLI11 would only say that one is
// missing.
std::optional<std::string> unknown_command(const CLI::App& app,
                                           const std::vector<std::string>& words) {
  const CLI::App* at = &app;
  for (std::size_t i = 1; i < words.size() && !words[i].starts_with('-'); ++i) {
    const auto below = at->get_subcommands([](const CLI::App*) { return true; });
    if (below.empty()) return std::nullopt;
    const auto found = std::find_if(below.begin(), below.end(), [&](const CLI::App* sub) {
      return sub->get_name() == words[i];
    });
    if (found == below.end()) return words[i];
    at = *found;
  }
  return std::nullopt;
}

ParsedCommandLine usage_error(const std::string& message) {
  return {.options = std::nullopt,
          .end = {.code = kUsage, .out = "", .err = fmt::format("lightsout: {}\n", message)}};
}

}  // namespace

ParsedCommandLine parse_command_line(const std::vector<std::string>& words) {
  Options options;
  for (const std::string& word : words) {
    const bool plain = word.find_first_of(" '\"\\$*?;&|<>()") == std::string::npos;
    options.command_line +=
        (options.command_line.empty() ? "" : " ") + (plain ? word : "'" + word + "'");
  }

  // One set of options for each subcommand: defaults differ, and CLI11 keeps references to them.
  CLI::App app{kAbout, "lightsout"};
  app.set_version_flag("--version", std::string("lightsout ") + kVersion);
  app.require_subcommand(1);
  app.get_formatter()->column_width(24);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return fmt::format("lightsout: {}; --help says more\n", error.what());
  });
  app.footer(std::string("Help on each: lightsout COMMAND --help\n\n") + kExitCodes);
  std::vector<std::pair<CLI::App*, const Sub*>> subs;
  std::vector<std::unique_ptr<Options>> slots;
  Groups groups;
  for (const Sub& sub : kSubs) {
    const std::string name = sub.name;
    const std::size_t blank = name.find(' ');
    CLI::App& parent =
        blank == std::string::npos ? app : *group_of(app, groups, name.substr(0, blank));
    CLI::App* made = parent.add_subcommand(
        blank == std::string::npos ? name : name.substr(blank + 1), sub.summary);
    slots.push_back(std::make_unique<Options>(options));
    sub.add(*made, *slots.back());
    made->footer(footer_of(sub.examples));
    subs.emplace_back(made, &sub);
  }

  if (const auto word = unknown_command(app, words)) {
    return usage_error(fmt::format("there is no command '{}'; --help names them all", *word));
  }
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  if (!reversed.empty()) reversed.pop_back();  // the program's own name
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    return {.options = std::nullopt,
            .end = {.code = code == 0 ? kOk : kUsage, .out = out.str(), .err = err.str()}};
  }
  for (std::size_t i = 0; i < subs.size(); ++i) {
    if (!subs[i].first->parsed()) continue;
    slots[i]->command = subs[i].second->name;
    if (const Status sensible = check(*slots[i]); !sensible) {
      return usage_error(sensible.error().message);
    }
    return {.options = std::move(*slots[i]), .end = {}};
  }
  return {.options = std::nullopt, .end = {.code = kUsage, .out = "", .err = app.help()}};
}

}  // namespace lightsout
