// SPDX-License-Identifier: Apache-2.0
#include "cases/past_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace lightsout {

namespace {

template <typename Value>
struct Word {
  std::string_view name;
  Value value;
};

constexpr Word<CaseFamily> kFamilyWords[] = {
    {"exam", CaseFamily::exam},     {"crisis", CaseFamily::crisis},
    {"curfew", CaseFamily::curfew}, {"regional", CaseFamily::regional},
    {"cable", CaseFamily::cable},   {"power", CaseFamily::power},
    {"fault", CaseFamily::fault},   {"platform", CaseFamily::platform}};
constexpr Word<CauseLabel> kCauseWords[] = {{"deliberate", CauseLabel::deliberate},
                                            {"accident", CauseLabel::accident},
                                            {"unknown", CauseLabel::unknown}};
constexpr Word<Trigger> kTriggerWords[] = {{"exam", Trigger::exam},
                                           {"protest", Trigger::protest},
                                           {"election", Trigger::election},
                                           {"coup", Trigger::coup},
                                           {"conflict", Trigger::conflict}};
constexpr Word<Together> kTogetherWords[] = {{"together", Together::together},
                                             {"waves", Together::waves},
                                             {"staggered", Together::staggered}};
constexpr Word<MobileRole> kMobileWords[] = {
    {"first", MobileRole::first}, {"only", MobileRole::only}, {"together", MobileRole::together}};
constexpr Word<SeenPlane> kPlaneWords[] = {{"routes", SeenPlane::routes},
                                           {"probing", SeenPlane::probing},
                                           {"telescope", SeenPlane::telescope}};

template <typename Value, std::size_t N>
std::optional<Value> find_word(const Word<Value> (&words)[N], std::string_view name) {
  for (const Word<Value>& word : words) {
    if (word.name == name) return word.value;
  }
  return std::nullopt;
}

template <typename Value, std::size_t N>
std::string_view find_name(const Word<Value> (&words)[N], Value value) {
  for (const Word<Value>& word : words) {
    if (word.value == value) return word.name;
  }
  return "";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

// "7%": a share 0..1.
std::optional<double> parse_percent(std::string_view text) {
  if (text.size() < 2 || text.back() != '%') return std::nullopt;
  text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!(value >= 0 && value <= 100)) return std::nullopt;
  return value / 100;
}

std::optional<long> parse_number(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "+5:30", "-4": hours east of UTC.
std::optional<Seconds> parse_offset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool west = text[0] == '-';
  text.remove_prefix(1);
  const std::size_t colon = text.find(':');
  const std::optional<long> hours = parse_number(text.substr(0, colon));
  const std::optional<long> minutes =
      colon == std::string_view::npos ? 0 : parse_number(text.substr(colon + 1));
  if (!hours || !minutes || *hours < 0 || *hours > 14 || *minutes < 0 || *minutes > 59) {
    return std::nullopt;
  }
  const Seconds offset{*hours * 3600 + *minutes * 60};
  return west ? -offset : offset;
}

// Line by line into one case after the other; the first fault ends it.
class CaseReader {
 public:
  explicit CaseReader(std::string_view file) : file_(file) {}

  Status line(std::string_view text, std::size_t number) {
    number_ = number;
    text = trimmed(text);
    if (text.empty() || text.front() == '#') return {};
    if (text.size() > kMaxCaseLine) {
      return fault(ErrorKind::limit, fmt::format("is longer than {} bytes", kMaxCaseLine));
    }
    if (!printable(text)) return fault("holds control characters");
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view key = text.substr(0, end);
    const std::string_view rest = trimmed(text.substr(end));
    if (key == "case") return begin(rest);
    if (!open_) return fault("stands before the first 'case'");
    if (rest.empty()) return fault(fmt::format("has nothing after '{}'", key));
    return fact(key, rest);
  }

  Result<std::vector<PastCase>> finish() {
    if (const Status closed = close(); !closed) return closed.error();
    return std::move(cases_);
  }

 private:
  static bool printable(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  }

  Status fault(const std::string& what) const { return fault(ErrorKind::malformed, what); }
  Status fault(ErrorKind kind, const std::string& what) const {
    return Error{kind, fmt::format("{}: line {} {}", file_, number_, what)};
  }

  Status begin(std::string_view name) {
    if (const Status closed = close(); !closed) return closed;
    const bool plain =
        !name.empty() && name.size() <= 60 && std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!plain) return fault("needs a name of small letters, digits and '-'");
    if (!names_.insert(std::string(name)).second) {
      return fault(fmt::format("begins '{}' a second time", name));
    }
    if (cases_.size() == kMaxCases) {
      return fault(ErrorKind::limit, fmt::format("is beyond {} cases", kMaxCases));
    }
    open_.emplace(PastCase{.name = std::string(name), .entity = *Entity::parse("country:ZZ")});
    given_.clear();
    all_left_.reset();
    return {};
  }

  // What a whole case must have.
  Status close() {
    if (!open_) return {};
    for (const std::string_view key : {"title", "entity", "family", "because", "cause", "source"}) {
      if (!given_.contains(std::string(key))) {
        return Error{ErrorKind::malformed,
                     fmt::format("{}: case '{}' has no line '{}'", file_, open_->name, key)};
      }
    }
    if (open_->cuts.empty() && !open_->days && !open_->pattern) {
      return Error{ErrorKind::malformed, fmt::format("{}: case '{}' says no time: it needs 'cut', "
                                                     "'days' or 'pattern'",
                                                     file_, open_->name)};
    }
    for (PastCut& cut : open_->cuts) {
      if (!cut.left) cut.left = all_left_;
    }
    cases_.push_back(std::move(*open_));
    open_.reset();
    return {};
  }

  Status fact(std::string_view key, std::string_view rest) {
    const bool repeats = key == "cut" || key == "saw" || key == "source";
    if (!given_.insert(std::string(key)).second && !repeats) {
      return fault(fmt::format("says '{}' a second time", key));
    }
    if (key == "cut") return cut(rest);
    if (key == "days") return days(rest);
    if (key == "pattern") return pattern(rest);
    if (key == "saw") return saw(rest);
    if (key == "source") return source(rest);
    if (key == "title") return text(open_->title, rest);
    if (key == "because") return text(open_->because, rest);
    if (key == "event") return text(open_->event, rest);
    if (key == "family") return word(kFamilyWords, rest, open_->family);
    if (key == "cause") return word(kCauseWords, rest, open_->cause);
    if (key == "trigger") return word(kTriggerWords, rest, open_->trigger);
    if (key == "mobile") return word(kMobileWords, rest, open_->mobile);
    if (key == "onset") return word(kTogetherWords, rest, open_->onset);
    if (key == "return") return word(kTogetherWords, rest, open_->back);
    if (key == "entity") {
      Result<Entity> entity = Entity::parse(rest);
      if (!entity) return fault("names no entity: " + entity.error().message);
      open_->entity = std::move(*entity);
      return {};
    }
    if (key == "offset") {
      open_->offset = parse_offset(rest);
      return open_->offset ? Status() : fault("needs an offset such as +5:30");
    }
    if (key == "left") {
      all_left_ = parse_percent(rest);
      return all_left_ ? Status() : fault("needs a share such as 5%");
    }
    return fault(fmt::format("begins with '{}', which means nothing here", key));
  }

  Status text(std::string& target, std::string_view rest) {
    target = rest;
    return {};
  }

  template <typename Value, std::size_t N, typename Target>
  Status word(const Word<Value> (&words)[N], std::string_view rest, Target& target) {
    const std::optional<Value> found = find_word(words, rest);
    if (!found) return fault(fmt::format("holds '{}', which is not one of its words", rest));
    target = *found;
    return {};
  }

  Status source(std::string_view rest) {
    if (open_->sources.size() == kMaxCaseSources) {
      return fault(ErrorKind::limit, fmt::format("is beyond {} sources", kMaxCaseSources));
    }
    open_->sources.emplace_back(rest);
    return {};
  }

  Status cut(std::string_view rest) {
    const std::vector<std::string_view> words = words_of(rest);
    if (words.size() != 2 && (words.size() != 4 || words[2] != "left")) {
      return fault("needs 'cut BEGIN END' or 'cut BEGIN END left 5%'");
    }
    if (open_->cuts.size() == kMaxCuts) {
      return fault(ErrorKind::limit, fmt::format("is beyond {} cuts", kMaxCuts));
    }
    const Result<Time> begin = parse_time(words[0]);
    if (!begin) return fault("has no time: " + begin.error().message);
    PastCut made{.begin = *begin};
    if (words[1] != "unknown") {
      const Result<Time> end = parse_time(words[1]);
      if (!end) return fault("has no time: " + end.error().message);
      if (*end <= *begin) return fault("ends before it begins");
      made.end = *end;
    }
    if (words.size() == 4) {
      made.left = parse_percent(words[3]);
      if (!made.left) return fault("needs a share such as 5%");
    }
    if (!open_->cuts.empty()) {
      const PastCut& before = open_->cuts.back();
      if (made.begin <= before.begin || (before.end && made.begin < *before.end)) {
        return fault("does not come after the cut before it");
      }
    }
    open_->cuts.push_back(made);
    return {};
  }

  Status days(std::string_view rest) {
    const std::vector<std::string_view> words = words_of(rest);
    if (words.size() != 2) return fault("needs 'days FIRST LAST'");
    constexpr std::size_t kDate = 10;  // "2022-01-04"
    const Result<Time> first = parse_time(words[0]);
    if (!first || words[0].size() != kDate) return fault("has no first day");
    DaySpan made{.first = *first, .last = std::nullopt};
    if (words[1] != "unknown") {
      const Result<Time> last = parse_time(words[1]);
      if (!last || words[1].size() != kDate) return fault("has no last day");
      if (*last < *first) return fault("ends before it begins");
      made.last = *last + std::chrono::days{1};
    }
    open_->days = made;
    return {};
  }

  Status pattern(std::string_view rest) {
    const std::vector<std::string_view> words = words_of(rest);
    const bool with_length = words.size() == 4 && words[2] == "of";
    const std::optional<long> cuts = words.empty() ? std::nullopt : parse_number(words[0]);
    if ((words.size() != 2 && !with_length) || !cuts || words[1] != "cuts") {
      return fault("needs 'pattern N cuts' or 'pattern N cuts of 12h'");
    }
    if (*cuts < 1 || static_cast<std::size_t>(*cuts) > kMaxCuts) {
      return fault(ErrorKind::limit, fmt::format("needs 1 to {} cuts", kMaxCuts));
    }
    CutPattern made{.cuts = static_cast<std::size_t>(*cuts), .each = std::nullopt};
    if (with_length) {
      std::string_view length = words[3];
      const bool hours = length.ends_with("h");
      const bool minutes = length.ends_with("min");
      length.remove_suffix(hours ? 1 : minutes ? 3 : 0);
      const std::optional<long> count = parse_number(length);
      if ((!hours && !minutes) || !count || *count < 1 || *count > 100'000) {
        return fault("needs a length such as 12h or 90min");
      }
      made.each = Seconds{*count * (hours ? 3600 : 60)};
    }
    open_->pattern = made;
    return {};
  }

  Status saw(std::string_view rest) {
    const std::vector<std::string_view> words = words_of(rest);
    if (words.size() < 2 || words.size() > 3) return fault("needs 'saw PLANE fell' or 'stood'");
    const std::optional<SeenPlane> plane = find_word(kPlaneWords, words[0]);
    if (!plane) return fault("knows the planes routes, probing and telescope only");
    std::optional<PlaneFact>& target = open_->saw[static_cast<std::size_t>(*plane)];
    if (target) return fault(fmt::format("says a second time what {} saw", words[0]));
    PlaneFact made{.fell = words[1] == "fell", .lost = std::nullopt};
    if (!made.fell && words[1] != "stood") return fault("needs 'fell' or 'stood'");
    if (words.size() == 3) {
      made.lost = parse_percent(words[2]);
      if (!made.fell || !made.lost) return fault("needs a share such as 33% after 'fell'");
    }
    if (!made.fell) made.lost = 0;
    target = made;
    return {};
  }

  std::string file_;
  std::size_t number_ = 0;
  std::optional<PastCase> open_;
  std::set<std::string> given_;  // keys of the open case
  std::optional<double> all_left_;
  std::set<std::string> names_;
  std::vector<PastCase> cases_;
};

}  // namespace

Result<std::vector<PastCase>> parse_cases(std::string_view text, std::string_view file) {
  if (text.size() > kMaxCaseFile) {
    return Error{ErrorKind::limit, fmt::format("{}: is longer than {} bytes", file, kMaxCaseFile)};
  }
  CaseReader reader(file);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const Status read = reader.line(text.substr(0, end), ++number); !read) return read.error();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish();
}

std::string_view name_of(CaseFamily family) {
  return find_name(kFamilyWords, family);
}

std::string_view name_of(CauseLabel cause) {
  return find_name(kCauseWords, cause);
}

std::string_view name_of(Trigger trigger) {
  return find_name(kTriggerWords, trigger);
}

std::optional<Trigger> parse_trigger(std::string_view word) {
  return find_word(kTriggerWords, word);
}

std::string_view words_for(CaseFamily family) {
  switch (family) {
    case CaseFamily::exam:
      return "cuts on exam days";
    case CaseFamily::crisis:
      return "cuts in a political crisis";
    case CaseFamily::curfew:
      return "cuts night after night";
    case CaseFamily::regional:
      return "long cuts of one region";
    case CaseFamily::cable:
      return "broken cables";
    case CaseFamily::power:
      return "power failures";
    case CaseFamily::fault:
      return "faults of one operator";
    case CaseFamily::platform:
      return "blocks or failures of one service";
  }
  return "";
}

}  // namespace lightsout
