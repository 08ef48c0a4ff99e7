// NLRI fields: prefixes one behind the other, as UPDATE messages carry them.
//
// A prefix is one byte of length in bits and as many bytes of address as that needs (RFC 4271
// section 4.3). On a session that negotiated ADD-PATH each has four bytes of path identifier before
// it (RFC 7911 section 3), and nothing in the field says so: read in the wrong form it gives
// prefixes that do not exist. check_nlri() says what is strange about a field read in one form; who
// knows the session decides (mrt/add_path.h).
//
//   if (check_nlri(field, Family::v4, NlriForm::plain).whole)
//     for_each_nlri(field, Family::v4, NlriForm::plain, [](const Prefix& prefix) { ... });
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>

#include "core/byte_reader.h"
#include "net/prefix.h"

namespace lightsout::bgp {

enum class NlriForm : std::uint8_t { plain, add_path };

struct NlriCheck {
  bool whole = false;  // every prefix can be read, and nothing is left over
  // Something that honest speakers do not send: host bits behind the mask, a default route twice in
  // one field, a network of /1 to /7.
  bool odd = false;
};

NlriCheck check_nlri(Bytes nlri, Family family, NlriForm form);

// Calls `use(prefix)`, or `use(prefix, path_id)` when it takes two, for each prefix of a field; the
// path id is a std::optional, and a plain field has none. It ends at the first prefix that cannot
// be read.
template <typename Use>
void for_each_nlri(Bytes nlri, Family family, NlriForm form, Use&& use) {
  const std::uint8_t* at = nlri.data();
  const std::uint8_t* const end = at + nlri.size();
  const unsigned most = max_length(family);
  while (at != end) {
    std::optional<std::uint32_t> path_id;
    if (form == NlriForm::add_path) [[unlikely]] {
      if (end - at < 5) return;
      path_id = ByteReader(Bytes(at, 4)).u32();
      at += 4;
    }
    const unsigned length = *at;
    const std::size_t size = 1 + (length + 7) / 8;
    const auto left = static_cast<std::size_t>(end - at);
    if (length > most || size > left) return;
    const Prefix prefix = Prefix::from_checked(Bytes(at, left), family);
    at += size;
    if constexpr (std::is_invocable_v<Use, const Prefix&, const std::optional<std::uint32_t>&>) {
      use(prefix, path_id);
    } else {
      use(prefix);
    }
  }
}

}  // namespace lightsout::bgp
