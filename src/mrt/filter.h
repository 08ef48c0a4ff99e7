// Filter: which routes of MRT files a person wants to see.
//
// Each list of words is one condition: a route passes when it fits any of the plain words and none
// of those that begin with '!'. An empty list passes everything; all conditions must pass. A route
// that has no path or communities (a withdrawal), or no prefix (a state change), fits no word, so
// it passes only where nothing but '!' words were given.
//
//   FilterWords words{.peers = {"!64500"}, .prefixes = {"192.0.2.0/24"}, .more = true};
//   Result<Filter> filter = Filter::make(words);
//   if (filter->peer(address, asn) && filter->prefix(prefix)) ...
//
// The tests are meant to be asked in this order, cheap ones first: time and kind for a record, peer
// once a peer, prefix once a prefix, attributes last. A Filter remembers states of its path
// patterns, so it belongs to one thread; copies are independent.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bgp/update.h"
#include "core/result.h"
#include "core/time.h"
#include "mrt/dump_text.h"
#include "mrt/filter_path.h"
#include "net/prefix.h"

namespace lightsout::mrt {

struct FilterWords {
  std::vector<std::string> peers;        // "192.0.2.1", "2001:db8::1", "64500", "AS64500"
  std::vector<std::string> origins;      // "9198", "AS9198"
  std::vector<std::string> paths;        // see filter_path.h
  std::vector<std::string> prefixes;     // "192.0.2.0/24", "2001:db8::/32"
  bool more = false;                     // also what lies inside of these prefixes
  bool less = false;                     // also what they lie inside of
  std::vector<std::string> communities;  // "65000:1", "65000:*", "1:2:3", "no-export"
  std::vector<std::string> types;        // announce, withdraw, state, rib
  std::optional<Time> from;
  std::optional<Time> until;  // one past
};

enum class RouteKind { announce, withdraw, state, rib };

class Filter {
 public:
  static constexpr std::size_t kMaxWords = 10'000;  // in one list
  static constexpr std::size_t kMaxPatterns = 100;

  static Result<Filter> make(const FilterWords& words);
  Filter() = default;  // passes everything

  bool time(Time time) const { return (!from_ || time >= *from_) && (!until_ || time < *until_); }
  bool kind(RouteKind kind) const { return (kinds_ >> static_cast<unsigned>(kind) & 1) != 0; }
  bool peer(const IpAddress& address, Asn asn) const;
  bool prefix(const Prefix& prefix) const;
  bool attributes(const bgp::Attributes& attributes);

  bool asks_peer() const { return !peers_.empty(); }
  bool asks_prefix() const { return !prefixes_.empty(); }
  bool asks_attributes() const {
    return !origins_.empty() || !paths_.empty() || !communities_.empty();
  }
  // For routes that have no such thing.
  bool without_prefix() const { return prefixes_.any.empty(); }
  bool without_attributes() const {
    return origins_.any.empty() && paths_.any.empty() && communities_.any.empty();
  }
  std::optional<Time> until() const { return until_; }

 private:
  template <typename Word>
  struct List {
    std::vector<Word> any;
    std::vector<Word> none;

    bool empty() const { return any.empty() && none.empty(); }
    template <typename Fits>
    bool passes(Fits&& fits) {
      return passes_in(any, none, fits);
    }
    template <typename Fits>
    bool passes(Fits&& fits) const {
      return passes_in(any, none, fits);
    }

   private:
    template <typename Words, typename Fits>
    static bool passes_in(Words& any, Words& none, Fits& fits) {
      for (auto& word : none) {
        if (fits(word)) return false;
      }
      for (auto& word : any) {
        if (fits(word)) return true;
      }
      return any.empty();
    }
  };

  struct PeerWord {
    std::optional<IpAddress> address;
    Asn asn;
    static Result<PeerWord> parse(std::string_view text);
  };
  // Two numbers of 16 bits, or three of 32; a part that is not set is a '*'.
  struct CommunityWord {
    bool large = false;
    std::optional<std::uint32_t> parts[3];
    static Result<CommunityWord> parse(std::string_view text);
    bool fits(const bgp::Attributes& attributes) const;
  };

  template <typename Word, typename Parse>
  static Status fill(const std::vector<std::string>& words, const char* option, std::size_t limit,
                     List<Word>& list, Parse parse);
  Status fill_kinds(const std::vector<std::string>& words);

  List<PeerWord> peers_;
  List<Asn> origins_;
  List<PathPattern> paths_;
  List<Prefix> prefixes_;
  List<CommunityWord> communities_;
  bool more_ = false, less_ = false;
  unsigned kinds_ = 0xf;
  std::optional<Time> from_, until_;
  std::vector<char> path_text_;  // room for the longest path, where paths are asked for
};

}  // namespace lightsout::mrt
