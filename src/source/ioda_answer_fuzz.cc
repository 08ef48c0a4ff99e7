// Any bytes as an answer of IODA, and as the list of kept answers.
//
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "core/check.h"
#include "source/answer_manifest.h"
#include "source/ioda_answer.h"

namespace {

class OneFile final : public lightsout::AnswerStore {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  lightsout::Status put(std::string_view, std::string_view bytes) override {
    text_ = bytes;
    return {};
  }
  lightsout::Result<std::optional<std::string>> get(std::string_view) override {
    return std::optional<std::string>(text_);
  }

 private:
  std::string text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)lightsout::ioda_signals_shape(text, "country", "KZ", "bgp").ok();
  (void)lightsout::ioda_regions(text).ok();
  const std::string said = lightsout::ioda_error_text(text);
  CHECK(said.size() <= 200);

  // What was kept from any manifest can be listed and read again.
  OneFile store{std::string(text)};
  auto manifest = lightsout::AnswerManifest::load(store);
  CHECK(manifest.ok());
  const std::size_t before = manifest->answers().size();
  CHECK(manifest->keep("a.json", "u", {.status = 200, .body = "{}"}, lightsout::Time{}).ok());
  const auto again = lightsout::AnswerManifest::load(store);
  CHECK(again->answers().size() >= before && again->unreadable_lines() == 0);
  return 0;
}
