// Source: the extension point where measurements come in. Inputs -> Series.
//
// An input is recognised by its content, never by its name, and whatever cannot be read is counted
// in the Damage and reported; what could be read is kept. Inputs that one source recognises are
// handed to it together, in the order of their names, because a routing table and its updates only
// make sense together.
//
//   const Reading reading = read_inputs(inputs, {.entity = *Entity::parse("country:IR")});
//   for (const Series& series : reading.series) ...
//   if (!reading.damage.empty()) ...   // exit code 4
//
// To add one: write x.h, x.cc, x_test.cc, x_fuzz.cc in this folder and one line in all_sources.cc
// (docs/adding-a-source.md).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"
#include "core/zone.h"
#include "geo/entity.h"
#include "signal/series.h"

namespace lightsout {

struct Input {
  Lineage lineage;  // name, sha256 and arrival; `format` is filled in by read_inputs()
  // The bytes from the start, decompressed. May be called more than once.
  std::function<Result<std::unique_ptr<ByteSource>>()> open;
};

// What one row of a mapped CSV contributes to its bin.
enum class RowValue {
  number,    // the number in the value column
  rows,      // one: the bin counts the rows
  distinct,  // its text: the bin counts the different ones
};

// How to read a CSV that no source knows. parse_columns() in columns.h reads it from
// `--columns time=...,value=...,entity=...,tz=...,worse=low`.
struct ColumnMapping {
  std::string time;  // column name, or 1-based number
  std::string value;
  std::optional<std::string> entity;  // column whose text names the part: a region, a provider
  std::optional<std::string> entity_prefix;  // "region:VE-": put before the column's text
  std::optional<std::string> signal;         // fixed "source/metric", for example "google/youtube"
  std::optional<Plane> plane;
  std::optional<Unit> unit;
  std::optional<Worse> worse;
  Seconds offset{0};                         // east of Greenwich: the file's times are local
  std::optional<std::string> offset_column;  // a column says it for each row: "3", "+05:30"
  std::optional<Zone> zone;                  // or a time zone by name does
  std::optional<Seconds> step;               // several rows a bin are averaged onto it
  RowValue row_value = RowValue::number;
  std::optional<std::string> where_column;  // keep only the rows with this text in that column
  std::string where_text;
};

class Fingerprints;

struct ReadOptions {
  std::optional<Entity> entity;  // whom a file speaks about that does not say so
  std::optional<ColumnMapping> columns;
  std::optional<TimeRange> range;  // keep only samples inside; nullopt: all
  // Of block pages, for whole measurements of OONI's; nullptr: none are looked for.
  std::shared_ptr<const Fingerprints> fingerprints = nullptr;
};

struct InputNote {
  std::string name;
  std::string format;              // Source::name, or empty: not recognised
  bool semi_synthetic = false;     // it says so itself, or a simulation's list names it
  std::vector<std::string> notes;  // "64 measurements counted", "columns not read: notes"
};

struct Reading {
  std::vector<Series> series;  // by SignalId; each with its lineage
  Damage damage;
  std::vector<InputNote> inputs;  // one for each input, in their order
};

struct Source {
  std::string_view name;     // stable: stored in Lineage::format
  std::string_view summary;  // one sentence, shown in --help
  // `head` is the first 64 KiB, decompressed.
  bool (*recognises)(std::string_view head, const ReadOptions& options);
  Reading (*read)(std::span<const Input> inputs, const ReadOptions& options);
};

std::span<const Source> all_sources();

Reading read_inputs(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
