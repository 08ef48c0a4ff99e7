// SPDX-License-Identifier: Apache-2.0
#include "io/answer_folder.h"

#include <fmt/format.h>

#include "io/atomic_file.h"
#include "io/files.h"

namespace lightsout {

namespace {

Error bad_name(std::string_view name) {
  return Error{ErrorKind::usage, fmt::format("'{}' cannot be the name of an answer", name)};
}

}  // namespace

Result<AnswerFolder> AnswerFolder::open(std::string path) {
  const Status made = make_folder(path);
  if (!made) return made.error();
  return AnswerFolder(std::move(path));
}

Status AnswerFolder::put(std::string_view name, std::string_view bytes) {
  if (!is_answer_name(name)) return bad_name(name);
  if (bytes.size() > kAnswerLimit) {
    return Error{ErrorKind::limit, fmt::format("'{}' is longer than {} bytes", name, kAnswerLimit)};
  }
  return write_file(fmt::format("{}/{}", path_, name), bytes);
}

Result<std::optional<std::string>> AnswerFolder::get(std::string_view name) {
  if (!is_answer_name(name)) return bad_name(name);
  Result<std::string> bytes = read_file(fmt::format("{}/{}", path_, name), kAnswerLimit);
  if (bytes) return std::optional<std::string>(std::move(*bytes));
  if (bytes.error().kind == ErrorKind::not_found) return std::optional<std::string>();
  return bytes.error();
}

}  // namespace lightsout
