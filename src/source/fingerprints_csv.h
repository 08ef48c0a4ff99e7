// Block-page fingerprints from the CSV files of ooni/blocking-fingerprints, loaded when the program
// runs (docs/formats/ooni.md). Rows that cannot be used are damage, with the reason.
//
//   const FingerprintList known = read_fingerprints({&input, 1});
//   Fingerprints(known.list).matches(measurement);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "measurement/fingerprints.h"
#include "source/source.h"

namespace lightsout {

struct FingerprintList {
  std::vector<Fingerprint> list;
  Damage damage;
};

FingerprintList read_fingerprints(std::span<const Input> inputs);

}  // namespace lightsout
