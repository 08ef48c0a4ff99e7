// Coincidence: dips of traffic that each detector by itself lets pass, and that independent feeds
// had in the same hours.
//
// One feed of usage may sag for a morning without anybody noticing; two or three that sag together
// did not do so by chance. Their evidence adds up (methods.md 4.1), and what comes of it is at most
// a usage dip, because it is one plane all the same. Bins in which a series already has an anomaly
// are left alone.
//
//   add_coincidences(witnesses);   // into Witness::coincident
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "incident/fuse.h"

namespace lightsout::incident {

void add_coincidences(std::vector<Witness>& witnesses);

inline constexpr Seconds kCoincidenceLasts{90 * 60};
inline constexpr double kCoincidenceEvidence = 6;      // nats of all feeds together
inline constexpr std::size_t kMaxCoincidences = 1000;  // the earliest are kept

}  // namespace lightsout::incident
