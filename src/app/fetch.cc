// SPDX-License-Identifier: Apache-2.0
#include "app/fetch.h"

#include <fmt/format.h>

#include "source/ioda_fetch.h"

namespace lightsout {

namespace {

constexpr Seconds kBaselineBefore = std::chrono::days{42};  // what a detector wants to learn from

}  // namespace

Result<std::vector<Input>> fetch_inputs(const Options& options, World& world) {
  if (!options.entity || !options.from || !options.until) {
    return Error{ErrorKind::usage, "--fetch ioda needs an ENTITY, --from and --until"};
  }
  const std::string base = options.ioda_base.empty() ? std::string(kIodaBase) : options.ioda_base;
  const Status reachable = ioda_reachable(world.http(), base);

  const std::string folder = options.out ? *options.out + "/ioda-answers" : "ioda-answers";
  const Result<std::unique_ptr<AnswerStore>> answers = world.answers(folder);
  if (!answers) return answers.error();
  const TimeRange range{options.history_from.value_or(*options.from - kBaselineBefore),
                        *options.until};
  const auto progress = [&](std::size_t done, std::size_t total, std::string_view what) {
    if (!options.quiet) world.progress(fmt::format("IODA {}/{}: {}", done, total, what));
  };
  Result<IodaFetched> fetched = fetch_ioda(
      {.entity = *options.entity, .range = range, .base = base, .offline = !reachable.ok()},
      world.http(), world.clock(), **answers, progress);
  if (!fetched) return fetched.error();
  if (!reachable) {
    const std::string why =
        fmt::format("IODA's API cannot be asked: {}", reachable.error().message);
    if (fetched->inputs.empty()) {
      return Error{
          ErrorKind::source_gap,
          why +
              " Nothing was kept from before either; try again later, or read files with --input"};
    }
    world.err(why + "\nUsing what was kept from before.\n");
  }
  for (const std::string& sentence : sentences_of(fetched->missing)) world.err(sentence + "\n");
  if (!options.quiet) {
    for (const std::string& note : fetched->notes) world.err(note + "\n");
    world.err(
        fmt::format("IODA: {} answers, {} asked for now, {} kept from before, verbatim in {}\n",
                    fetched->inputs.size(), fetched->asked, fetched->kept, folder));
  }
  return std::move(fetched->inputs);
}

}  // namespace lightsout
