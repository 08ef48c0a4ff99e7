// Small readers of what web measurements are made of: base64, URLs, titles, addresses that nobody
// on the Internet can have. No locale.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightsout {

std::string lower(std::string_view text);  // ASCII letters only

// RFC 4648 section 4; stops at the first byte that is not of the alphabet.
std::string from_base64(std::string_view text);

// "https://user@Example.com:8443/x" -> "example.com"; "[2001:db8::1]" without its brackets.
std::string host_of(std::string_view url);

// The first <title> of 1 to 128 bytes without '<' in it, as OONI's probe reads it; else empty.
std::string title_of_page(std::string_view body);

bool is_address(std::string_view text);  // an IPv4 or IPv6 address

// An address of a block that is not for the public Internet: private, loopback, link-local,
// documentation, multicast (IANA special-purpose registries, RFC 6890). Not an address: false.
bool is_bogon(std::string_view address);
bool is_loopback(std::string_view address);

}  // namespace lightsout
