// BmpStation receives BMP from several routers at once: a Listener in, records out.
//
// Each session is one router, named by its address. What does not speak BMP, says nothing at all,
// or sends a message that never ends is closed, with a sentence; a router that breaks off sets its
// peers to Idle. The records of all routers come out as they arrive.
//
//   BmpStation station(listener, clock, {.record = ..., .say = ...});
//   while (station.step(1s)) archive.tick(clock.now());
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/damage.h"
#include "core/listener.h"
#include "live/bmp_stream.h"

namespace lightsout::live {

struct StationSinks {
  std::function<void(const std::string& router, Bytes record)> record;
  std::function<void(DamagedPart part)> damage;
  std::function<void(const std::string& sentence)> say;  // who came, who went and why
};

class BmpStation {
 public:
  // A router introduces itself at once (RFC 7854 section 4.3); a message is a second's work.
  static constexpr Seconds kFirstMessage{60};
  static constexpr Seconds kLongestMessage{300};
  static constexpr std::uint64_t kMostDamage = 100;  // parts, in one session

  BmpStation(Listener& listener, Clock& clock, StationSinks sinks)
      : listener_(listener), clock_(clock), sinks_(std::move(sinks)) {}

  // Waits for one event and handles it; false when the listener stops. All sessions are over then.
  bool step(std::chrono::milliseconds wait);

  BmpTotals totals() const;
  std::uint64_t records() const { return records_; }
  std::size_t sessions() const { return sessions_.size(); }

 private:
  struct Session {
    std::string router;
    std::unique_ptr<BmpStream> stream;
    Time opened;
    Time moved;  // when the last message was whole
    std::uint64_t messages = 0;
  };

  void open(const ListenerEvent& event);
  void take(std::uint64_t number, Bytes bytes);
  void end(std::uint64_t number, const std::string& why);
  void close_the_stuck();
  std::string complaint(const Session& session, Time now) const;
  Stamp now() { return {clock_.now(), 0}; }

  Listener& listener_;
  Clock& clock_;
  StationSinks sinks_;
  std::map<std::uint64_t, Session> sessions_;
  BmpTotals ended_;
  std::uint64_t records_ = 0;
};

}  // namespace lightsout::live
