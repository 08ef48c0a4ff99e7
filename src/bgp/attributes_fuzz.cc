// SPDX-License-Identifier: Apache-2.0
#include "bgp/same_reading.h"
#include "core/check.h"

// The first byte chooses the width of ASNs and the form; what follows is a list of attributes. The
// two readers agree, and a path is never longer than its bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  if (size == 0) return 0;
  const Bytes list(data + 1, size - 1);
  const auto width = (data[0] & 1) != 0 ? bgp::AsnWidth::two : bgp::AsnWidth::four;
  const auto form = (data[0] & 2) != 0 ? bgp::AttributeForm::message : bgp::AttributeForm::table;
  CHECK(bgp::difference_of_attributes(list, width, form).empty());
  bgp::Attributes attributes;
  const bgp::Verdict verdict = bgp::decode_attributes(list, width, form, attributes);
  CHECK((verdict == bgp::Verdict::good) == (attributes.problem == nullptr));
  std::size_t hops = 0;
  attributes.path.for_each_segment([&](const bgp::Segment& segment) { hops += segment.size(); });
  CHECK(attributes.path.hops() <= hops && hops * 2 <= size);
  CHECK(attributes.communities.size() % 4 == 0 && attributes.large_communities.size() % 12 == 0);
  return 0;
}
