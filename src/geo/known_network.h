// KnownNetwork: what is known of a network beside its number, for tables that people read.
//
// No figure of ours depends on it: a share of users that nobody published stays unknown, and one
// that was assumed says so.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/asn.h"

namespace lightsout {

struct KnownNetwork {
  Asn asn;
  std::string name;                  // as registered
  std::string access;                // "mobile", "fixed", "government", "hosting", or empty
  std::optional<double> user_share;  // of the country's users, 0..1
  std::string user_share_source;     // "assumed", "APNIC, April 2020"
  std::string owner;                 // who owns it, where that is somebody else; or empty
  std::vector<Asn> upstreams;        // through which its routes went before; empty: not known
  bool operator==(const KnownNetwork&) const = default;
};

}  // namespace lightsout
