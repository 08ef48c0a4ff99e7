// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "source/head.h"
#include "source/limits.h"
#include "source/merge.h"
#include "source/source.h"

namespace lightsout {

namespace {

// Which source reads each input; -1 where none does.
constexpr int kNobody = -1;

class InputReader {
 public:
  InputReader(std::span<const Input> inputs, const ReadOptions& options)
      : inputs_(inputs.begin(), inputs.end()), options_(options) {
    for (const Input& input : inputs) reading_.inputs.push_back({.name = input.lineage.name});
    reader_.assign(inputs.size(), kNobody);
  }

  Reading read() {
    recognise_all();
    for (Input& input : inputs_) {
      if (simulated_.contains(input.lineage.sha256)) input.lineage.semi_synthetic = true;
    }
    for (std::size_t source = 0; source < all_sources().size(); ++source) {
      read_group(all_sources()[source], static_cast<int>(source));
    }
    return finish();
  }

 private:
  void recognise_all() {
    std::map<std::string, std::size_t> by_hash;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const std::string& hash = inputs_[i].lineage.sha256;
      const auto [first, is_new] = by_hash.emplace(hash, i);
      if (!hash.empty() && !is_new) {
        reading_.inputs[i].format = reading_.inputs[first->second].format;
        note(i, fmt::format("byte for byte the same as {}; read once",
                            inputs_[first->second].lineage.name));
        continue;
      }
      recognise(i);
    }
  }

  void recognise(std::size_t i) {
    const Result<std::string> head = read_head(inputs_[i]);
    if (!head) return damaged(i, head.error().message);
    simulated_.merge(simulated_files(*head, inputs_[i]));
    const Status readable = check_head(*head);
    if (!readable.ok()) return damaged(i, readable.error().message);
    for (std::size_t source = 0; source < all_sources().size(); ++source) {
      if (!all_sources()[source].recognises(*head, options_)) continue;
      reader_[i] = static_cast<int>(source);
      reading_.inputs[i].format = all_sources()[source].name;
      inputs_[i].lineage.format = all_sources()[source].name;
      if (says_semi_synthetic(*head)) inputs_[i].lineage.semi_synthetic = true;
      return;
    }
    // Prose beside the data is no damage; a table or a binary file that nobody can read may be.
    const std::string text = describe_unrecognised(*head, options_);
    is_prose(*head) ? note(i, text) : damaged(i, text);
  }

  void read_group(const Source& source, int number) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (reader_[i] == number) members.push_back(i);
    }
    if (members.empty()) return;
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return inputs_[a].lineage.name < inputs_[b].lineage.name;
    });
    std::vector<Input> group;
    for (const std::size_t i : members) group.push_back(inputs_[i]);
    Reading read = source.read(group, options_);
    reading_.damage.merge(read.damage);
    for (std::size_t k = 0; k < read.inputs.size() && k < members.size(); ++k) {
      auto& notes = reading_.inputs[members[k]].notes;
      notes.insert(notes.end(), read.inputs[k].notes.begin(), read.inputs[k].notes.end());
    }
    for (Series& series : read.series) take(std::move(series));
  }

  // The same signal from two sources, IODA's CSV and its API for example, becomes one series.
  void take(Series series) {
    if (options_.range) series = slice(series, *options_.range);
    if (series.samples.empty()) return;
    samples_ += series.size();
    if (samples_ > kMostSamples) {
      reading_.damage.add({.file = series.lineage.empty() ? "" : series.lineage.back().name,
                           .reason = fmt::format("{}: past the limit of {} samples for one run",
                                                 series.id.text(), kMostSamples)});
      samples_ -= series.size();
      return;
    }
    const SignalId id = series.id;
    const auto [known, is_new] = series_.try_emplace(id, std::move(series));
    if (is_new) return;
    const std::size_t before = known->second.size() + series.size();
    MergeReport report;
    known->second = merge_series(std::move(known->second), std::move(series), report);
    samples_ = samples_ + known->second.size() - before;
    const std::string file = known->second.lineage.back().name;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].lineage.name != file || report.text(id).empty()) continue;
      note(i, report.text(id));
      break;
    }
  }

  Reading finish() {
    for (auto& [id, series] : series_) reading_.series.push_back(std::move(series));
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      reading_.inputs[i].semi_synthetic = inputs_[i].lineage.semi_synthetic;
    }
    return std::move(reading_);
  }

  void note(std::size_t i, std::string text) {
    reading_.inputs[i].notes.push_back(std::move(text));
  }
  void damaged(std::size_t i, const std::string& reason) {
    reading_.damage.add({.file = inputs_[i].lineage.name, .reason = reason});
    note(i, reason);
  }

  std::vector<Input> inputs_;
  const ReadOptions& options_;
  std::vector<int> reader_;
  std::set<std::string> simulated_;  // digests
  std::map<SignalId, Series> series_;
  std::size_t samples_ = 0;
  Reading reading_;
};

}  // namespace

Reading read_inputs(std::span<const Input> inputs, const ReadOptions& options) {
  return InputReader(inputs, options).read();
}

}  // namespace lightsout
