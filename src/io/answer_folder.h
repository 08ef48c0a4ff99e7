// AnswerStore as a folder: one file for each answer, written whole or not at all.
//
//   Result<AnswerFolder> store = AnswerFolder::open("cache/ioda");
//   fetch_ioda(query, *http, clock, *store);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "source/answer_store.h"

namespace lightsout {

constexpr std::size_t kAnswerLimit = 64 * 1024 * 1024;  // bytes of one answer or of the manifest

class AnswerFolder final : public AnswerStore {
 public:
  // Makes the folder when it is not there.
  static Result<AnswerFolder> open(std::string path);

  Status put(std::string_view name, std::string_view bytes) override;
  Result<std::optional<std::string>> get(std::string_view name) override;

 private:
  explicit AnswerFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace lightsout
