// The list of kept answers: manifest.jsonl, one line each, so that everything can be checked by
// hand (`sha256sum`) and asked for again.
//
//   {"name":"...","url":"...","status":200,"retrieved_at":"2022-01-05T12:00:00Z","sha256":"...",
//    "bytes":61234}
//
// A line that cannot be read counts as absent: its answer is asked for again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/http.h"
#include "core/time.h"
#include "source/answer_store.h"

namespace lightsout {

constexpr std::string_view kManifestName = "manifest.jsonl";
constexpr std::size_t kManifestLimit = 100'000;  // lines

struct KeptAnswer {
  std::string name;
  std::string url;
  int status = 0;
  Time retrieved_at;
  std::string sha256;
  std::size_t bytes = 0;
};

class AnswerManifest {
 public:
  static Result<AnswerManifest> load(AnswerStore& store);

  // By name; a later line about the same name replaces the earlier.
  const std::map<std::string, KeptAnswer, std::less<>>& answers() const { return answers_; }
  std::size_t unreadable_lines() const { return unreadable_; }

  // The bytes, when they are still the ones that the manifest speaks of.
  std::optional<std::string> bytes_of(const KeptAnswer& answer) const;

  // Keeps the answer first and its line second: a crash in between costs one more request.
  Result<KeptAnswer> keep(std::string name, std::string url, const HttpAnswer& answer,
                          Time retrieved_at);

 private:
  explicit AnswerManifest(AnswerStore& store) : store_(&store) {}

  AnswerStore* store_;
  std::map<std::string, KeptAnswer, std::less<>> answers_;
  std::size_t unreadable_ = 0;
};

}  // namespace lightsout
