// Reading prefix tables: our own CSV, and the tar archives of per-country lists that are published.
//
//   prefix,entity                     # as of 2022-01-04
//   2.72.0.0/13,country:KZ
//   2.72.0.0/13,asn:9198@country:KZ
//
// A tar archive has one list a country, `country/kz/ipv4-aggregated.txt` (ipverse/rir-ip) or
// `ipv6/kz.cidr` (country-ip-blocks), one CIDR a line; its date is that of its newest list. Which
// of the two a file is shows in its first bytes. docs/formats/prefix-table.md
//
//   PrefixTable::Builder builder;
//   const auto origin = read_prefix_table(source, "rir.tar", builder, damage);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/byte_source.h"
#include "core/damage.h"
#include "geo/prefix_table.h"

namespace lightsout {

// `head`: the first bytes of the file, 64 KiB where there are so many.
bool looks_like_prefix_table(std::string_view head);

// Rows that cannot be read are damage; an Error only when no row could be read at all.
Result<PrefixTableOrigin> read_prefix_table(ByteSource& source, const std::string& name,
                                            PrefixTable::Builder& builder, Damage& damage);

// "kz" from "country/kz/ipv4-aggregated.txt" or "ipv4/kz.cidr"; empty for any other path.
std::string_view country_of_list(std::string_view path);

}  // namespace lightsout
