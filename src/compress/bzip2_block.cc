// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_block.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "compress/bzip2_cloned.h"
#include "compress/bzip2_rows.h"
#include "core/check.h"

namespace lightsout {
namespace {

using State = Bzip2Block::State;

constexpr unsigned kMostTables = 6;
constexpr unsigned kMostSymbols = 258;  // two for runs, 255 places, the end of the block
constexpr unsigned kGroup = 50;         // symbols that share a table
constexpr unsigned kLongestCode = 20;
constexpr unsigned kLookupBits = 10;
// What 900,000 symbols can use. Encoders may write more; libbz2 passes over them and so do we.
constexpr unsigned kMostSelectors = 2 + kBzip2BlockBytes / kGroup;

// A Huffman code: a table for what is short, and limits for the rest.
struct Code {
  // Symbol << 5 | bits of its code; 0 for a code that is longer, unused or the end of the block.
  std::array<std::uint16_t, 1u << kLookupBits> lookup;
  std::array<std::int32_t, kLongestCode + 1> last;  // the greatest code of that length
  std::array<std::int32_t, kLongestCode + 1> base;  // code - base is the place in `symbols`
  std::array<std::uint16_t, kMostSymbols> symbols;  // by code

  void make(std::span<const std::uint8_t> lengths);
};

// Canonical codes. Where the lengths promise more codes than there are, the first ones count, as
// in libbz2.
void Code::make(std::span<const std::uint8_t> lengths) {
  const std::size_t end_symbol = lengths.size() - 1;
  lookup.fill(0);
  std::int32_t code = 0;
  std::int32_t place = 0;
  for (unsigned length = 1; length <= kLongestCode; ++length, code <<= 1) {
    base[length] = code - place;
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != length) continue;
      symbols[static_cast<std::size_t>(place++)] = static_cast<std::uint16_t>(symbol);
      if (length <= kLookupBits && symbol != end_symbol && code < (1 << length)) {
        const unsigned spare = kLookupBits - length;
        std::fill_n(lookup.begin() + (code << spare), 1u << spare,
                    static_cast<std::uint16_t>(symbol << 5 | length));
      }
      ++code;
    }
    last[length] = code - 1;
  }
}

struct Header {
  bool randomised = false;
  std::uint32_t first_row = 0;
  unsigned symbols = 0;  // in the alphabet, the end of the block is the last
  unsigned selectors = 0;
};

// What is decoded so far, between groups.
struct Progress {
  std::uint64_t rows = 0;
  std::uint64_t run = 0;    // rows that end in the front byte
  std::uint64_t shift = 0;  // of the next digit of the run's length
  std::size_t runs = 0;     // the one that is still growing
};

// The move-to-front list: the first eight in a register, which the loop lives on.
struct Front {
  std::uint64_t first = 0;  // the front is the lowest byte
  std::array<std::uint8_t, 256> rest{};

  void fill(const std::array<std::uint8_t, 256>& bytes) {
    for (unsigned i = 0; i < 8; ++i) first |= std::uint64_t{bytes[i]} << (8 * i);
    std::copy(bytes.begin() + 8, bytes.end(), rest.begin());
  }
};

// Takes the byte at `place`, 0 to 7, to the front.
inline std::uint64_t to_front(std::uint64_t list, std::uint64_t place) {
  const std::uint64_t below = (std::uint64_t{1} << (8 * place)) - 1;
  const std::uint64_t byte = (list >> (8 * place)) & 0xff;
  return (list & ~(below << 8 | 0xff)) | (list & below) << 8 | byte;
}

std::uint64_t far_to_front(Front& front, std::uint64_t list, std::uint64_t place) {
  const std::size_t at = place - 8;
  const std::uint8_t byte = front.rest[at];
  std::memmove(front.rest.data() + 1, front.rest.data(), at);
  front.rest[0] = static_cast<std::uint8_t>(list >> 56);
  return list << 8 | byte;
}

// One group of symbols; fewer when the block ends in it. -1 for a code that there is not.
LIGHTSOUT_CLONED
int decode_group(BitReader& reader_in, const Code& code, unsigned end_symbol,
                 std::uint16_t* symbols) {
  BitReader reader = reader_in;
  for (unsigned i = 0; i < kGroup; ++i) {
    if (i % 2 == 0) reader.refill();
    const std::uint16_t entry = code.lookup[reader.peek(kLookupBits)];
    if (entry != 0) [[likely]] {
      reader.skip(entry & 31);
      symbols[i] = entry >> 5;
      continue;
    }
    unsigned length = 1;
    while (length <= kLongestCode &&
           static_cast<std::int32_t>(reader.peek(length)) > code.last[length]) {
      ++length;
    }
    if (length > kLongestCode) {
      reader.skip(kLongestCode);
      reader_in = reader;
      return -1;
    }
    const auto place = static_cast<std::int32_t>(reader.take(length)) - code.base[length];
    symbols[i] = code.symbols[static_cast<std::size_t>(place)];
    if (symbols[i] == end_symbol) {
      reader_in = reader;
      return static_cast<int>(i);
    }
  }
  reader_in = reader;
  return kGroup;
}

// Symbols to runs of rows that end in the same byte. Symbols 0 and 1 are the digits 1 and 2 of a
// number in base two that prolongs the run; the others take a byte to the front and begin another.
LIGHTSOUT_CLONED
void collect_runs(const std::uint16_t* symbols, unsigned count, Progress& progress, Front& front,
                  std::uint32_t* runs) {
  std::uint64_t list = front.first;
  std::uint64_t rows = progress.rows;
  std::uint64_t run = progress.run;
  std::uint64_t shift = progress.shift;
  std::size_t at = progress.runs;
  for (unsigned i = 0; i < count; ++i) {
    // Without a branch, because nothing tells which it will be.
    const std::uint64_t symbol = symbols[i];
    const std::uint64_t digit = symbol < 2 ? ~std::uint64_t{0} : 0;
    const std::uint64_t place = (symbol - 1) & ~digit;
    const std::uint64_t more = (((symbol + 1) << shift) & digit) | (1 & ~digit);
    run = (run & digit) + more;
    rows += more;
    shift = std::min<std::uint64_t>(shift + 1, 32) & digit;
    at += 1 & ~digit;
    list = place < 8 ? to_front(list, place) : far_to_front(front, list, place);
    runs[at] = static_cast<std::uint32_t>(run << 8 | (list & 0xff));
  }
  front.first = list;
  progress = {rows, run, shift, at};
}

}  // namespace

struct Bzip2BlockDecoder::Work {
  std::array<Code, kMostTables> codes;
  std::array<std::uint8_t, kMostSelectors> selectors;
  std::array<std::uint8_t, 256> bytes;  // that occur, in order
  // One more than there are rows, as a run before the first symbol, and one group too many.
  std::array<std::uint32_t, kBzip2BlockBytes + kGroup + 1> runs;
  Bzip2Rows rows;

  // Each says what is wrong; empty when nothing is.
  std::string_view read_header(BitReader& reader, Header& header);
  std::string_view read_selectors(BitReader& reader, Header& header, unsigned tables);
  std::string_view read_lengths(BitReader& reader, const Header& header, unsigned tables);
  std::string_view read_symbols(BitReader& reader, const Header& header, Progress& progress);
};

std::string_view Bzip2BlockDecoder::Work::read_header(BitReader& reader, Header& header) {
  reader.refill();
  header.randomised = reader.take(1) != 0;
  header.first_row = static_cast<std::uint32_t>(reader.take(24));
  const std::uint64_t used = reader.take(16);
  bytes.fill(0);
  unsigned count = 0;
  for (unsigned part = 0; part < 16; ++part) {
    if ((used >> (15 - part) & 1) == 0) continue;
    reader.refill();
    const std::uint64_t in_part = reader.take(16);
    for (unsigned i = 0; i < 16; ++i) {
      if ((in_part >> (15 - i) & 1) != 0) bytes[count++] = static_cast<std::uint8_t>(part * 16 + i);
    }
  }
  if (count == 0) return "a block without bytes";
  header.symbols = count + 2;
  reader.refill();
  const auto tables = static_cast<unsigned>(reader.take(3));
  header.selectors = static_cast<unsigned>(reader.take(15));
  if (tables < 2 || tables > kMostTables) return "a wrong number of code tables";
  if (header.selectors == 0) return "a block without code selectors";
  if (const auto reason = read_selectors(reader, header, tables); !reason.empty()) return reason;
  return read_lengths(reader, header, tables);
}

std::string_view Bzip2BlockDecoder::Work::read_selectors(BitReader& reader, Header& header,
                                                         unsigned tables) {
  std::array<std::uint8_t, kMostTables> order = {0, 1, 2, 3, 4, 5};
  for (unsigned i = 0; i < header.selectors; ++i) {
    reader.refill();
    if (reader.past_end()) return "cut short";
    unsigned place = 0;
    while (place < tables && reader.take(1) != 0) ++place;
    if (place == tables) return "a code selector that is too great";
    std::rotate(order.begin(), order.begin() + place, order.begin() + place + 1);
    if (i < kMostSelectors) selectors[i] = order[0];
  }
  header.selectors = std::min(header.selectors, kMostSelectors);
  return {};
}

std::string_view Bzip2BlockDecoder::Work::read_lengths(BitReader& reader, const Header& header,
                                                       unsigned tables) {
  std::array<std::uint8_t, kMostSymbols> lengths;
  for (unsigned table = 0; table < tables; ++table) {
    reader.refill();
    auto length = static_cast<unsigned>(reader.take(5));
    for (unsigned symbol = 0; symbol < header.symbols; ++symbol) {
      for (;;) {
        reader.refill();
        if (reader.past_end()) return "cut short";
        if (length < 1 || length > kLongestCode) return "a code length that is not 1 to 20";
        if (reader.take(1) == 0) break;
        length += reader.take(1) == 0 ? 1u : ~0u;
      }
      lengths[symbol] = static_cast<std::uint8_t>(length);
    }
    codes[table].make(std::span(lengths).first(header.symbols));
  }
  return {};
}

std::string_view Bzip2BlockDecoder::Work::read_symbols(BitReader& reader, const Header& header,
                                                       Progress& progress) {
  const unsigned end_symbol = header.symbols - 1;
  std::array<std::uint16_t, kGroup> symbols;
  Front front;
  front.fill(bytes);
  runs[0] = bytes[0];
  for (unsigned group = 0; group < header.selectors; ++group) {
    const int count = decode_group(reader, codes[selectors[group]], end_symbol, symbols.data());
    if (reader.past_end()) return "cut short";
    if (count < 0) return "a code that there is not";
    collect_runs(symbols.data(), static_cast<unsigned>(count), progress, front, runs.data());
    if (progress.rows > kBzip2BlockBytes) return "a block of more bytes than its level allows";
    if (count < static_cast<int>(kGroup)) return {};
  }
  return "a block that does not end";
}

Bzip2BlockDecoder::Bzip2BlockDecoder() : work_(std::make_unique_for_overwrite<Work>()) {}
Bzip2BlockDecoder::~Bzip2BlockDecoder() = default;

Bzip2Block Bzip2BlockDecoder::decode(const Bits& bits, std::span<std::uint8_t> room) {
  CHECK(room.size() >= kBzip2BlockBytes);
  BitReader reader(bits);
  Bzip2Block block;
  if (reader.take(kBzip2MagicBits) != kBzip2BlockMagic) block.reason = "no block begins here";
  reader.refill();
  block.crc = static_cast<std::uint32_t>(reader.take(32));
  Header header;
  Progress progress;
  if (block.reason.empty()) block.reason = work_->read_header(reader, header);
  if (block.reason.empty()) block.reason = work_->read_symbols(reader, header, progress);
  // What stands behind the end is none of our business, and no reason either.
  if (reader.past_end()) {
    block.state = State::cut;
    block.reason = "cut short";
    return block;
  }
  block.end = reader.position();
  block.size = progress.rows;
  if (block.reason.empty() && header.first_row >= block.size) {
    block.reason = "the first row is not there";
  }
  if (!block.reason.empty()) return block;
  if (header.randomised) {
    block.state = State::randomised;
    return block;
  }
  work_->rows.invert(std::span(work_->runs).first(progress.runs + 1), header.first_row,
                     room.first(block.size));
  block.state = State::whole;
  return block;
}

}  // namespace lightsout
