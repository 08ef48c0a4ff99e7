// AnswerStore: where the answers of the network are kept word for word.
//
// What was fetched is evidence: the report names its SHA-256, and the next run goes on from what is
// there instead of asking again. The real one, a folder, is io/answer_folder.h; tests keep answers
// in memory.
//
// A name is made of letters, digits, '.', '-' and '_' and does not begin with a '.'.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lightsout {

class AnswerStore {
 public:
  virtual ~AnswerStore() = default;
  // Replaces what has that name, at once and wholly. After ok() it survives a crash.
  virtual Status put(std::string_view name, std::string_view bytes) = 0;
  // nullopt: nothing has that name.
  virtual Result<std::optional<std::string>> get(std::string_view name) = 0;
};

constexpr std::size_t kAnswerNameLimit = 200;  // bytes; file systems take 255

bool is_answer_name(std::string_view name);

}  // namespace lightsout
