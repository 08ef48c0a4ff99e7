// The pieces of a line that dump writes: numbers, addresses, paths, communities, as text.
//
// They append to one string that is never freed between lines; nothing here allocates once it has
// grown to the size of the longest line.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "bgp/update.h"
#include "net/prefix.h"

namespace lightsout::mrt {

void append_number(std::string& out, std::uint64_t number);
// As bgpdump spells it, which for IPv6 is not RFC 5952.
void append_address(std::string& out, const IpAddress& address);

// As bgpdump spells them: "1 2 {3,4}", "(1 2)" and "[1,2]" for confederations; "1:2 no-export".
void append_path(std::string& out, const bgp::AsPath& path);
void append_communities(std::string& out, Bytes communities);

// As JSON: [1,2,[3,4]], [[1,2]], and for large communities [[1,2,3]].
void append_json_path(std::string& out, const bgp::AsPath& path);
void append_json_numbers(std::string& out, Bytes bytes, std::size_t width, std::size_t count);

}  // namespace lightsout::mrt
