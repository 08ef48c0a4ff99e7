// SPDX-License-Identifier: Apache-2.0
#include "source/answer_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/sha256.h"

namespace lightsout {

namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const KeptAnswer& answer) {
  const Json line = {{"name", answer.name},     {"url", answer.url},
                     {"status", answer.status}, {"retrieved_at", format_time(answer.retrieved_at)},
                     {"sha256", answer.sha256}, {"bytes", answer.bytes}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<KeptAnswer> answer_of(std::string_view text) {
  const Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!line.is_object()) return std::nullopt;
  const auto text_at = [&](const char* name) {
    const auto found = line.find(name);
    return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto number_at = [&](const char* name) -> std::int64_t {
    const auto found = line.find(name);
    return found != line.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
  };
  const Result<Time> retrieved_at = parse_time(text_at("retrieved_at"));
  KeptAnswer answer{.name = text_at("name"),
                    .url = text_at("url"),
                    .status = static_cast<int>(number_at("status")),
                    .sha256 = text_at("sha256"),
                    .bytes = static_cast<std::size_t>(number_at("bytes"))};
  if (!retrieved_at || !is_answer_name(answer.name) || number_at("bytes") < 0) return std::nullopt;
  answer.retrieved_at = *retrieved_at;
  return answer;
}

}  // namespace

bool is_answer_name(std::string_view name) {
  return !name.empty() && name.size() <= kAnswerNameLimit && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '-' || c == '_';
         });
}

Result<AnswerManifest> AnswerManifest::load(AnswerStore& store) {
  AnswerManifest manifest(store);
  const Result<std::optional<std::string>> text = store.get(kManifestName);
  if (!text) return text.error();
  if (!*text) return manifest;
  std::string_view rest = **text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::optional<KeptAnswer> answer = answer_of(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (answer && manifest.answers_.size() < kManifestLimit) {
      manifest.answers_.insert_or_assign(answer->name, *answer);
    } else {
      ++manifest.unreadable_;
    }
  }
  return manifest;
}

std::optional<std::string> AnswerManifest::bytes_of(const KeptAnswer& answer) const {
  Result<std::optional<std::string>> bytes = store_->get(answer.name);
  if (!bytes || !*bytes || sha256_hex(**bytes) != answer.sha256) return std::nullopt;
  return std::move(*bytes);
}

Result<KeptAnswer> AnswerManifest::keep(std::string name, std::string url, const HttpAnswer& answer,
                                        Time retrieved_at) {
  CHECK(is_answer_name(name));
  if (answers_.size() >= kManifestLimit && !answers_.contains(name)) {
    return Error{
        ErrorKind::limit,
        fmt::format("the folder of answers is full ({} answers); begin a new one", kManifestLimit)};
  }
  KeptAnswer kept{.name = std::move(name),
                  .url = std::move(url),
                  .status = answer.status,
                  .retrieved_at = retrieved_at,
                  .sha256 = sha256_hex(answer.body),
                  .bytes = answer.body.size()};
  const Status stored = store_->put(kept.name, answer.body);
  if (!stored) return stored.error();
  answers_.insert_or_assign(kept.name, kept);
  std::string text;
  for (const auto& [ignored, one] : answers_) text += line_of(one);
  const Status listed = store_->put(kManifestName, text);
  if (!listed) return listed.error();
  return kept;
}

}  // namespace lightsout
