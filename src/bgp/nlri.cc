// SPDX-License-Identifier: Apache-2.0
#include "bgp/nlri.h"

namespace lightsout::bgp {
namespace {

// Hardly a network shorter than this is announced; a default route is, once.
constexpr unsigned kShortest = 8;

// By length: the bits of the last byte that lie behind the mask. A default route has no byte of
// address, so the byte looked at is its length, zero.
struct HostBits {
  std::uint8_t of[256] = {};
  constexpr HostBits() {
    for (unsigned length = 1; length < 256; ++length) {
      of[length] = static_cast<std::uint8_t>(0xff >> ((length - 1) % 8 + 1));
    }
  }
};

constexpr HostBits kHostBits;

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
    const unsigned length = *at;
    const std::size_t size = 1 + (length + 7) / 8;
    if (length > most || size > static_cast<std::size_t>(end - at)) return {};
    at += size;
    odd |= at[-1] & kHostBits.of[length];
    odd |= static_cast<unsigned>(length - 1 < kShortest - 1);
    defaults += static_cast<unsigned>(length == 0);
  }
  // With path ids several default routes stand side by side by right.
  const bool repeated = !kAddPath && defaults > 1;
  return {.whole = true, .odd = odd != 0 || repeated};
}

}  // namespace

NlriCheck check_nlri(Bytes nlri, Family family, NlriForm form) {
  return form == NlriForm::add_path ? check<true>(nlri, family) : check<false>(nlri, family);
}

}  // namespace lightsout::bgp
