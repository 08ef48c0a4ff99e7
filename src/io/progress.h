// One line on the terminal that says how far the work is; silent when nobody watches.
//
//   Progress progress(stderr);
//   progress.show("rib.20220105.bz2: 41 %");
//   progress.clear();   // before anything else is written; also done by the destructor
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace lightsout {

class Progress {
 public:
  explicit Progress(std::FILE* out);  // silent unless `out` is a terminal
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // At most ten times a second; what comes faster is dropped.
  void show(std::string_view text);
  void clear();

 private:
  std::FILE* out_;
  bool watched_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point last_{};
};

// What is shown of a text: one line of at most `columns`, control characters replaced.
std::string progress_line(std::string_view text, std::size_t columns);

}  // namespace lightsout
