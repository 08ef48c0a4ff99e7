// The head of an input: its first 64 KiB, and what they tell before anybody reads the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "source/source.h"

namespace lightsout {

// Up to kHeadBytes. An input that breaks off inside its head still gives what was there.
Result<std::string> read_head(const Input& input);

// Not ok for what no source could read: an empty file, UTF-16, nothing but zeros.
Status check_head(std::string_view head);

// Made by `lightsout simulate`: the marker SEMI-SYNTHETIC stands in the head of what it writes.
bool says_semi_synthetic(std::string_view head);

bool is_binary(std::string_view head);
// Text without the shape of a table or of JSON: a README beside the data.
bool is_prose(std::string_view head);

// What an input looks like that no source recognises, and what to do about it.
std::string describe_unrecognised(std::string_view head, const ReadOptions& options);

}  // namespace lightsout
