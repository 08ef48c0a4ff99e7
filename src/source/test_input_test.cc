// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <sstream>

#include "core/sha256.h"
#include "source/test_input.h"

namespace lightsout {

namespace {

// Owns its text, so that the source can outlive the input.
class TextSource final : public ByteSource {
 public:
  TextSource(std::shared_ptr<const std::string> text, std::string message)
      : text_(std::move(text)), rest_(*text_), message_(std::move(message)) {}

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const Result<std::size_t> count = rest_.read(into);
    if (*count == 0 && !message_.empty()) return Error{ErrorKind::malformed, message_};
    return count;
  }

 private:
  std::shared_ptr<const std::string> text_;
  MemorySource rest_;
  std::string message_;
};

}  // namespace

Input broken_input(std::string name, std::string text, std::string message) {
  Lineage lineage{.sha256 = sha256_hex(text), .name = std::move(name)};
  const auto shared = std::make_shared<const std::string>(std::move(text));
  return {std::move(lineage), [shared, message]() -> Result<std::unique_ptr<ByteSource>> {
            return std::unique_ptr<ByteSource>(std::make_unique<TextSource>(shared, message));
          }};
}

Input text_input(std::string name, std::string text) {
  return broken_input(std::move(name), std::move(text), "");
}

std::string file_text(const std::filesystem::path& path) {
  const gzFile file = gzopen(path.c_str(), "rb");  // a plain file comes through unchanged
  std::string text;
  if (file == nullptr) return text;
  std::string chunk(1 << 20, '\0');
  for (int count = 0; (count = gzread(file, chunk.data(), 1 << 20)) > 0;) {
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  gzclose(file);
  return text;
}

Input file_input(const std::filesystem::path& path) {
  return text_input(path.filename().string(), file_text(path));
}

Reading read_one(const Input& input, const ReadOptions& options) {
  return read_inputs({&input, 1}, options);
}

const Series* find_series(const Reading& reading, std::string_view id) {
  for (const Series& series : reading.series) {
    if (series.id.text() == id) return &series;
  }
  return nullptr;
}

TEST(TestInput, DeliversItsTextAndThenItsError) {
  const Input input = broken_input("a", "abc", "cut short");
  const auto source = input.open();
  std::uint8_t bytes[8];
  EXPECT_EQ(*(*source)->read(bytes), 3u);
  EXPECT_EQ((*source)->read(bytes).error().message, "cut short");
}

}  // namespace lightsout
