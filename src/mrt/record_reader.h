// RecordReader cuts a stream of bytes into MRT records, and finds its way again after damage.
//
// MRT has no marker between records: when one length is wrong, everything behind it is lost to a
// plain walk. Here a header must be plausible (a type of IANA's list, a sensible subtype, a length
// up to kMaxRecordBytes). When the next one is not, the reader looks for the first place from which
// a chain of plausible records runs on, and reports what it passed over as one damaged part. It
// looks inside the last record too, since that may have been the one with the wrong length.
//
//   RecordReader reader(source);
//   while (true) {
//     switch (reader.next()) {
//       case RecordReader::Step::record: use(reader.record()); break;
//       case RecordReader::Step::damaged: damage.add(reader.damaged()); break;
//       case RecordReader::Step::end: return;
//     }
//   }
//
// Memory: one buffer, at first kFirstBufferBytes, at most a record of the greatest size and a half.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"
#include "mrt/record.h"

namespace lightsout::mrt {

// A RIB record of 1,000 peers with long attributes has some 300 kB, a peer table of 65,535 peers
// 1.6 MB. What claims more is damaged.
constexpr std::size_t kMaxRecordBytes = 4u << 20;

class RecordReader {
 public:
  static constexpr std::size_t kFirstBufferBytes = 256u << 10;
  // So many plausible records in a row, or an end of the stream, make a place to go on from.
  static constexpr int kChain = 3;

  enum class Step { record, damaged, end };

  explicit RecordReader(ByteSource& source) : source_(source), buffer_(kFirstBufferBytes) {}

  Step next();
  const Record& record() const { return record_; }         // after Step::record, until next()
  const DamagedPart& damaged() const { return damaged_; }  // after Step::damaged; no file name

  std::uint64_t bytes_read() const { return base_ + end_; }

 private:
  struct Header {
    std::uint32_t seconds;
    std::uint16_t type;
    std::uint16_t subtype;
    std::uint32_t length;
  };

  // Makes `count` bytes from `at` on available where the stream has them; says how many there are.
  std::size_t ensure(std::size_t at, std::size_t count);
  std::optional<Header> plausible_header(std::size_t at);
  static bool read_header(const std::uint8_t* at, Header& header);  // whether it is plausible
  Step next_slowly();
  // Header and body, as far as the next record shows: some early writers of BGP4MP_ET did not count
  // the microseconds into the length, and those of the first TABLE_DUMP not the view and sequence
  // number, so that four bytes more belong to the record.
  std::size_t size_of(std::size_t at, const Header& header);
  bool is_too_long(const Header& header) const;  // of the record that begins at at_
  bool is_followed(const Header& header) const;  // by the next record of its table
  bool is_too_long_table(const Header& header) const;
  bool chain_begins(std::size_t at);
  Step recover(std::size_t from, const char* reason);
  Step damage(std::size_t from, std::size_t to, std::string reason);
  Step take(const Header& header, std::size_t size);

  ByteSource& source_;
  std::vector<std::uint8_t> buffer_;
  std::size_t at_ = 0;      // where the next record begins, in the buffer
  std::size_t end_ = 0;     // one past the last byte in the buffer
  std::uint64_t base_ = 0;  // offset in the stream of the first byte in the buffer
  bool at_end_ = false;
  std::string broken_;  // the source's own complaint, told once at the end
  bool have_time_ = false;
  std::uint32_t last_seconds_ = 0;
  Record record_;
  DamagedPart damaged_;
};

// Whether a file that begins like this is MRT: its first record, or its second, is plausible.
bool looks_like_mrt(Bytes head);

}  // namespace lightsout::mrt
