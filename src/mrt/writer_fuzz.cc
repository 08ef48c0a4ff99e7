// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/check.h"
#include "mrt/record_reader.h"
#include "mrt/writer.h"

namespace lightsout {
namespace {

// Prefixes, alternately IPv4 and IPv6, until the bytes are used up or there are `most`.
std::vector<Prefix> prefixes_from(ByteReader& reader, std::size_t most) {
  std::vector<Prefix> prefixes;
  while (!reader.empty() && prefixes.size() < most) {
    const Family family = prefixes.size() % 2 == 0 ? Family::v4 : Family::v6;
    const auto prefix = Prefix::try_decode(reader, family);
    if (!prefix) break;
    prefixes.push_back(*prefix);
  }
  std::stable_sort(prefixes.begin(), prefixes.end(),
                   [](const Prefix& a, const Prefix& b) { return a.family() < b.family(); });
  return prefixes;
}

}  // namespace
}  // namespace lightsout

// Whatever is written is read again, prefix for prefix.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  ByteReader reader(Bytes(data, size));
  bgp::Update update;
  for (std::size_t hops = reader.u8() % 100; hops > 0; --hops) {
    update.route.path.push_back(Asn{reader.u32()});
  }
  if (update.route.path.empty()) update.route.path.push_back(Asn{1});
  for (std::size_t count = reader.u8() % 50; count > 0; --count) {
    update.route.communities.push_back(reader.u32());
  }
  if (reader.u8() % 2 == 1) update.route.med = reader.u32();
  update.withdrawn = prefixes_from(reader, reader.u8() * std::size_t{8});
  update.announced = prefixes_from(reader, 5000);

  std::string file;
  mrt::Writer writer([&](Bytes bytes) { file.append(bytes.begin(), bytes.end()); });
  const mrt::Session session{.peer_asn = Asn{2}, .local_asn = Asn{3}};
  writer.update(Time(Seconds(1'600'000'000)), session, update);

  std::vector<Prefix> withdrawn, announced;
  MemorySource source{std::string_view(file)};
  mrt::RecordReader records(source);
  for (auto step = records.next(); step != mrt::RecordReader::Step::end; step = records.next()) {
    CHECK(step == mrt::RecordReader::Step::record);
    mrt::Bgp4mp entry;
    CHECK(mrt::decode_bgp4mp(records.record(), entry) == mrt::Decoded::yes);
    bgp::UpdateView view;
    CHECK(bgp::decode_update(entry.message.body, entry.width, view) == bgp::Verdict::good);
    bgp::for_each_change(
        view, [&](const Prefix& prefix) { withdrawn.push_back(prefix); },
        [&](const Prefix& prefix) {
          announced.push_back(prefix);
          CHECK(view.attributes.path.origin() == update.route.path.back());
          CHECK(view.attributes.med == update.route.med);
        });
  }
  CHECK(withdrawn == update.withdrawn);
  CHECK(announced == update.announced);
  return 0;
}
