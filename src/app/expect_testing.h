// Expectations as text: load this, expect that. docs/formats/expect.md describes the format; the
// files are scenarios/*.expect, and somebody who is no programmer can add one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/result.h"

namespace lightsout {

struct ExpectLine {
  int number = 0;       // line in the file
  std::string keyword;  // "run", "expect", "exit", "stdout"
  std::string rest;
};

struct ExpectFile {
  std::string title;
  bool slow = false;               // left out under sanitizers
  std::vector<std::string> needs;  // paths below the data folder
  std::vector<ExpectLine> lines;   // run, expect and exit, in order
};

Result<ExpectFile> parse_expect_file(std::string_view text);

// Values of a JSON document that a path selects:
//
//   incidents[grade=nationwide].planes[signal~probing].depth.value
//
// A key steps into objects and, element by element, into arrays. [key=value] keeps the elements
// whose key has that text, [key~part] those whose text holds the part, [2] the third of them.
Result<std::vector<nlohmann::json>> select(const nlohmann::json& document, std::string_view path);

// Empty, or a sentence that says what was found instead.
std::string check_expectation(const nlohmann::json& document, std::string_view expectation);

}  // namespace lightsout
