// SPDX-License-Identifier: Apache-2.0
#include "bgp/update.h"
#include "core/check.h"

// The first byte chooses the width of ASNs and the form; whatever follows is an UPDATE.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  if (size == 0) return 0;
  const Bytes body(data + 1, size - 1);
  const auto width = (data[0] & 1) != 0 ? bgp::AsnWidth::two : bgp::AsnWidth::four;
  bgp::UpdateView update;
  const bgp::Verdict verdict = bgp::decode_update(body, width, update);
  CHECK((verdict == bgp::Verdict::good) == (update.attributes.problem == nullptr));
  std::size_t changes = 0;
  const auto count = [&](const Prefix& prefix) {
    CHECK(prefix.length() <= max_length(prefix.family()));
    ++changes;
  };
  bgp::for_each_change(update, count, count);
  CHECK(changes <= size);
  if (verdict == bgp::Verdict::unreadable) CHECK(changes == 0);

  bgp::Attributes attributes;
  bgp::decode_attributes(body, width, bgp::AttributeForm::table, attributes);
  std::size_t hops = 0;
  attributes.path.for_each_segment([&](const bgp::Segment& segment) { hops += segment.size(); });
  CHECK(attributes.path.hops() <= hops);
  (void)attributes.path.first();
  (void)attributes.path.origin();
  return 0;
}
