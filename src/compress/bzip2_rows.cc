// SPDX-License-Identifier: Apache-2.0
#include "compress/bzip2_rows.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "compress/bzip2_block.h"
#include "compress/bzip2_cloned.h"
#include "core/check.h"

namespace lightsout {

namespace {

constexpr std::uint32_t kMark = 1u << 8;
constexpr unsigned kRowShift = 9;
constexpr std::size_t kMarkEvery = 1024;
constexpr std::size_t kMostArcs = kBzip2BlockBytes / kMarkEvery + 2;
constexpr std::size_t kWalkers = 16;
// Each walker goes about rows / kWalkers steps; twice as many find room. Not a multiple of the
// cache's 4096, so that the walkers do not push each other out.
constexpr std::size_t kStride = kBzip2BlockBytes / (kWalkers / 2) + 64;
constexpr std::size_t kFewRows = 8192;  // below, one walker is as fast

// Eight links that differ by one row are one or two instructions.
using Links8 [[gnu::vector_size(32)]] = std::uint32_t;
constexpr Links8 kSteps = {0u << kRowShift, 1u << kRowShift, 2u << kRowShift, 3u << kRowShift,
                           4u << kRowShift, 5u << kRowShift, 6u << kRowShift, 7u << kRowShift};

// Where the rows that begin with each byte stand.
struct Places {
  explicit Places(std::span<const std::uint32_t> runs) {
    std::array<std::uint32_t, 256> count{};
    for (const std::uint32_t run : runs) count[run & 0xff] += run >> 8;
    std::uint32_t sum = 0;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      next[byte] = sum;
      sum += count[byte];
      end[byte] = sum;
    }
  }
  std::array<std::uint32_t, 256> next;
  std::array<std::uint32_t, 256> end;
};

// Row i, whose last byte is the k-th of its value, stands behind the k-th row that begins with it.
LIGHTSOUT_CLONED
void link_rows(const std::uint32_t* runs, std::size_t run_count, Places& places,
               std::uint32_t* links) {
  std::uint32_t row = 0;
  for (std::size_t i = 0; i < run_count; ++i) {
    const std::uint32_t byte = runs[i] & 0xff;
    const std::uint32_t length = runs[i] >> 8;
    const std::uint32_t at = places.next[byte];
    places.next[byte] = at + length;
    std::uint32_t link = row << kRowShift | byte;
    row += length;
    if (at + ((length + 7) & ~7u) <= places.end[byte]) {
      // What is written too much is written again by the next run of the byte.
      Links8 eight = link + kSteps;
      std::uint32_t* to = links + at;
      for (std::uint32_t done = 0; done < length; done += 8) {
        std::memcpy(to + done, &eight, sizeof eight);
        eight += 8u << kRowShift;
      }
    } else {
      for (std::uint32_t done = 0; done < length; ++done, link += 1u << kRowShift) {
        links[at + done] = link;
      }
    }
  }
}

LIGHTSOUT_CLONED
void walk_alone(const std::uint32_t* links, std::size_t first, std::uint8_t* text,
                std::size_t count) {
  std::uint32_t link = links[first];
  for (std::size_t i = 0; i < count; ++i) {
    text[i] = static_cast<std::uint8_t>(link);
    link = links[link >> kRowShift];
  }
}

struct Arc {
  std::uint32_t at;
  std::uint32_t length;
  std::uint32_t next;
};

// Hands out the marked rows and notes the arcs that begin there.
class Marks {
 public:
  Marks(std::uint32_t* links, std::size_t rows, std::size_t first, Arc* arcs)
      : links_(links),
        parked_(static_cast<std::uint32_t>(rows) << kRowShift),
        first_(first),
        count_((rows + kMarkEvery - 1) / kMarkEvery + 1),
        arcs_(arcs) {
    for (std::size_t row = 0; row < rows; row += kMarkEvery) links[row] |= kMark;
    links[first] |= kMark;
    links[rows] = parked_;  // a row of its own for who has nothing to do
    walking_.fill(0);
  }

  // The link that walker `who` follows from step `step` on.
  std::uint32_t begin(std::size_t who, std::size_t step) {
    began_[who] = step;
    if (given_ == count_) return parked_;
    ++active_;
    walking_[who] = given_;
    const std::size_t row = given_ + 1 == count_ ? first_ : given_ * kMarkEvery;
    ++given_;
    return links_[row] & ~kMark;
  }

  // Walker `who` has come to the marked row behind `from`.
  std::uint32_t turn(std::size_t who, std::size_t step, std::uint32_t from) {
    const std::size_t row = from >> kRowShift;
    arcs_[walking_[who]] = {static_cast<std::uint32_t>(who * kStride + began_[who]),
                            static_cast<std::uint32_t>(step - began_[who]),
                            static_cast<std::uint32_t>(arc_of(row))};
    --active_;
    return begin(who, step);
  }

  std::size_t arc_of(std::size_t row) const {
    return row == first_ ? count_ - 1 : row / kMarkEvery;
  }
  std::size_t active() const { return active_; }

 private:
  std::uint32_t* links_;
  std::uint32_t parked_;
  std::size_t first_;
  std::size_t count_;
  Arc* arcs_;
  std::size_t given_ = 0;
  std::size_t active_ = 0;
  std::array<std::size_t, kWalkers> walking_;
  std::array<std::size_t, kWalkers> began_;
};

// False: a walker's room did not do.
LIGHTSOUT_CLONED
bool walk_together(const std::uint32_t* links, Marks& marks, std::uint8_t* text) {
  std::array<std::uint32_t, kWalkers> at;
  for (std::size_t who = 0; who < kWalkers; ++who) at[who] = marks.begin(who, 0);
  for (std::size_t step = 0; step < kStride;) {
#pragma GCC unroll 16
    for (std::size_t who = 0; who < kWalkers; ++who) {
      const std::uint32_t link = at[who];
      text[who * kStride + step] = static_cast<std::uint8_t>(link);
      std::uint32_t next = links[link >> kRowShift];
      if (next & kMark) [[unlikely]]
        next = marks.turn(who, step + 1, link);
      at[who] = next;
    }
    ++step;
    if (marks.active() == 0) return true;
  }
  return false;
}

void copy_arcs(const Arc* arcs, std::size_t arc, const std::uint8_t* from,
               std::span<std::uint8_t> text) {
  for (std::size_t done = 0; done < text.size(); arc = arcs[arc].next) {
    const std::size_t count = std::min<std::size_t>(arcs[arc].length, text.size() - done);
    std::memcpy(text.data() + done, from + arcs[arc].at, count);
    done += count;
  }
}

}  // namespace

struct Bzip2Rows::Work {
  std::array<std::uint32_t, kBzip2BlockBytes + 1> links;
  std::array<std::uint8_t, kWalkers * kStride> text;
  std::array<Arc, kMostArcs> arcs;
};

Bzip2Rows::Bzip2Rows() : work_(std::make_unique_for_overwrite<Work>()) {}
Bzip2Rows::~Bzip2Rows() = default;

void Bzip2Rows::invert(std::span<const std::uint32_t> runs, std::size_t first,
                       std::span<std::uint8_t> text) {
  const std::size_t rows = text.size();
  CHECK(first < rows && rows <= kBzip2BlockBytes);
  Places places(runs);
  link_rows(runs.data(), runs.size(), places, work_->links.data());
  if (rows >= kFewRows) {
    Marks marks(work_->links.data(), rows, first, work_->arcs.data());
    if (walk_together(work_->links.data(), marks, work_->text.data())) {
      return copy_arcs(work_->arcs.data(), marks.arc_of(first), work_->text.data(), text);
    }
  }
  walk_alone(work_->links.data(), first, text.data(), rows);
}

}  // namespace lightsout
