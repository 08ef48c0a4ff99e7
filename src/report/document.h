// Document: the page before it is HTML, Markdown or anything else. Sections of blocks of text.
//
// Everything said to people is put together here once, so that the page, the Markdown and the
// terminal cannot say different things. Texts are clean but not escaped: that is the renderer's
// last step.
//
// The sections follow the order of an incident report as professionals write it, and every one of
// them is always there: one without data says "not measured" in one line.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/verdict.h"

namespace lightsout {

enum class Tone { plain, soft, strong, speaks_for, speaks_against };

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
  std::string anchor;  // links to the section or input with this id
};

struct Column {
  std::string heading;
  bool numeric = false;
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

enum class BlockKind { paragraph, note, bullets, table, preformatted, planes_figure, parts_figure };

struct Block {
  BlockKind kind = BlockKind::paragraph;
  std::string text;                // paragraph, note, preformatted
  std::vector<std::string> items;  // bullets
  Table table;
};

struct Section {
  std::string id;  // stable: it is an anchor that people link to
  std::string heading;
  std::vector<Block> blocks;
};

struct Document {
  Verdict verdict;
  std::string title;
  std::vector<std::string> header;  // "incident ir-2026-01-08-7c1e", "version 1"
  std::string data_through;         // "data through 29 Jan 2026 15:30 UTC"
  std::string banner;               // empty, or what must be read before all else
  std::vector<Section> sections;
};

// `most_rows`: where a table would be longer it is cut, and a line says by how much.
Document document_of(const Subject& subject, std::size_t most_rows);

// "Connectivity index: 2.1 % of ordinary levels at the lowest (1-3 %), ..."; empty when nothing
// that sees packets was measured.
std::string connectivity_words(const Subject& subject);

// The first eight digits of an input's hash: how a figure names what it was drawn from.
std::string short_hash(const std::string& sha256);
// Every input of the report, each once, by name.
std::vector<Lineage> inputs_of(const Report& report);
// One hash over all inputs: SHA-256 of the lines "sha256 two blanks name" in their order.
std::string inputs_digest(const std::vector<Lineage>& inputs);

Block paragraph(std::string text);
Block note(std::string text);
Block bullets(std::vector<std::string> items);
Block table_block(Table table);
// Cuts a table to `most_rows` and says so in a note after it.
void add_table(Section& section, Table table, std::size_t most_rows);

// sections.cc: what happened.
Section findings_section(const Subject& subject, std::size_t most_rows);
Section measurements_section(const Subject& subject, std::size_t most_rows);
Section timeline_section(const Subject& subject, std::size_t most_rows);
Section providers_section(const Subject& subject, std::size_t most_rows);
Section coordination_section(const Subject& subject, std::size_t most_rows);
Section regions_section(const Subject& subject, std::size_t most_rows);
Section kind_section(const Subject& subject);
void add_rhythm(const Subject& subject, Section& section);
// When the next one begins, if they go on like this; nullopt where nothing is regular.
std::optional<TimeEstimate> next_cut(const Subject& subject);
// "Next cut, if they go on like this: 8 Jan 18:30 UTC, between ..."; empty without a cut.
std::string next_cut_words(const Subject& subject);
void add_tools_table(const Subject& subject, std::size_t most_rows, Section& section);
Section mechanism_section(const Subject& subject);
Section windows_section(const Subject& subject, std::size_t most_rows);
Section alternatives_section(const Subject& subject);
Section services_section(const Subject& subject, std::size_t most_rows);

// appraisal_sections.cc: how it came about, what it resembles, what it cost.
Section deliberate_section(const Subject& subject, std::size_t most_rows);
Section impact_section(const Subject& subject, std::size_t most_rows);
Section precedent_section(const Subject& subject, std::size_t most_rows);

// appendix.cc: what it rests on.
Section unknowns_section(const Subject& subject);
Section incidents_section(const Subject& subject, std::size_t most_rows);
Section method_section(const Subject& subject, std::size_t most_rows);
Section evidence_section(const Subject& subject, std::size_t most_rows);
Section corrections_section(const Subject& subject);

}  // namespace lightsout
