// Small readers of text that files are made of: numbers, names, encodings. No locale, ever.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "signal/series.h"

namespace lightsout {

std::string_view trimmed(std::string_view text);
bool same_ignoring_case(std::string_view a, std::string_view b);
std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

// Bytes that are not UTF-8 are taken for Latin-1, which is what they nearly always are.
std::string clean_utf8(std::string_view text);
bool is_utf8(std::string_view text);

// "Active Probing (#/24s Up)" -> "active_probing_24s_up": a source or metric of a SignalId.
std::string slug(std::string_view label);

// A name as it may stand in an Entity: blanks become '_', what an entity may not hold is left out.
std::string entity_word(std::string_view name);

std::optional<std::uint64_t> parse_count(std::string_view digits);

// A finite number, "12.5", "1e6" or, in a file with decimal commas, "12,5". The error says why not.
Result<double> parse_number(std::string_view text, bool decimal_comma = false);

// A number that can be a sample of that unit: counts are not negative, a fraction is 0..1.
Result<double> parse_sample(std::string_view text, Unit unit, bool decimal_comma = false);
Status check_sample(double value, Unit unit);

// parse_time(), and what files hold besides: "01-Dec-2021 06:00:00", Unix milliseconds.
Result<Time> parse_file_time(std::string_view text);

// An ISO 3166-1 alpha-2 code in either case, as of today; nullopt for "??", "A1", "EU" and others
// that are no country.
std::optional<std::string> country_code(std::string_view text);

// A piece of an input as it may be shown to people: short, one line, valid UTF-8.
std::string shown(std::string_view text, std::size_t limit = 40);

}  // namespace lightsout
