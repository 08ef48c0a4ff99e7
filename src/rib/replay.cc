// SPDX-License-Identifier: Apache-2.0
#include "rib/replay.h"

namespace lightsout::rib {

Replay::Replay(Rib& rib, std::vector<mrt::Archive> archives, Damage& damage)
    : rib_(rib), reader_(archives, damage) {
  for (const mrt::Archive& archive : archives) feeds_.emplace_back(rib, archive.name, damage);
}

bool Replay::advance() {
  while (!pending_ && !ended_) {
    switch (reader_.next()) {
      case mrt::MergedReader::Step::record:
        pending_ = true;
        break;
      case mrt::MergedReader::Step::file_end:
        feeds_[reader_.file()].finish(reader_.cut()       ? Feed::End::cut
                                      : reader_.damaged() ? Feed::End::damaged
                                                          : Feed::End::whole);
        break;
      case mrt::MergedReader::Step::end:
        ended_ = true;
    }
  }
  return pending_;
}

bool Replay::run_to(Time time) {
  while (advance() && reader_.time() < time) {
    time_ = reader_.time();
    feeds_[reader_.file()].apply(reader_.record());
    pending_ = false;
  }
  rib_.expire(time);
  return pending_;
}

bool Replay::empty() {
  return !advance() && totals().records == 0;
}

Time Replay::first_bin_end(Seconds step) {
  if (!advance()) return bin_begin(time_, step) + step;
  return bin_begin(reader_.time(), step) + step;
}

FeedTotals Replay::totals() const {
  FeedTotals totals;
  for (const Feed& feed : feeds_) totals.merge(feed.totals());
  return totals;
}

}  // namespace lightsout::rib
