// Options: what a person asked for on the command line, as a value. cli.cc fills it in and checks
// what can be checked without looking at the world; the commands read it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/events.h"
#include "core/time.h"
#include "geo/entity.h"
#include "mrt/filter.h"

namespace lightsout {

enum class Format { table, csv, tsv, json, jsonl, html, markdown, text160, ics, bgpdump_m, text };

// What --hours and the rest of `cost` say; docs/methods/cost.md.
struct CostOptions {
  std::string country;
  std::optional<double> hours;
  std::optional<double> effective_hours;
  std::optional<int> year;
  std::optional<double> gdp_usd;
  std::optional<double> digital_share;  // 0..1
  std::optional<double> online_share;   // 0..1
  double reach = 1;
  double part = 1;
  std::string tier;
  bool implied = false;
};

struct EventsOptions {
  std::vector<std::string> files;  // "none": not the shipped ones
  std::optional<PublicEventKind> kind;
  std::optional<Seconds> within;
  std::uint64_t seed = 1;
  std::size_t draws = 10'000;
};

// Of `serve`.
struct ServeOptions {
  std::string listen = "127.0.0.1:8080";
  std::string tls_certificate;  // PEM files
  std::string tls_key;
  std::string front = "/";  // the page that people are sent to
  std::string assets;       // a folder that web/ built; empty: what the program holds
  bool log = false;         // one line an answer on standard error
  bool watch = false;       // ask IODA on a timer
  std::vector<Entity> watched;
  std::string webhook;         // URL; empty: nobody is told
  std::string webhook_secret;  // a file with it
};

struct Options {
  std::string command;                 // "investigate", "incident list", ...
  std::vector<std::string> arguments;  // positional ones after the command

  std::optional<Entity> entity;
  std::optional<Time> from;
  std::optional<Time> until;
  std::optional<Time> at;
  std::optional<Time> as_of;
  std::vector<std::string> inputs;
  std::optional<std::string> columns;  // as typed; the pipeline reads it, since it may name a zone
  std::vector<std::string> fingerprints;  // files of known block pages
  std::optional<std::string> signal;
  std::vector<std::string> without;  // sources left out, to see what the verdict rests on
  std::optional<std::string> store;
  std::optional<std::string> out;
  bool fetch_ioda = false;
  std::string ioda_base;             // empty: IODA's public API
  std::optional<Time> history_from;  // what is fetched begins here
  mrt::FilterWords filter;           // of the mrt commands, as typed
  unsigned threads = 0;              // 0: one a core
  std::string by = "country";        // mrt visibility: which entities
  unsigned threshold = 50;           // and seen by how many percent of the full-feed networks
  std::vector<std::string> geo;      // and which prefix lies where
  std::optional<Seconds> bin;
  std::optional<Seconds> gap;  // mrt stat: what counts as one
  Format format = Format::table;
  std::string tz;  // IANA name; empty: the capital's
  bool strict = false;
  bool quiet = false;
  bool no_header = false;
  CostOptions cost;
  EventsOptions events;
  ServeOptions serve;
  std::optional<std::string> data;    // score: labelled data; cost and reports: econ/ in it
  std::vector<std::string> sections;  // score: only these
  bool markdown = false;              // score: as docs/scorecard.md
  bool quick = false;                 // score: fewer simulations
  std::string command_line;           // as typed, for the report
};

// Documented in README.md and every --help.
enum ExitCode {
  kOk = 0,
  kRuntimeError = 1,
  kUsage = 2,
  kNothing = 3,     // not found, or an empty result
  kDamaged = 4,     // input was damaged, what could be read was used
  kCannotTell = 5,  // a gap in the sources makes the answer unreliable
  kInterrupted = 130,
};

// The options, or the exit code and text with which the program ends at once (--help, --version, a
// usage error).
struct EndNow {
  int code = kOk;
  std::string out;
  std::string err;
};
struct ParsedCommandLine {
  std::optional<Options> options;
  EndNow end;  // when there are no options
};
ParsedCommandLine parse_command_line(const std::vector<std::string>& words);

}  // namespace lightsout
