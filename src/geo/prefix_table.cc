// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table.h"

#include <fmt/format.h>

namespace lightsout {

std::pair<std::uint64_t, std::uint64_t> PrefixTable::range_of(const Prefix& prefix) {
  const unsigned width = prefix.family() == Family::v4 ? 32 : 64;
  const std::uint64_t first = prefix.high_bits();
  if (prefix.length() >= width) return {first, first};
  const unsigned spare = width - prefix.length();
  return {first, first | (spare == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << spare) - 1)};
}

std::size_t PrefixTable::first_piece(std::span<const Piece> all, std::uint64_t first,
                                     std::size_t hint) {
  constexpr std::size_t kNear = 8;  // pieces further on, before a search is quicker
  const bool behind = hint < all.size() && (hint == 0 || all[hint - 1].last < first);
  for (std::size_t at = hint; behind && at < std::min(hint + kNear, all.size()); ++at) {
    if (all[at].last >= first) return at;
  }
  const auto from = all.begin() + static_cast<std::ptrdiff_t>(behind ? hint : 0);
  const auto found = std::lower_bound(
      from, all.end(), first, [](const Piece& piece, std::uint64_t at) { return piece.last < at; });
  return static_cast<std::size_t>(found - all.begin());
}

std::uint32_t PrefixTable::Builder::number_of(const Entity& entity) {
  const auto [found, added] =
      numbers_.try_emplace(entity.text(), static_cast<std::uint32_t>(entities_.size()));
  if (added) entities_.push_back(entity);
  return found->second;
}

Status PrefixTable::Builder::add(const Prefix& prefix, const Entity& entity) {
  if (size() >= kMaxRows) {
    return Error{ErrorKind::limit, fmt::format("more than {} rows of prefixes", kMaxRows)};
  }
  if (prefix.length() == 0 || (prefix.family() == Family::v6 && prefix.length() > 64)) {
    return Error{ErrorKind::malformed, fmt::format("{} is not a place", prefix.text())};
  }
  const auto [first, last] = range_of(prefix);
  std::vector<Numbered>& rows = rows_[prefix.family() == Family::v6];
  rows.push_back({first, last, number_of(entity)});
  if (entity.type() != EntityType::country && !entity.country().empty()) {
    const Result<Entity> country = Entity::parse(fmt::format("country:{}", entity.country()));
    if (country) rows.push_back({first, last, number_of(*country)});
  }
  return {};
}

namespace {

// A prefix with all its entities, while the line is swept from left to right.
struct Open {
  std::uint64_t last;
  std::uint32_t set;
};

// Lays the prefixes side by side: where one lies in another, the inner one wins.
class Sweep {
 public:
  explicit Sweep(std::vector<PrefixTable::Piece>& pieces) : pieces_(pieces) {}

  void open(std::uint64_t first, std::uint64_t last, std::uint32_t set) {
    close_before(first);
    if (!open_.empty() && at_ < first) emit(first - 1, open_.back().set);
    at_ = first;
    open_.push_back({last, set});
  }

  void finish() {
    while (!open_.empty() && !full_) close_last();
  }

 private:
  void close_before(std::uint64_t first) {
    while (!open_.empty() && open_.back().last < first) close_last();
  }

  void close_last() {
    const Open done = open_.back();
    open_.pop_back();
    if (at_ > done.last) return;
    emit(done.last, done.set);
    full_ = done.last == ~std::uint64_t{0};  // nothing lies behind, and at_ would wrap
  }

  void emit(std::uint64_t last, std::uint32_t set) {
    const bool joins =
        !pieces_.empty() && pieces_.back().set == set && pieces_.back().last + 1 == at_;
    if (joins) {
      pieces_.back().last = last;
    } else {
      pieces_.push_back({at_, last, set});
    }
    at_ = last + 1;
  }

  std::vector<PrefixTable::Piece>& pieces_;
  std::vector<Open> open_;
  std::uint64_t at_ = 0;
  bool full_ = false;
};

}  // namespace

PrefixTable PrefixTable::Builder::build() const {
  PrefixTable table;
  // Entities by their text, so that the order of the files does not show.
  std::vector<std::uint32_t> renumbered(entities_.size());
  for (const auto& [text, number] : numbers_) {
    renumbered[number] = static_cast<std::uint32_t>(table.entities_.size());
    table.entities_.push_back(entities_[number]);
  }
  std::map<std::vector<std::uint32_t>, std::uint32_t> sets;
  for (int family = 0; family < 2; ++family) {
    std::vector<Numbered> rows = rows_[family];
    for (Numbered& row : rows) row.entity = renumbered[row.entity];
    std::sort(rows.begin(), rows.end(), [](const Numbered& a, const Numbered& b) {
      return std::tuple(a.first, ~a.last, a.entity) < std::tuple(b.first, ~b.last, b.entity);
    });
    Sweep sweep(table.pieces_[family]);
    for (std::size_t i = 0; i < rows.size();) {
      std::vector<std::uint32_t> set;
      const Numbered& row = rows[i];
      for (; i < rows.size() && rows[i].first == row.first && rows[i].last == row.last; ++i) {
        if (set.empty() || set.back() != rows[i].entity) set.push_back(rows[i].entity);
      }
      const auto [found, added] =
          sets.try_emplace(set, static_cast<std::uint32_t>(table.sets_.size()));
      if (added) table.sets_.push_back(set);
      sweep.open(row.first, row.last, found->second);
    }
    sweep.finish();
  }
  return table;
}

std::vector<Entity> PrefixTable::find(const Prefix& prefix) const {
  std::vector<Entity> found;
  const std::uint64_t at = prefix.high_bits();
  const std::span<const Piece> all = pieces(prefix.family());
  const auto piece = std::lower_bound(all.begin(), all.end(), at,
                                      [](const Piece& p, std::uint64_t a) { return p.last < a; });
  if (piece == all.end() || piece->first > at) return found;
  for (const std::uint32_t entity : entities_of(piece->set)) found.push_back(entities_[entity]);
  return found;
}

}  // namespace lightsout
