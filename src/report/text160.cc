// text160: the verdict in one text message.
//
// The GSM 7-bit default alphabet (3GPP TS 23.038 section 6.2.1) holds 160 characters in one
// message. Ours are the part of it that is also ASCII and takes one septet each.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/escape.h"
#include "report/report.h"
#include "report/verdict.h"
#include "report/words.h"

namespace lightsout {

namespace {

constexpr std::size_t kMessage = 160;

// Characters that are ASCII but not in the basic table, or two septets in the extension table.
std::string gsm(const std::string& text) {
  std::string out;
  for (const char c : to_ascii(text)) {
    out += std::string_view("`[]{}\\^~|").find(c) == std::string_view::npos ? c : '?';
  }
  return out;
}

std::string tight(std::string text) {
  text = gsm(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // "3 %" -> "3%", "18 d 14 h" -> "18d 14h"
    const bool unit = text[i] == ' ' && i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9' &&
                      i + 1 < text.size() &&
                      std::string_view("%dhms").find(text[i + 1]) != std::string_view::npos;
    if (!unit) out += text[i];
  }
  return out;
}

struct Piece {
  std::string text;
  int keep;  // the higher, the longer it stays when room is short
};

std::vector<Piece> pieces_of(const Subject& subject) {
  const Investigation& asked = subject.report.investigation;
  if (subject.incident == nullptr) {
    return {{gsm(verdict_of(subject).headline) + ".", 9},
            {asked.could_judge ? "" : " " + gsm(asked.reason) + ".", 2}};
  }
  const Incident& incident = *subject.incident;
  const Verdict verdict = verdict_of(subject);
  const bool fall = incident.direction == Direction::fall;
  std::string level;
  if (!verdict.figures.empty()) level = tight(verdict.figures.front().value);
  std::vector<Piece> pieces;
  pieces.push_back({gsm(verdict.headline) + ".", 9});
  pieces.push_back({fmt::format(" {} {} expected.", level, fall ? "of" : "above"), 7});
  pieces.push_back({fmt::format(" From {} UTC{}.", gsm(day_clock(incident.onset.value)),
                                incident.end ? " to " + gsm(day_clock(incident.end->value)) : ""),
                    8});
  if (incident.open()) {
    pieces.push_back({fmt::format(" As of {}.", gsm(day_clock(subject.data_through))), 6});
  }
  pieces.push_back({" " + capitalised(std::string(name_of(incident.confidence))) + ".", 5});
  return pieces;
}

}  // namespace

std::string text160(const Report& report) {
  const Subject subject = subject_of(report);
  const std::string prefix = subject.semi_synthetic ? std::string(kSemiSynthetic) + ": " : "";
  std::vector<Piece> pieces = pieces_of(subject);
  const auto whole = [&] {
    std::string text = prefix;
    for (const Piece& piece : pieces) text += piece.text;
    return text;
  };
  while (whole().size() > kMessage && pieces.size() > 1) {
    pieces.erase(std::min_element(pieces.begin(), pieces.end(),
                                  [](const Piece& a, const Piece& b) { return a.keep < b.keep; }));
  }
  return whole().substr(0, kMessage);
}

}  // namespace lightsout
