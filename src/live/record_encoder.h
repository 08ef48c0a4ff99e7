// RecordEncoder writes one BGP message or state change as the MRT record that a collector would
// have written: BGP4MP_ET, RFC 6396 section 4.4 and RFC 8050.
//
// The message goes in as it came over the wire, so that nothing of it is lost.
//
//   RecordEncoder encoder([&](Bytes record) { file.append(...); });
//   encoder.message(at, session, {.width = AsnWidth::four}, bgp_bytes);
//   encoder.state_change(at, session, SessionState::established, SessionState::idle);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "bgp/as_path.h"
#include "live/stamp.h"
#include "mrt/record.h"

namespace lightsout::live {

// One whole MRT record, header and all; valid during the call.
using RecordSink = std::function<void(Bytes record)>;

struct MessageForm {
  bgp::AsnWidth width = bgp::AsnWidth::four;  // of the AS_PATH inside
  bool add_path = false;                      // its prefixes have path ids
  bool from_local = false;                    // the local side sent it
};

class RecordEncoder {
 public:
  explicit RecordEncoder(RecordSink sink) : sink_(std::move(sink)) {}

  void message(const Stamp& at, const mrt::Session& session, const MessageForm& form,
               Bytes message);
  void state_change(const Stamp& at, const mrt::Session& session, mrt::SessionState from,
                    mrt::SessionState to);

  std::uint64_t records() const { return records_; }

 private:
  void begin(const Stamp& at, std::uint16_t subtype, const mrt::Session& session, bool four);
  void put(std::uint64_t number, int bytes);
  void put(Bytes bytes) { record_.insert(record_.end(), bytes.begin(), bytes.end()); }
  void end();

  RecordSink sink_;
  std::vector<std::uint8_t> record_;
  std::uint64_t records_ = 0;
};

}  // namespace lightsout::live
