// Fetching IODA's signals: an entity and a range in, Inputs for the IODA JSON reader out.
//
// The range is asked for in pieces on a fixed grid of 28 days (the API refuses 100 days or more),
// one datasource at a time, so that one that fails does not take the others with it. Every answer
// is kept word for word with its SHA-256 and a line in manifest.jsonl; a piece that lies wholly in
// the past is never asked for again, so a second run goes on where the first one stopped. Because
// of the grid the answers reach beyond the range: cut with ReadOptions::range.
//
// Failing in part is normal and is said: `missing` names datasource, range and reason. Only a
// question that makes no sense, or a store that cannot keep an answer, is an Error.
//
//   Result<IodaFetched> fetched = fetch_ioda({.entity = kz, .range = range}, http, clock, store);
//   read_inputs(fetched->inputs, {.entity = kz, .range = range});
//
// API: docs/formats/ioda-api.md. How retries (patient_http.h) and the cache work:
// docs/methods/fetching.md.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/http.h"
#include "source/answer_store.h"
#include "source/source.h"

namespace lightsout {

constexpr std::string_view kIodaBase = "https://api.ioda.inetintel.cc.gatech.edu/v2";

// Routes, active probing, telescope, Google's traffic, Firefox telemetry.
inline const std::vector<std::string> kIodaDatasources = {"bgp", "ping-slash24", "merit-nt", "gtr",
                                                          "mozilla"};

constexpr Seconds kIodaPiece = std::chrono::days{28};
inline constexpr std::string_view kIodaHasNone = "IODA has no such measurements";  // a gap's reason
constexpr std::size_t kIodaPieceLimit = 500;              // pieces times datasources in one run
constexpr Seconds kIodaSettled = std::chrono::hours{24};  // after that a bin changes no more
constexpr Seconds kIodaFresh = std::chrono::minutes{5};   // the finest step: no use to ask again
constexpr int kIodaSilentPieces = 2;  // in a row without any answer: the rest is not tried
constexpr std::size_t kIodaBodyLimit = 32 * 1024 * 1024;    // one answer is 60 kB, all states 1 MB
constexpr std::size_t kIodaTotalLimit = 512 * 1024 * 1024;  // all answers of one run

struct IodaQuery {
  Entity entity;  // a country, a region by name, a network, or a network in a country
  TimeRange range;
  std::vector<std::string> datasources = kIodaDatasources;
  std::string base = std::string(kIodaBase);
  // What is asked for at once: a day for who asks every few minutes for the newest numbers.
  Seconds piece = kIodaPiece;
  bool offline = false;                       // ask for nothing, use what was kept
  std::size_t total_limit = kIodaTotalLimit;  // bytes of all answers that are handed on
};

struct IodaGap {
  std::string datasource;
  TimeRange range;
  std::string reason;  // half a sentence: "the server answered 404"
};

struct IodaFetched {
  std::vector<Input> inputs;  // by datasource in the order asked for, then by time
  std::vector<IodaGap> missing;
  std::vector<std::string> notes;  // sentences for people
  std::size_t asked = 0;           // requests that went out
  std::size_t kept = 0;            // pieces that were there already
};

// Called before each request: "bgp, 6 December 2021 to 3 January 2022", 3 of 12.
using FetchProgress =
    std::function<void(std::size_t done, std::size_t total, std::string_view what)>;

Result<IodaFetched> fetch_ioda(const IodaQuery& query, Http& http, Clock& clock, AnswerStore& store,
                               const FetchProgress& progress = {});

// Does the API answer at all, within 3 s? For a message before the long work begins.
Status ioda_reachable(Http& http, std::string_view base = kIodaBase);

// What people read about `missing`: one sentence for each datasource and reason.
std::vector<std::string> sentences_of(const std::vector<IodaGap>& missing);

}  // namespace lightsout
