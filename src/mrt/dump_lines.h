// Lines: what dump says about a route or a session, in each of its formats.
//
// A line is three parts: who says it and when, the prefix, how the route is. The first and the last
// are the same for all prefixes of a message, so they are made once (begin_*) and line() puts them
// around each prefix.
//
//   lines.begin_routes(speaker, attributes, Family::v4);
//   lines.line(prefix, std::nullopt);
//   sink(lines.out().text());
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "mrt/dump.h"
#include "mrt/dump_text.h"
#include "mrt/record.h"

namespace lightsout::mrt {

// The next hop that is shown: of IPv6 routes it stands in MP_REACH_NLRI, 16 bytes, or 32 with a
// link-local one. 255.255.255.255, as bgpdump has it, where there is none.
IpAddress next_hop_of(const bgp::Attributes& attributes, Family family);

// Who says it and when.
struct Speaker {
  std::string_view format;  // "BGP4MP", "TABLE_DUMP2": as bgpdump names the record
  RouteKind kind = RouteKind::rib;
  std::uint64_t seconds = 0;
  std::optional<std::uint32_t> microseconds;
  IpAddress peer;
  Asn asn;
};

class Lines {
 public:
  explicit Lines(DumpFormat format, std::size_t slab_bytes = 4096)
      : format_(format), out_(slab_bytes) {}

  // `room`: how many bytes of attributes the routes have, which bounds their text.
  void begin_routes(const Speaker& speaker, const bgp::Attributes& attributes, Family family,
                    std::size_t attribute_bytes);
  void begin_withdrawals(const Speaker& speaker);
  void line(const Prefix& prefix, std::optional<std::uint32_t> path_id);
  void state(const Speaker& speaker, unsigned from, unsigned to);

  // A route's line in two parts, for those who keep the second (table_at.h).
  std::string_view tail() const { return tail_.text(); }
  void begin(const Speaker& speaker, std::string_view tail);

  Slab& out() { return out_; }
  std::uint64_t count() const { return count_; }
  void add_to_count(std::uint64_t lines) { count_ += lines; }

 private:
  void head(const Speaker& speaker);
  void bgpdump_tail(const bgp::Attributes& attributes, Family family);
  void json_tail(const bgp::Attributes& attributes, Family family);
  void text_tail(const bgp::Attributes& attributes, Family family, Asn peer);
  void wrapped_line(const Prefix& prefix, std::optional<std::uint32_t> path_id);

  DumpFormat format_;
  Slab head_, middle_, tail_, whole_, out_;
  std::uint64_t count_ = 0;
};

}  // namespace lightsout::mrt
