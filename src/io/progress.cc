// SPDX-License-Identifier: Apache-2.0
#include "io/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace lightsout {

namespace {

constexpr std::chrono::milliseconds kInterval{100};
constexpr std::size_t kColumns = 79;  // when the terminal does not say

std::size_t columns_of(std::FILE* out) {
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return kColumns;
  return size.ws_col - std::size_t{1};
}

}  // namespace

Progress::Progress(std::FILE* out) : out_(out), watched_(isatty(fileno(out)) == 1) {}

void Progress::show(std::string_view text) {
  if (!watched_) return;
  const auto now = std::chrono::steady_clock::now();
  if (visible_ && now - last_ < kInterval) return;
  last_ = now;
  visible_ = true;
  std::fprintf(out_, "\r\x1b[2K%s", progress_line(text, columns_of(out_)).c_str());
  std::fflush(out_);
}

void Progress::clear() {
  if (!visible_) return;
  visible_ = false;
  std::fputs("\r\x1b[2K", out_);
  std::fflush(out_);
}

std::string progress_line(std::string_view text, std::size_t columns) {
  std::string line;
  std::size_t used = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool begins_character = (byte & 0xc0) != 0x80;  // UTF-8, RFC 3629 section 3
    if (begins_character && used == columns) break;
    if (begins_character) ++used;
    line += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return line;
}

}  // namespace lightsout
