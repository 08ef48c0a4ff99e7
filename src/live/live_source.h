// LiveSource reads a live feed that was kept as a file as if it were MRT.
//
// A BMP stream, a packet capture of BMP sessions, or lines of RIS Live: whatever of these the bytes
// are, read() gives the MRT records of them, so that all that reads MRT files reads live feeds.
// Bytes that are MRT pass through untouched.
//
//   std::unique_ptr<ByteSource> mrt = open_live(std::move(file), {.name = "router.bmp"});
//   mrt::RecordReader reader(*mrt);
//
// Damage of the feed is told in one of two ways. Without LiveNotes the last read() fails with one
// sentence about all of it, which an MRT reader reports as it reports a file that breaks off. With
// them, every part is in their Damage after the end, under its offset in the feed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"
#include "live/bmp_stream.h"
#include "live/stamp.h"

namespace lightsout::live {

enum class LiveFormat { none, bmp, capture, ris_live };

// What the first bytes of a file (64 KiB do well) say it is. MRT is not asked for here; a file that
// is MRT is not taken for a live feed.
LiveFormat recognise_live(Bytes head);
std::string_view name_of(LiveFormat format);  // "BMP", "packet capture of BMP", "RIS Live"

// What is to be known of a feed when it has been read to its end. A feed that is opened again
// starts anew, so that nothing counts twice.
struct LiveNotes {
  LiveFormat format = LiveFormat::none;
  bool whole = false;  // it was read to its end
  Damage damage;
  std::vector<std::string> notes;
};

struct LiveInput {
  std::string name;                  // for the damage
  std::shared_ptr<LiveNotes> notes;  // may be null
  // Every BMP message as it was sent; empty: not wanted.
  std::function<void(const std::string& name, const BmpMessage& message, const Stamp& arrival)>
      message;
};

// Never fails: what is no live feed comes out as it went in, and an error of `source` comes after
// all records before it.
std::unique_ptr<ByteSource> open_live(std::unique_ptr<ByteSource> source, LiveInput input);

// The same for what is opened later, perhaps more than once.
using Open = std::function<Result<std::unique_ptr<ByteSource>>()>;
Open live_opener(Open open, LiveInput input);

}  // namespace lightsout::live
