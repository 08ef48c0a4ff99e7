// SPDX-License-Identifier: Apache-2.0
#include "app/command_testing.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include "app/recording_world_testing.h"
#include "app/run.h"
#include "core/test_data.h"

namespace lightsout {

namespace {

// Words of a command line: blanks part them, single quotes hold them together.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

CommandFolder::CommandFolder() {
  std::string pattern = testing::TempDir() + "lightsout-command-XXXXXX";
  CHECK(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
}

CommandFolder::~CommandFolder() {
  std::filesystem::remove_all(folder_);
}

void CommandFolder::put(const std::string& name, std::string_view text) const {
  std::ofstream(folder_ / name, std::ios::binary) << text;
}

bool CommandFolder::has(const std::string& name) const {
  return std::filesystem::exists(folder_ / name);
}

std::string CommandFolder::get(const std::string& name) const {
  std::ifstream file(folder_ / name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

Ran CommandFolder::run(std::string line, std::unique_ptr<Listener> listener) const {
  const auto data = test_data("");
  replace_all(line, "$DATA", data ? data->lexically_normal().string() : "");
  replace_all(line, "$SOURCE", LIGHTSOUT_SOURCE_DIR);
  replace_all(line, "$TMP", folder_.string());
  RecordingWorld world(*parse_time("2026-11-23"));
  world.listener = std::move(listener);
  const int code = lightsout::run(words_of("lightsout " + line), world);
  return {code, std::move(world.out_text), std::move(world.err_text)};
}

}  // namespace lightsout
