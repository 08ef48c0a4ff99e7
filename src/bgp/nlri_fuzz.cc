// SPDX-License-Identifier: Apache-2.0
#include "bgp/nlri.h"
#include "core/check.h"

// The first byte chooses the family and the form; what follows is a field of prefixes. Whole fields
// give every prefix, no field gives one with host bits, and the slow way to read one agrees.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  if (size == 0) return 0;
  const Bytes field(data + 1, size - 1);
  const Family family = (data[0] & 1) != 0 ? Family::v6 : Family::v4;
  const auto form = (data[0] & 2) != 0 ? bgp::NlriForm::add_path : bgp::NlriForm::plain;
  const bgp::NlriCheck check = bgp::check_nlri(field, family, form);
  ByteReader reader(field);
  std::size_t bytes = 0;
  bool host_bits = false;
  bgp::for_each_nlri(field, family, form,
                     [&](const Prefix& prefix, const std::optional<std::uint32_t>& id) {
                       CHECK(id.has_value() == (form == bgp::NlriForm::add_path));
                       if (id) CHECK(*id == reader.u32());
                       ByteReader sent = reader;
                       const Result<Prefix> slowly = Prefix::decode(reader, family);
                       CHECK(slowly.ok() && *slowly == prefix);
                       sent.u8();
                       const Bytes address = sent.take((prefix.length() + 7) / 8);
                       for (std::size_t i = 0; i < address.size(); ++i) {
                         host_bits = host_bits || address[i] != prefix.address().bytes[i];
                       }
                       bytes += (id ? 5 : 1) + address.size();
                     });
  CHECK(check.whole == (bytes == field.size()));
  if (check.whole && host_bits) CHECK(check.odd);
  return 0;
}
