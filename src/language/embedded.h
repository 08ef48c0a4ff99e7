// The sentences of messages/ as they were when the program was built.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lightsout {

struct EmbeddedMessage {
  std::string_view language;  // "en"
  std::string_view key;
  std::string_view text;
};

std::span<const EmbeddedMessage> embedded_messages();

}  // namespace lightsout
