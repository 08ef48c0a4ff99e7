// Replay runs MRT files through a Rib in the order of time, and stops where it is told to.
//
//   Rib rib({.paths = true});
//   Replay replay(rib, archives, damage);
//   Visibility visibility(rib, table, {.networks = true});
//   for (Time end = replay.first_bin_end(); ; end += 300s) {
//     const bool more = replay.run_to(end);   // everything before `end`
//     visibility.refresh();
//     print(end - 300s, visibility);          // the state at the end of the bin
//     if (!more) break;
//   }
//
// The state at a time is the same without a Visibility: run_to() once, then Rib::for_each_route().
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "core/damage.h"
#include "mrt/merged_reader.h"
#include "rib/feed.h"
#include "rib/rib.h"

namespace lightsout::rib {

class Replay {
 public:
  // The rib and the damage must outlive it.
  Replay(Rib& rib, std::vector<mrt::Archive> archives, Damage& damage);

  // Applies every record before `time`; false when the archives have ended. Peers that have been
  // silent for too long by then are blind.
  bool run_to(Time time);

  // Whether there is any record, and the end of the bin of `step` that holds the first one.
  bool empty();
  Time first_bin_end(Seconds step = Seconds(300));
  // Of the last record that was applied.
  Time time() const { return time_; }

  std::span<const Feed> feeds() const { return feeds_; }  // one a file, as given
  FeedTotals totals() const;

 private:
  bool advance();  // to the next record, past the ends of files; false at the end of all

  Rib& rib_;
  mrt::MergedReader reader_;
  std::vector<Feed> feeds_;
  bool pending_ = false;  // the record that the reader shows was not applied yet
  bool ended_ = false;
  Time time_;
};

}  // namespace lightsout::rib
