// SPDX-License-Identifier: Apache-2.0
#include "bgp/same_reading.h"
#include "core/check.h"

// The first byte chooses the width of ASNs and the forms of prefixes; whatever follows is an
// UPDATE. The two readers of it agree.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  if (size == 0) return 0;
  const Bytes body(data + 1, size - 1);
  const auto width = (data[0] & 1) != 0 ? bgp::AsnWidth::two : bgp::AsnWidth::four;
  const auto form_of = [&](unsigned bit) {
    return (data[0] & bit) != 0 ? bgp::NlriForm::add_path : bgp::NlriForm::plain;
  };
  const bgp::NlriForms forms{.v4 = form_of(2), .v6 = form_of(4)};
  CHECK(bgp::difference_of_update(body, width, forms).empty());
  bgp::UpdateView update;
  const bgp::Verdict verdict = bgp::decode_update(body, width, update, forms);
  CHECK((verdict == bgp::Verdict::good) == (update.attributes.problem == nullptr));
  std::size_t changes = 0;
  const auto count = [&](const Prefix& prefix) {
    CHECK(prefix.length() <= max_length(prefix.family()));
    ++changes;
  };
  bgp::for_each_change(update, count, count);
  CHECK(changes <= size);
  if (verdict == bgp::Verdict::unreadable) CHECK(changes == 0);
  return 0;
}
