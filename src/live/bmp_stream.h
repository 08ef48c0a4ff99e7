// BmpStream: the bytes of one router's session in, records and messages out.
//
//   BmpStream stream({.name = "192.0.2.1", .record = [&](Bytes record) {...}, .damage = ...});
//   stream.push(bytes, arrival);
//   stream.end(arrival);      // the connection is gone; finish() where only the file has ended
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "core/damage.h"
#include "live/bmp_framer.h"
#include "live/bmp_records.h"

namespace lightsout::live {

// Where a decoder puts what it finds. An empty function: not wanted.
struct BmpSinks {
  std::string name;   // of the router or the file
  RecordSink record;  // MRT records
  std::function<void(DamagedPart part)> damage;
  // Every message as it was sent, for those who want more than records.
  std::function<void(const std::string& name, const BmpMessage& message, const Stamp& arrival)>
      message;
};

class BmpStream {
 public:
  explicit BmpStream(BmpSinks sinks);
  BmpStream(const BmpStream&) = delete;
  BmpStream& operator=(const BmpStream&) = delete;

  // See BmpRecords: for streams kept without the time of arrival.
  void set_earliest(const Stamp& earliest) { records_.set_earliest(earliest); }

  void push(Bytes bytes, const Stamp& arrival);
  void lose(std::uint64_t bytes, const Stamp& arrival);  // bytes that never arrived
  void finish();                                         // the file has ended
  void end(const Stamp& arrival);                        // the connection is gone

  const BmpTotals& totals() const { return records_.totals(); }
  std::uint64_t records() const { return encoder_.records(); }
  std::uint64_t messages() const { return framer_.messages(); }
  std::uint64_t damaged() const { return damaged_; }  // parts
  std::size_t waiting() const { return framer_.waiting(); }
  bool is_lost() const { return framer_.is_lost(); }

 private:
  void drain(const Stamp& arrival);
  void add_damage(std::uint64_t offset, std::uint64_t bytes, std::string reason);

  BmpSinks sinks_;
  BmpFramer framer_;
  RecordEncoder encoder_;
  BmpRecords records_;
  std::uint64_t damaged_ = 0;
};

// For a BMP stream kept as a file, which has no time of arrival: the moment from which its records
// may be taken to speak. The routes of the first table are as old as they are; its End-of-RIB is
// not older than the newest of them. Not known() when nothing in `head` has a time.
Stamp earliest_of(Bytes head);

}  // namespace lightsout::live
