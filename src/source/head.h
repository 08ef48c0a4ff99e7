// The head of an input: its first 64 KiB, and what they tell before anybody reads the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "source/source.h"

namespace lightsout {

// Up to kHeadBytes. An input that breaks off inside its head still gives what was there.
Result<std::string> read_head(const Input& input);

// Not ok for what no source could read: an empty file, UTF-16, nothing but zeros.
Status check_head(std::string_view head);

// Made by `lightsout simulate`, or by a test server: the marker stands in the head.
bool says_semi_synthetic(std::string_view head);

// The digests of the files that a simulation lists in its SEMI-SYNTHETIC.json, so that also those
// that have no place for a marker (MRT updates) are known for what they are. Empty for any other
// input.
std::set<std::string> simulated_files(std::string_view head, const Input& input);

bool is_binary(std::string_view head);
// Text without the shape of a table or of JSON: a README beside the data.
bool is_prose(std::string_view head);

// What an input looks like that no source recognises, and what to do about it.
std::string describe_unrecognised(std::string_view head, const ReadOptions& options);

}  // namespace lightsout
