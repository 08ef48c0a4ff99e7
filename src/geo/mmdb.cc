// SPDX-License-Identifier: Apache-2.0
#include "geo/mmdb.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace lightsout {
namespace {

constexpr std::string_view kMarker = "\xab\xcd\xefMaxMind.com";
constexpr std::size_t kMetadataBytes = 128u << 10;  // at most, from the end
constexpr int kMaxDepth = 16;
constexpr int kMaxSteps = 4096;
constexpr std::size_t kGap = 16;  // zero bytes between tree and data

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What we ask a value for.
struct Facts {
  std::string country, registered, subdivision, type;
  std::optional<std::uint64_t> asn, node_count, record_size, ip_version, built;
};

enum class Kind : std::uint8_t {
  extended,
  pointer,
  text,
  number64f,
  bytes,
  u16,
  u32,
  map,
  i32,
  u64,
  u128,
  array,
  container,
  end,
  boolean,
  number32f
};

// Walks one value of a data section and notes what is asked for on the way.
class ValueReader {
 public:
  ValueReader(Bytes data, Facts& facts) : data_(data), facts_(facts) {}

  // `path`: the keys that led here, joined with dots. False: it cannot be read.
  bool read(std::size_t& at, const std::string& path, int depth) {
    if (depth > kMaxDepth || ++steps_ > kMaxSteps) return false;
    Kind kind{};
    std::size_t size = 0;
    if (!control(at, kind, size)) return false;
    if (kind == Kind::pointer) {
      // A pointer to a pointer is not allowed, so the depth grows by one only.
      std::size_t target = size;
      return read(target, path, depth + 1);
    }
    if (kind == Kind::map || kind == Kind::array) return children(kind, at, size, path, depth);
    if (kind == Kind::boolean) return true;  // its size is its value
    if (size > data_.size() - at) return false;
    value(kind, data_.subspan(at, size), path);
    at += size;
    return true;
  }

 private:
  bool byte(std::size_t& at, std::size_t& value) {
    if (at >= data_.size()) return false;
    value = data_[at++];
    return true;
  }

  // The first bytes of a value: its kind and size; of a pointer, where it points.
  bool control(std::size_t& at, Kind& kind, std::size_t& size) {
    std::size_t first = 0, more = 0;
    if (!byte(at, first)) return false;
    kind = static_cast<Kind>(first >> 5);
    size = first & 31;
    if (kind == Kind::pointer) return pointer(at, first, size);
    if (kind == Kind::extended) {
      if (!byte(at, more) || more > 8) return false;
      kind = static_cast<Kind>(more + 7);
    }
    if (size < 29) return true;
    const std::size_t count = size - 28;
    constexpr std::size_t kBase[] = {0, 29, 285, 65'821};
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!byte(at, more)) return false;
      value = value << 8 | more;
    }
    size = value + kBase[count];
    return true;
  }

  bool pointer(std::size_t& at, std::size_t first, std::size_t& target) {
    const std::size_t count = (first >> 3 & 3) + 1;
    constexpr std::size_t kBase[] = {0, 0, 2048, 526'336, 0};
    std::size_t value = count == 4 ? 0 : first & 7, more = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!byte(at, more)) return false;
      value = value << 8 | more;
    }
    target = value + kBase[count];
    return target < data_.size();
  }

  bool children(Kind kind, std::size_t& at, std::size_t count, const std::string& path, int depth) {
    for (std::size_t i = 0; i < count; ++i) {
      std::string key = std::to_string(i);
      if (kind == Kind::map && !read_key(at, key)) return false;
      if (!read(at, path.empty() ? key : path + "." + key, depth + 1)) return false;
    }
    return true;
  }

  bool read_key(std::size_t& at, std::string& key) {
    Kind kind{};
    std::size_t size = 0;
    if (!control(at, kind, size)) return false;
    std::size_t from = at;
    const bool pointed = kind == Kind::pointer;
    if (pointed) {
      from = size;
      if (!control(from, kind, size)) return false;
    }
    if (kind != Kind::text || size > data_.size() - from) return false;
    key = text_of(data_.subspan(from, size));
    if (!pointed) at = from + size;
    return true;
  }

  void value(Kind kind, Bytes bytes, const std::string& path) {
    if (kind == Kind::text) {
      const std::string text(text_of(bytes));
      if (path == "country.iso_code" || path == "country" || path == "country_code") {
        facts_.country = text;
      }
      if (path == "registered_country.iso_code") facts_.registered = text;
      if (path == "subdivisions.0.iso_code") facts_.subdivision = text;
      if (path == "database_type") facts_.type = text;
      if (path == "asn" && text.starts_with("AS")) number(text.substr(2), facts_.asn);
      return;
    }
    if (kind != Kind::u16 && kind != Kind::u32 && kind != Kind::u64) return;
    if (bytes.size() > 8) return;
    std::uint64_t number = 0;
    for (const std::uint8_t b : bytes) number = number << 8 | b;
    if (path == "autonomous_system_number" || path == "asn") facts_.asn = number;
    if (path == "node_count") facts_.node_count = number;
    if (path == "record_size") facts_.record_size = number;
    if (path == "ip_version") facts_.ip_version = number;
    if (path == "build_epoch") facts_.built = number;
  }

  static void number(const std::string& digits, std::optional<std::uint64_t>& into) {
    if (digits.empty() || digits.size() > 10) return;
    if (digits.find_first_not_of("0123456789") != std::string::npos) return;
    into = std::stoull(digits);
  }

  Bytes data_;
  Facts& facts_;
  int steps_ = 0;
};

// Walks the tree and adds a row for each leaf that names something.
class Tree {
 public:
  Tree(Bytes bytes, std::uint64_t nodes, unsigned record_bits, bool six,
       PrefixTable::Builder& builder, Damage& damage, const std::string& name)
      : bytes_(bytes),
        nodes_(nodes),
        record_bits_(record_bits),
        six_(six),
        builder_(builder),
        damage_(damage),
        name_(name),
        visited_(nodes) {
    data_ = bytes.subspan(nodes * record_bits / 4 + kGap);
  }

  void walk() {
    IpAddress address{.family = six_ ? Family::v6 : Family::v4};
    node(0, address, 0);
  }
  std::uint64_t rows() const { return rows_; }
  bool places() const { return places_; }
  bool full() const { return full_; }

 private:
  // What the tables say of a leaf, by its place in the data.
  using Entities = std::vector<Entity>;

  std::uint64_t record(std::uint64_t node, unsigned side) const {
    const std::uint8_t* at = &bytes_[node * record_bits_ / 4];
    const auto three = [&](std::size_t i) {
      return std::uint64_t{at[i]} << 16 | std::uint64_t{at[i + 1]} << 8 | at[i + 2];
    };
    if (record_bits_ == 24) return three(side * 3);
    if (record_bits_ == 32) return std::uint64_t{at[side * 4]} << 24 | three(side * 4 + 1);
    // 28: the byte in the middle holds the upper four bits of both.
    return side == 0 ? std::uint64_t{at[3]} >> 4 << 24 | three(0)
                     : std::uint64_t{at[3] & 15u} << 24 | three(4);
  }

  // At most 128 deep, since each level is a bit of the address.
  void node(std::uint64_t number, IpAddress& address, unsigned depth) {
    if (full_) return;
    if (visited_[number]) return;  // IPv4 once more under another prefix, or a loop
    visited_[number] = true;
    const unsigned width = six_ ? 128 : 32;
    if (depth >= width) return damaged("the tree is deeper than an address is long");
    for (unsigned side = 0; side < 2; ++side) {
      const std::uint8_t bit = static_cast<std::uint8_t>(0x80 >> depth % 8);
      if (side == 1) address.bytes[depth / 8] |= bit;
      const std::uint64_t next = record(number, side);
      if (next < nodes_) {
        node(next, address, depth + 1);
      } else if (next > nodes_) {
        leaf(next - nodes_, address, depth + 1);
      }
      address.bytes[depth / 8] &= static_cast<std::uint8_t>(~bit);
    }
  }

  void leaf(std::uint64_t pointer, const IpAddress& address, unsigned length) {
    if (pointer < kGap || pointer - kGap >= data_.size()) return damaged("a leaf points nowhere");
    const auto at = static_cast<std::size_t>(pointer - kGap);
    auto known = values_.find(at);
    if (known == values_.end()) known = values_.emplace(at, entities_at(at)).first;
    const Result<Prefix> prefix = prefix_of(address, length);
    if (!prefix) return;
    for (const Entity& entity : known->second) {
      const Status added = builder_.add(*prefix, entity);
      if (!added && added.error().kind == ErrorKind::limit) {
        full_ = true;
        return damaged(added.error().message);
      }
      if (added) ++rows_;
    }
  }

  // IPv4 lies at ::/96. What is finer than a /64 or all of a family says where nothing lies.
  Result<Prefix> prefix_of(const IpAddress& address, unsigned length) const {
    const bool low = std::all_of(address.bytes.begin(), address.bytes.begin() + 12,
                                 [](std::uint8_t b) { return b == 0; });
    if (!six_ || length <= 96 || !low) return Prefix::make(address, length);
    IpAddress four;
    std::copy(address.bytes.begin() + 12, address.bytes.end(), four.bytes.begin());
    return Prefix::make(four, length - 96);
  }

  Entities entities_at(std::size_t at) {
    Facts facts;
    Entities entities;
    if (!ValueReader(data_, facts).read(at, "", 0)) {
      damaged("a value cannot be read");
      return entities;
    }
    const std::string& country = facts.country.empty() ? facts.registered : facts.country;
    const auto add = [&](const std::string& text) {
      if (const Result<Entity> entity = Entity::parse(text)) entities.push_back(*entity);
    };
    if (country.size() == 2) {
      places_ = true;
      if (facts.subdivision.empty()) add("country:" + country);
      if (!facts.subdivision.empty()) add("region:" + country + "-" + facts.subdivision);
    } else if (facts.asn && *facts.asn > 0) {
      add(fmt::format("asn:{}", *facts.asn));
    }
    return entities;
  }

  void damaged(std::string reason) { damage_.add({.file = name_, .reason = std::move(reason)}); }

  Bytes bytes_, data_;
  std::uint64_t nodes_;
  unsigned record_bits_;
  bool six_;
  PrefixTable::Builder& builder_;
  Damage& damage_;
  const std::string& name_;
  std::vector<bool> visited_;
  std::map<std::size_t, Entities> values_;
  std::uint64_t rows_ = 0;
  bool places_ = false, full_ = false;
};

std::size_t marker_in(Bytes bytes) {
  const std::size_t begin = bytes.size() > kMetadataBytes ? bytes.size() - kMetadataBytes : 0;
  const std::size_t at = text_of(bytes.subspan(begin)).rfind(kMarker);
  return at == std::string_view::npos ? at : begin + at;
}

}  // namespace

bool looks_like_mmdb(Bytes bytes) {
  return marker_in(bytes) != std::string_view::npos;
}

Result<MmdbOrigin> read_mmdb(Bytes bytes, PrefixTable::Builder& builder, Damage& damage,
                             const std::string& name) {
  const auto bad = [&](const char* why) {
    return Error{ErrorKind::malformed, fmt::format("{}: {}", name, why)};
  };
  const std::size_t marker = marker_in(bytes);
  if (marker == std::string_view::npos) return bad("not a MaxMind database");
  Facts facts;
  std::size_t at = 0;
  const Bytes metadata = bytes.subspan(marker + kMarker.size());
  if (!ValueReader(metadata, facts).read(at, "", 0)) return bad("its description cannot be read");
  const std::uint64_t nodes = facts.node_count.value_or(0), bits = facts.record_size.value_or(0);
  if (bits != 24 && bits != 28 && bits != 32) return bad("records of an unknown size");
  if (nodes == 0 || nodes > bytes.size() || nodes * bits / 4 + kGap > marker) {
    return bad("the tree is larger than the file");
  }
  Tree tree(bytes.first(marker), nodes, static_cast<unsigned>(bits), facts.ip_version == 6, builder,
            damage, name);
  tree.walk();
  if (tree.rows() == 0) return bad("no prefix in it that is in a country or of a network");
  return MmdbOrigin{.type = facts.type,
                    .built = Time(Seconds(static_cast<std::int64_t>(
                        std::min<std::uint64_t>(facts.built.value_or(0), 0xffffffff)))),
                    .rows = tree.rows(),
                    .networks = !tree.places()};
}

}  // namespace lightsout
