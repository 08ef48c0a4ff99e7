// SPDX-License-Identifier: Apache-2.0
#include "live/record_encoder.h"

#include <algorithm>

namespace lightsout::live {
namespace {

constexpr std::uint32_t kAsTrans = 23456;  // RFC 6793: stands for a number of more than 16 bits
constexpr std::size_t kHeaderBytes = 12;
constexpr std::size_t kLengthAt = 8;

// RFC 6396 section 4.4 and RFC 8050 section 4.
std::uint16_t subtype_of(const MessageForm& form) {
  constexpr std::uint16_t kAddPath = 8, kAddPathAs4 = 9, kAddPathLocal = 10, kAddPathAs4Local = 11;
  const bool four = form.width == bgp::AsnWidth::four;
  if (form.add_path && form.from_local) return four ? kAddPathAs4Local : kAddPathLocal;
  if (form.add_path) return four ? kAddPathAs4 : kAddPath;
  if (form.from_local) return four ? mrt::kMessageAs4Local : mrt::kMessageLocal;
  return four ? mrt::kMessageAs4 : mrt::kMessage;
}

}  // namespace

void RecordEncoder::put(std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    record_.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

void RecordEncoder::begin(const Stamp& at, std::uint16_t subtype, const mrt::Session& session,
                          bool four) {
  record_.clear();
  put(static_cast<std::uint64_t>(at.time.time_since_epoch().count()), 4);
  put(mrt::kBgp4mpEt, 2);
  put(subtype, 2);
  put(0, 4);  // the length, when it is known
  put(at.microseconds, 4);
  const auto put_asn = [&](Asn asn) {
    put(!four && asn.number > 0xffff ? kAsTrans : asn.number, four ? 4 : 2);
  };
  put_asn(session.peer_asn);
  put_asn(session.local_asn);
  put(0, 2);  // interface index: unknown
  const bool v6 = session.peer.family == Family::v6;
  put(v6 ? 2 : 1, 2);
  put(Bytes(session.peer.bytes).first(v6 ? 16 : 4));
  // Both have one family in MRT; where the local address is of the other one it stays zero.
  const IpAddress none{.family = session.peer.family};
  const IpAddress& local = session.local.family == session.peer.family ? session.local : none;
  put(Bytes(local.bytes).first(v6 ? 16 : 4));
}

void RecordEncoder::end() {
  const std::size_t length = record_.size() - kHeaderBytes;
  for (int i = 0; i < 4; ++i) {
    record_[kLengthAt + static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(length >> (8 * (3 - i)));
  }
  ++records_;
  sink_(record_);
}

void RecordEncoder::message(const Stamp& at, const mrt::Session& session, const MessageForm& form,
                            Bytes message) {
  begin(at, subtype_of(form), session, form.width == bgp::AsnWidth::four);
  put(message);
  end();
}

void RecordEncoder::state_change(const Stamp& at, const mrt::Session& session,
                                 mrt::SessionState from, mrt::SessionState to) {
  begin(at, mrt::kStateChangeAs4, session, true);
  put(static_cast<std::uint64_t>(from), 2);
  put(static_cast<std::uint64_t>(to), 2);
  end();
}

}  // namespace lightsout::live
