// RisLive: a stream of RIS Live frames in, MRT records out.
//
// One frame a line, as every WebSocket tool prints them and as the HTTP stream of RIS Live sends
// them; lines of server-sent events ("data: {...}") are read too. A message is taken from `raw`
// when the frame has it and from the JSON fields otherwise. A frame whose id came before is counted
// and left out: RIS Live sends some twice after a reconnect.
//
// `collector` is called with the host of the frame before its record, for those who keep one file
// for each collector.
//
//   RisLive frames({.name = "frames.jsonl", .record = ..., .damage = ...});
//   frames.push(bytes);  ...  frames.finish();
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/damage.h"
#include "live/record_encoder.h"
#include "live/ris_frame.h"

namespace lightsout::live {

struct RisSinks {
  std::string name;
  RecordSink record;
  std::function<void(DamagedPart part)> damage;
  std::function<void(const std::string& host)> collector;
};

struct RisTotals {
  std::uint64_t frames = 0;
  std::uint64_t from_raw = 0, from_json = 0;
  std::uint64_t repeated = 0;
  std::uint64_t without_message = 0;                 // OPEN without `raw`
  std::map<std::string, std::uint64_t> other_types;  // at most kMostTypes of them

  std::vector<std::string> notes() const;
};

class RisLive {
 public:
  static constexpr std::size_t kLongestLine = 1u << 20;
  static constexpr std::size_t kIdsKept = 200'000;  // some 40 s of all collectors; 10 MB
  static constexpr std::size_t kMostTypes = 32;

  explicit RisLive(RisSinks sinks);

  void push(Bytes bytes);
  void finish();

  const RisTotals& totals() const { return totals_; }
  std::uint64_t records() const { return encoder_.records(); }

 private:
  void line(std::string_view text);
  void frame(const RisFrame& frame);
  void message(const RisFrame& frame, Bytes bytes, bool raw);
  bool seen(const std::string& id);
  void add_damage(std::uint64_t bytes, std::string reason);

  RisSinks sinks_;
  RecordEncoder encoder_;
  RisFrameParser parser_;
  RisTotals totals_;
  std::string rest_;  // of a line that goes on
  std::string text_;
  std::uint64_t offset_ = 0;    // of the line
  std::uint64_t skipping_ = 0;  // bytes so far of a line that is too long
  std::unordered_set<std::uint64_t> ids_;
  std::deque<std::uint64_t> ids_in_order_;
};

// The head of a file: its first line is a frame.
bool looks_like_ris_live(std::string_view head);

}  // namespace lightsout::live
