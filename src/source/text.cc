// SPDX-License-Identifier: Apache-2.0
#include "source/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace lightsout {

namespace {

// ISO 3166-1 alpha-2, 249 codes, and XK, which everybody uses for Kosovo.
constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA "
    "ZM ZW ";

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// How many bytes the well-formed UTF-8 sequence at the front has; 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // RFC 3629 section 4: no overlong forms, no surrogates, nothing past U+10FFFF.
  const bool forbidden = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) ||
                         (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F);
  return forbidden ? 0 : length;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  return lowered;
}

std::string upper_case(std::string_view text) {
  std::string raised(text);
  for (char& c : raised) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return raised;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string clean_utf8(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length > 0) {
      clean.append(text.substr(0, length));
    } else {
      const auto byte = static_cast<unsigned char>(text[0]);
      clean += static_cast<char>(0xC0 | byte >> 6);
      clean += static_cast<char>(0x80 | (byte & 0x3F));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

std::string slug(std::string_view label) {
  constexpr std::size_t kLongest = 64;
  std::string word;
  for (const char c : label) {
    const char l = lower(c);
    const bool letter = (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9');
    if (letter) {
      word += l;
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  word.resize(std::min(word.size(), kLongest));
  while (word.ends_with('_')) word.pop_back();
  return word.empty() ? "unnamed" : word;
}

std::string entity_word(std::string_view name) {
  constexpr std::size_t kLongest = 120;
  std::string word;
  for (const char c : clean_utf8(trimmed(name))) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') {
      word += '_';
    } else if (byte > 0x20 && byte != 0x7F && c != '/' && c != '@' && c != '"' && c != '<' &&
               c != '>') {
      word += c;
    }
  }
  if (word.size() > kLongest) word.resize(kLongest);
  while (!word.empty() && !is_utf8(word)) word.pop_back();  // the cut may have split a letter
  return word;
}

std::optional<std::uint64_t> parse_count(std::string_view digits) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (digits.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return number;
}

Result<double> parse_number(std::string_view text, bool decimal_comma) {
  text = trimmed(text);
  std::array<char, 64> copy;
  if (decimal_comma && text.size() < copy.size() &&
      std::count(text.begin(), text.end(), ',') == 1 && text.find('.') == std::string_view::npos) {
    std::replace_copy(text.begin(), text.end(), copy.begin(), ',', '.');
    text = {copy.data(), text.size()};
  }
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  if (digits.empty() || parsed.ec != std::errc{} || parsed.ptr != end) {
    return Error{ErrorKind::malformed, fmt::format("'{}' is not a number", shown(text))};
  }
  if (!std::isfinite(value)) {
    return Error{ErrorKind::malformed, fmt::format("'{}' is not a finite number", shown(text))};
  }
  return value;
}

Status check_sample(double value, Unit unit) {
  if (!std::isfinite(value)) return Error{ErrorKind::malformed, "not a finite number"};
  if (value < 0 && unit != Unit::index) {
    return Error{ErrorKind::malformed,
                 fmt::format("{} is negative, which a {} cannot be", value, name_of(unit))};
  }
  if (value > 1 && unit == Unit::fraction) {
    return Error{ErrorKind::malformed, fmt::format("{} is more than the whole", value)};
  }
  return {};
}

Result<double> parse_sample(std::string_view text, Unit unit, bool decimal_comma) {
  const Result<double> value = parse_number(text, decimal_comma);
  if (!value) return value;
  const Status possible = check_sample(*value, unit);
  if (!possible) return possible.error();
  return value;
}

Result<Time> parse_file_time(std::string_view text) {
  text = trimmed(text);
  if (text.size() >= 12 && text.size() <= 14) {
    const std::optional<std::uint64_t> milliseconds = parse_count(text);
    if (milliseconds) return parse_time(std::to_string(*milliseconds / 1000));
  }
  // "01-Dec-2021 06:00:00": turned into the form that parse_time() knows.
  if (text.size() >= 11 && text[2] == '-' && text[6] == '-') {
    const auto month = std::find(kMonths.begin(), kMonths.end(), lower_case(text.substr(3, 3)));
    if (month != kMonths.end()) {
      const Result<Time> time =
          parse_time(fmt::format("{}-{:02}-{}{}", text.substr(7, 4), month - kMonths.begin() + 1,
                                 text.substr(0, 2), text.substr(11)));
      if (time) return time;
    }
  }
  return parse_time(text);
}

std::optional<std::string> country_code(std::string_view text) {
  text = trimmed(text);
  if (text.size() != 2) return std::nullopt;
  const std::string code = upper_case(text);
  for (std::size_t i = 0; i + 2 < kCountries.size(); i += 3) {
    if (kCountries.substr(i, 2) == code) return code;
  }
  return std::nullopt;
}

std::string shown(std::string_view text, std::size_t limit) {
  std::string line;
  for (const char c : clean_utf8(text.substr(0, limit))) {
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return text.size() > limit ? line + "..." : line;
}

}  // namespace lightsout
