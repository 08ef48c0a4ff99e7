// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "mrt/record_reader.h"
#include "rib/feed.h"
#include "rib/visibility.h"

// Any file: it ends, and what was counted on the way is what is counted from nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightsout;
  using namespace lightsout::rib;
  Rib rib({.paths = true, .max_prefixes = 1000});
  const PrefixTable no_places;
  Visibility stepwise(rib, no_places, {.networks = true});
  MemorySource source(Bytes(data, size));
  mrt::RecordReader reader(source);
  Damage damage;
  Feed feed(rib, "fuzz", damage);
  for (int i = 0; reader.next() != mrt::RecordReader::Step::end; ++i) {
    feed.apply(reader.record());
    if (i % 8 == 0) stepwise.refresh();
  }
  feed.finish(size % 2 == 0 ? Feed::End::whole : Feed::End::damaged);
  stepwise.refresh();
  Visibility fresh(rib, no_places, {.networks = true});
  fresh.refresh();
  std::map<std::string, Count> counts;
  for (std::size_t e = 0; e < fresh.entities(); ++e) {
    counts[fresh.entity(e).text()] = fresh.of(e, Family::v4, Threshold::min_1);
  }
  for (std::size_t e = 0; e < stepwise.entities(); ++e) {
    CHECK(counts[stepwise.entity(e).text()] == stepwise.of(e, Family::v4, Threshold::min_1));
  }
  std::string scratch;
  rib.for_each_route([&](Row row, PeerId peer) { (void)rib.path(peer, row, scratch); });
  return 0;
}
