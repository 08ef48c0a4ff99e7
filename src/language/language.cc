// SPDX-License-Identifier: Apache-2.0
#include "language/language.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <vector>

#include "geo/country.h"
#include "language/embedded.h"

namespace lightsout {

namespace {

// CLDR's cardinal rules for whole numbers (Unicode Technical Standard 35, plurals).
std::string_view plural_of(std::string_view language, std::uint64_t count) {
  if (language == "ru") {
    const std::uint64_t ones = count % 10;
    const std::uint64_t tens = count % 100;
    if (ones == 1 && tens != 11) return "one";
    if (ones >= 2 && ones <= 4 && (tens < 12 || tens > 14)) return "few";
    return "many";
  }
  return count == 1 ? "one" : "other";
}

std::string filled(std::string_view text, std::span<const Language::Argument> arguments) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    const std::size_t close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos) return out.append(text.substr(at));
    out.append(text.substr(at, open - at));
    const std::string_view name = text.substr(open + 1, close - open - 1);
    bool known = false;
    for (const Language::Argument& argument : arguments) {
      if (argument.name != name) continue;
      out += argument.value;
      known = true;
      break;
    }
    if (!known) out.append(text.substr(open, close - open + 1));
    at = close + 1;
  }
  return out;
}

// "[Ĥéļļö {name}]": longer by a third, every letter changed, what is filled in left alone.
std::string pseudo(std::string_view text) {
  if (text.find_first_of("abcdefghijklmnopqrstuvwxyz{") == text.npos) return std::string(text);
  static constexpr std::array<std::pair<char, std::string_view>, 12> kAccents{{{'a', "á"},
                                                                               {'e', "é"},
                                                                               {'i', "í"},
                                                                               {'o', "ö"},
                                                                               {'u', "ú"},
                                                                               {'n', "ñ"},
                                                                               {'c', "ç"},
                                                                               {'s', "š"},
                                                                               {'y', "ý"},
                                                                               {'A', "Å"},
                                                                               {'E', "É"},
                                                                               {'I', "Í"}}};
  std::string out = "⟦";
  bool inside = false;
  for (const char c : text) {
    if (c == '{') inside = true;
    std::string_view accent;
    for (const auto& [plain, changed] : kAccents) {
      if (!inside && plain == c) accent = changed;
    }
    if (accent.empty()) {
      out += c;
    } else {
      out += accent;
    }
    if (c == '}') inside = false;
  }
  out.append(text.size() / 3, '~');
  return out + "⟧";
}

}  // namespace

struct LanguageMaker {
  static std::unique_ptr<Language> make(std::string_view code, std::string_view own_name,
                                        const Language* fallback) {
    auto language = std::make_unique<Language>();
    language->code_ = code;
    language->own_name_ = own_name;
    language->fallback_ = fallback;
    for (const EmbeddedMessage& message : embedded_messages()) {
      if (message.language == code) language->sentences_.emplace(message.key, message.text);
    }
    return language;
  }
  static std::unique_ptr<Language> make_pseudo(const Language& english) {
    std::unique_ptr<Language> language = make("qps", "pseudo", &english);
    language->direction_ = "rtl";
    for (const auto& [key, text] : english.sentences_) language->sentences_[key] = pseudo(text);
    return language;
  }
};

namespace {

struct Shelf {
  std::unique_ptr<Language> en = LanguageMaker::make("en", "English", nullptr);
  std::unique_ptr<Language> ru = LanguageMaker::make("ru", "русский", en.get());
  std::unique_ptr<Language> kk = LanguageMaker::make("kk", "қазақша", en.get());
  std::unique_ptr<Language> qps = LanguageMaker::make_pseudo(*en);
  std::array<const Language*, 3> offered{en.get(), ru.get(), kk.get()};
};

const Shelf& shelf() {
  static const Shelf all;
  return all;
}

}  // namespace

bool Language::has(std::string_view key) const {
  return sentences_.find(key) != sentences_.end();
}

std::string Language::operator()(std::string_view key,
                                 std::initializer_list<Argument> arguments) const {
  const auto found = sentences_.find(key);
  if (found != sentences_.end()) {
    return filled(found->second, {arguments.begin(), arguments.size()});
  }
  return fallback_ != nullptr ? (*fallback_)(key, arguments) : fmt::format("[{}]", key);
}

std::string Language::counted(std::string_view key, std::uint64_t count,
                              std::initializer_list<Argument> arguments) const {
  const std::string exact = fmt::format("{}.{}", key, plural_of(code_, count));
  const std::string other = fmt::format("{}.other", key);
  if (!has(exact) && !has(other)) {
    return fallback_ != nullptr ? fallback_->counted(key, count, arguments)
                                : fmt::format("[{}]", exact);
  }
  std::vector<Argument> all(arguments);
  all.push_back({"count", std::to_string(count)});
  return filled(sentences_.find(has(exact) ? exact : other)->second, all);
}

std::string Language::country(std::string_view alpha2) const {
  const std::string key = fmt::format("country-name.{}", alpha2);
  if (has(key)) return (*this)(key);
  const Country* country = find_country(alpha2);
  return std::string(country != nullptr ? country->title : alpha2);
}

std::string Language::month(unsigned month) const {
  return (*this)(fmt::format("month.{}", month));
}

std::string Language::date(Time time) const {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  return (*this)("date", {{"day", std::to_string(unsigned(day.day()))},
                          {"month", month(unsigned(day.month()))},
                          {"year", std::to_string(int(day.year()))}});
}

std::string Language::clock(Time time) const {
  return format_clock(time);
}

std::span<const Language* const> all_languages() {
  return shelf().offered;
}

const Language* find_language(std::string_view code) {
  for (const Language* language : shelf().offered) {
    if (language->code() == code) return language;
  }
  return code == "qps" ? shelf().qps.get() : nullptr;
}

const Language& english() {
  return *shelf().en;
}

const Language& negotiate_language(std::string_view accept_language) {
  const Language* best = &english();
  double best_weight = 0;
  while (!accept_language.empty()) {
    const std::size_t end = std::min(accept_language.find(','), accept_language.size());
    std::string_view range = accept_language.substr(0, end);
    accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
    while (range.starts_with(' ')) range.remove_prefix(1);
    double weight = 1;
    const std::size_t quality = range.find(";q=");
    if (quality != range.npos) {
      const std::string_view digits = range.substr(quality + 3);
      weight = digits.starts_with('1') ? 1 : 0;
      if (digits.starts_with("0.")) {
        double unit = 0.1;
        for (const char c : digits.substr(2, 3)) {
          if (c < '0' || c > '9') break;
          weight += (c - '0') * unit;
          unit /= 10;
        }
      }
    }
    const Language* language = find_language(range.substr(0, range.find_first_of("-;")));
    if (language != nullptr && weight > best_weight) {
      best = language;
      best_weight = weight;
    }
  }
  return *best;
}

}  // namespace lightsout
