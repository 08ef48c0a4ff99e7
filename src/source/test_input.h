// Inputs for tests: from text, and from the real files, which only the programs may open otherwise.
//
//   const Input input = text_input("a.csv", "time,entity,...");
//   const Input real = file_input(path);   // .gz is unpacked
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "source/source.h"

namespace lightsout {

Input text_input(std::string name, std::string text);
std::string file_text(const std::filesystem::path& path);
Input file_input(const std::filesystem::path& path);

// An input that delivers its text and then fails, as a gzip stream cut short does.
Input broken_input(std::string name, std::string text, std::string message);

Reading read_one(const Input& input, const ReadOptions& options = {});

// nullptr when the reading has no series of that name.
const Series* find_series(const Reading& reading, std::string_view id);

}  // namespace lightsout
