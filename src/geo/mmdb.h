// MMDB: tables in MaxMind's binary format, as MaxMind, DB-IP and IPinfo publish them.
//
// The file is a binary tree over the bits of an address whose leaves point at maps of names and
// values, and its description stands at its end. Read are the country (country.iso_code or country,
// else registered_country), the first subdivision of it, and the number of the network; the rest is
// passed over. IPv4 lies in the tree at ::/96, and tables repeat it under other prefixes, which are
// left out. MaxMind DB File Format Specification, version 2.0.
//
// Nothing in the file is believed: a node may be visited once, a value may be nested kMaxDepth deep
// and take kMaxSteps to read, so that a malicious file costs no more than its size.
//
//   Result<MmdbOrigin> origin = read_mmdb(bytes, builder, damage, "country.mmdb");
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/byte_reader.h"
#include "core/damage.h"
#include "core/result.h"
#include "core/time.h"
#include "geo/prefix_table.h"

namespace lightsout {

struct MmdbOrigin {
  std::string type;  // "GeoLite2-Country"
  Time built;
  std::uint64_t rows = 0;
  bool networks = false;  // the values name networks and no places
};

constexpr std::size_t kMaxMmdbBytes = 256u << 20;

bool looks_like_mmdb(Bytes bytes);  // all of the file, or its last 128 KiB

// An Error when the file cannot be used at all; a leaf that cannot be read is damage.
Result<MmdbOrigin> read_mmdb(Bytes bytes, PrefixTable::Builder& builder, Damage& damage,
                             const std::string& name);

}  // namespace lightsout
