// What a distance is made of, in words.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/likeness.h"

namespace lightsout {

namespace {

std::string hours_words(double hours) {
  if (hours < 1) return fmt::format("{:.0f} min", hours * 60);
  if (hours < 48) return fmt::format("{:.1f} h", hours);
  return fmt::format("{:.1f} d", hours / 24);
}

std::string clock_words(double hour) {
  const int minutes = static_cast<int>(std::lround(hour * 60)) % (24 * 60);
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::string length_words(const Profile& now, const Profile& past) {
  std::string text;
  if (now.span_hours && past.span_hours) {
    text = fmt::format("{} in all against {}", hours_words(*now.span_hours),
                       hours_words(*past.span_hours));
  }
  if (now.cut_hours && past.cut_hours && (*now.cuts > 1 || *past.cuts > 1 || text.empty())) {
    text += fmt::format("{}{} a cut against {}", text.empty() ? "" : ", ",
                        hours_words(*now.cut_hours), hours_words(*past.cut_hours));
  }
  return text;
}

std::string rhythm_words(const Profile& now, const Profile& past) {
  std::string text;
  if (now.cuts && past.cuts)
    text = fmt::format("{:.0f} cuts against {:.0f}", *now.cuts, *past.cuts);
  if (now.duty && past.duty) {
    text += fmt::format("{}dark {:.0f} % of the time against {:.0f} %", text.empty() ? "" : ", ",
                        *now.duty * 100, *past.duty * 100);
  }
  return text;
}

std::string signature_words(const Profile& now, const Profile& past) {
  std::string text;
  for (std::size_t i = 0; i < kSignatureParts; ++i) {
    if (!now.signature[i] || !past.signature[i]) continue;
    text += fmt::format("{}{} {:.0f} % against {:.0f} %", text.empty() ? "" : ", ",
                        kSignatureNames[i], *now.signature[i] * 100, *past.signature[i] * 100);
  }
  return text;
}

std::string words_of(LikenessTerm term, const Profile& now, const Profile& past) {
  switch (term) {
    case LikenessTerm::course:
      return !now.depth.empty() && !past.depth.empty()
                 ? "depth, half hour by half hour"
                 : "on and off only: the depth of one of them is not known";
    case LikenessTerm::duration:
      return length_words(now, past);
    case LikenessTerm::rhythm:
      return rhythm_words(now, past);
    case LikenessTerm::hour:
      return fmt::format("cuts begin about {} against {}, local time", clock_words(*now.local_hour),
                         clock_words(*past.local_hour));
    case LikenessTerm::signature:
      return signature_words(now, past);
    case LikenessTerm::context:
      return fmt::format("{} against {}", name_of(*now.trigger), name_of(*past.trigger));
    case LikenessTerm::scope:
      return fmt::format("{} against {}", name_of(*now.scope), name_of(*past.scope));
    case LikenessTerm::clock:
      return fmt::format("begins on the hour or half hour {:.0f} % of the time against {:.0f} %",
                         *now.sharp * 100, *past.sharp * 100);
  }
  return "";
}

}  // namespace

std::vector<std::string> explain(const Likeness& likeness, const Profile& now,
                                 const Profile& past) {
  struct Line {
    double share;
    std::string text;
  };
  std::vector<Line> lines;
  std::string left_out;
  for (std::size_t i = 0; i < kTerms; ++i) {
    const auto term = static_cast<LikenessTerm>(i);
    if (!likeness.terms[i]) {
      left_out += fmt::format("{}{}", left_out.empty() ? "" : ", ", name_of(term));
      continue;
    }
    const double share = built_in_weights().weight[i] * *likeness.terms[i];
    lines.push_back(
        {share, fmt::format("{} {:.3f}: {}", name_of(term), share, words_of(term, now, past))});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.share < b.share; });
  std::vector<std::string> texts;
  for (Line& line : lines) texts.push_back(std::move(line.text));
  if (!left_out.empty()) {
    texts.push_back(
        fmt::format("not known of both, taken as usual: {}; the other weights make {:.0f} % "
                    "of all",
                    left_out, likeness.known_weight * 100));
  }
  return texts;
}

}  // namespace lightsout
