// score: how good the answers are, on labelled data.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "app/commands.h"
#include "app/run.h"
#include "app/score_data.h"
#include "score/fit_deliberate.h"
#include "score/fit_likeness.h"
#include "score/section.h"

namespace lightsout {

namespace {

constexpr std::string_view kPreface =
    "# The scorecard\n\n"
    "How good the answers are, on data whose truth is known. Made by `lightsout score --data DIR "
    "--markdown`; nothing in it is written by hand. Where anything was fitted, each country was "
    "left out in turn. A figure that misses its goal stands here as it is.\n\n";

bool wanted(const Options& options, std::string_view name) {
  return options.sections.empty() || std::find(options.sections.begin(), options.sections.end(),
                                               name) != options.sections.end();
}

int fit(const ScoreData& data, const std::string& what, World& world) {
  const Result<std::string> text =
      what == "similarity" ? Result<std::string>(fitted_likeness_text()) : fitted_text(data);
  if (!text) return fail(world, text.error());
  const Status written = world.out(*text);
  return written ? kOk : fail(world, written.error());
}

}  // namespace

ScoreData score_data(const Options& options, World& world) {
  return {.read = [&options, &world](const std::string& name) -> Result<std::string> {
            if (!options.data) {
              return Error{ErrorKind::not_found, fmt::format("needs {} (say --data DIR)", name)};
            }
            return world.read_file(*options.data + "/" + name);
          },
          .zone = [&world](const std::string& name) { return world.zone(name); },
          .inputs = [&options, &world](const std::string& name) -> Result<std::vector<Input>> {
            if (!options.data) {
              return Error{ErrorKind::not_found, fmt::format("needs {} (say --data DIR)", name)};
            }
            Result<WorldInputs> opened = world.open_inputs({*options.data + "/" + name});
            if (!opened) return opened.error();
            return std::move(opened->inputs);
          },
          .sampled = options.quick};
}

int score_command(const Options& options, World& world) {
  const ScoreData data = score_data(options, world);
  if (!options.arguments.empty()) {
    if (options.arguments.front() != "fit") {
      return fail(world, {ErrorKind::usage, "say 'score fit WHAT', or 'score --section NAME'"});
    }
    return fit(data, options.arguments.size() > 1 ? options.arguments[1] : "deliberate", world);
  }
  std::vector<ScoreSection> sections;
  std::size_t scored = 0;
  for (const ScoreMaker& maker : all_score_sections()) {
    if (!wanted(options, maker.name)) continue;
    world.progress(fmt::format("scoring {}", maker.name));
    sections.push_back(maker.make(data));
    scored += sections.back().scored;
  }
  if (sections.empty()) {
    std::string names;
    for (const ScoreMaker& maker : all_score_sections()) {
      names += fmt::format("{}{}", names.empty() ? "" : ", ", maker.name);
    }
    return fail(world, {ErrorKind::usage, "no such section; there are " + names});
  }
  const Status written =
      world.out(options.markdown ? std::string(kPreface) + render_score_markdown(sections)
                                 : render_score_text(sections));
  if (!written) return fail(world, written.error());
  return scored > 0 ? kOk : kNothing;
}

}  // namespace lightsout
