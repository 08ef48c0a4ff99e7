// Score: how good the answers are, on data whose truth is known, as tables.
//
// One section a file, one line in all_sections.cc; each is a value: a name, a sentence, a function
// from the data folder to a section. A section whose data is not there says which file is missing,
// and nothing is made up in its place.
//
//   for (const ScoreMaker& maker : all_score_sections()) sections.push_back(maker.make(data));
//   write(render_markdown(sections));
//
// Deterministic: resampling uses fixed seeds, and no section reads a clock.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/zone.h"
#include "source/source.h"

namespace lightsout {

// Where labelled data comes from. `read` and `inputs` take a path inside the data folder.
struct ScoreData {
  std::function<Result<std::string>(const std::string& name)> read;  // as it lies there
  std::function<Result<Zone>(const std::string& iana_name)> zone;
  // Decompressed; a folder gives what lies in it, by name. Not set: there are none.
  std::function<Result<std::vector<Input>>(const std::string& name)> inputs = {};
  // Fewer simulations, so that a test is over soon. Never for what is published.
  bool sampled = false;
};

struct ScoreTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct ScoreBlock {
  std::string text;  // a paragraph, or empty
  ScoreTable table;  // without columns: none
};

struct ScoreSection {
  std::string heading;
  std::vector<ScoreBlock> blocks;
  bool scored = true;  // false: the data was not there
};

struct ScoreMaker {
  std::string_view name;     // what --section takes
  std::string_view summary;  // one sentence
  ScoreSection (*make)(const ScoreData& data);
};

std::span<const ScoreMaker> all_score_sections();

// The inputs at a path, or why there are none.
Result<std::vector<Input>> score_inputs(const ScoreData& data, const std::string& name);
// The series of the files at a path.
Result<std::vector<Series>> score_series(const ScoreData& data, const std::string& name,
                                         const ReadOptions& options = {});

ScoreBlock score_text(std::string text);
ScoreBlock score_table(ScoreTable table);
// The section of data that is not there.
ScoreSection not_scored(std::string heading, const Error& why);

std::string render_score_markdown(const std::vector<ScoreSection>& sections);
std::string render_score_text(const std::vector<ScoreSection>& sections);

}  // namespace lightsout
