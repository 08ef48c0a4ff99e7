// SPDX-License-Identifier: Apache-2.0
#include "bgp/nlri.h"

namespace lightsout::bgp {
namespace {

// Hardly a network shorter than this is announced; 0.0.0.0/0 is, once.
constexpr unsigned kShortest = 8;

template <bool kAddPath>
NlriCheck check(Bytes nlri, Family family) {
  const std::uint8_t* at = nlri.data();
  const std::uint8_t* const end = at + nlri.size();
  const unsigned most = max_length(family);
  unsigned defaults = 0;
  unsigned odd = 0;
  while (at != end) {
    if constexpr (kAddPath) {
      if (end - at < 5) return {};
      at += 4;
    }
    const unsigned length = *at++;
    const std::size_t size = (length + 7) / 8;
    if (length > most || size > static_cast<std::size_t>(end - at)) return {};
    if (length < kShortest) {
      if (length != 0) odd = 1;
      // With path ids several default routes stand side by side by right.
      defaults += length == 0 ? 1 : 0;
      if (length == 0) continue;
    }
    at += size;
    const unsigned host_bits = 0xffu >> ((length - 1) % 8 + 1);
    odd |= at[-1] & host_bits;
  }
  if (!kAddPath && defaults > 1) odd = 1;
  return {.whole = true, .odd = odd != 0};
}

}  // namespace

NlriCheck check_nlri(Bytes nlri, Family family, NlriForm form) {
  return form == NlriForm::add_path ? check<true>(nlri, family) : check<false>(nlri, family);
}

}  // namespace lightsout::bgp
