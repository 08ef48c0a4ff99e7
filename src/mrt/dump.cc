// SPDX-License-Identifier: Apache-2.0
#include "mrt/dump.h"

#include <fmt/format.h>

#include "mrt/dump_text.h"
#include "mrt/record_reader.h"

namespace lightsout::mrt {
namespace {

constexpr std::size_t kPieceBytes = 64u << 10;
constexpr const char* kOrigins[] = {"IGP", "EGP", "INCOMPLETE"};
constexpr const char* kJsonOrigins[] = {"igp", "egp", "incomplete"};

// Who says it and when: the part of a line before the prefix.
struct Speaker {
  const char* format;  // "BGP4MP", "TABLE_DUMP2"
  const Record* record;
  const IpAddress* peer;
  Asn asn;
};

// The next hop of IPv6 routes stands in MP_REACH_NLRI: 16 bytes, or 32 with a link-local one.
IpAddress next_hop_of(const bgp::Attributes& attributes, Family family) {
  if (attributes.reach && attributes.reach->next_hop.size() >= 16 && family == Family::v6) {
    IpAddress hop{.family = Family::v6};
    std::copy_n(attributes.reach->next_hop.begin(), 16, hop.bytes.begin());
    return hop;
  }
  if (attributes.next_hop) return *attributes.next_hop;
  if (attributes.reach && attributes.reach->next_hop.size() == 4) {
    return IpAddress::v4(ByteReader(attributes.reach->next_hop).u32());
  }
  return IpAddress::v4(0xffffffff);  // what bgpdump prints for "none"
}

class Lines {
 public:
  Lines(DumpFormat format, const TextSink& sink)
      : json_(format == DumpFormat::jsonl), sink_(sink) {}

  std::uint64_t count() const { return count_; }

  void state(const Speaker& speaker, unsigned from, unsigned to) {
    begin(speaker, "STATE", "state");
    out_ += head_;
    if (json_) {
      fmt::format_to(std::back_inserter(out_), "\"from\":{},\"to\":{}}}", from, to);
    } else {
      fmt::format_to(std::back_inserter(out_), "{}|{}", from, to);
    }
    end_line();
  }

  void begin_withdrawals(const Speaker& speaker) {
    begin(speaker, "W", "withdraw");
    tail_.assign(json_ ? "}" : "");
  }

  // `kind` is A for updates and B for tables.
  void begin_routes(const Speaker& speaker, const char* kind, const bgp::Attributes& attributes,
                    Family family) {
    begin(speaker, kind, *kind == 'A' ? "announce" : "rib");
    tail_.clear();
    if (json_) {
      json_tail(attributes, family);
    } else {
      bgpdump_tail(attributes, family);
    }
  }

  void path_id(std::uint32_t id) {
    tail_.insert(0, json_ ? fmt::format(",\"path_id\":{}", id) : fmt::format("|{}", id));
  }

  void line(const Prefix& prefix) {
    out_ += head_;
    if (json_) out_ += "\"prefix\":\"";
    address(out_, prefix.address());
    out_ += '/';
    append_number(out_, prefix.length());
    if (json_) out_ += '"';
    out_ += tail_;
    end_line();
  }

  void flush() {
    if (!out_.empty()) sink_(out_);
    out_.clear();
  }

 private:
  void begin(const Speaker& speaker, const char* kind, const char* json_kind) {
    const Record& record = *speaker.record;
    const auto seconds = static_cast<std::uint64_t>(record.time.time_since_epoch().count());
    head_.clear();
    if (json_) {
      fmt::format_to(std::back_inserter(head_), "{{\"kind\":\"{}\",\"time\":{}", json_kind,
                     seconds);
      if (record.type == kBgp4mpEt) {
        fmt::format_to(std::back_inserter(head_), ".{:06}", record.microseconds);
      }
      head_ += ",\"peer\":\"";
      address(head_, *speaker.peer);
      fmt::format_to(std::back_inserter(head_), "\",\"peer_asn\":{},", speaker.asn.number);
      return;
    }
    head_ += speaker.format;
    head_ += '|';
    append_number(head_, seconds);
    if (record.type == kBgp4mpEt) {
      fmt::format_to(std::back_inserter(head_), ".{:06}", record.microseconds);
    }
    head_ += '|';
    head_ += kind;
    head_ += '|';
    address(head_, *speaker.peer);
    head_ += '|';
    append_number(head_, speaker.asn.number);
    head_ += '|';
  }

  void bgpdump_tail(const bgp::Attributes& attributes, Family family) {
    tail_ += '|';
    append_path(tail_, attributes.path);
    tail_ += '|';
    tail_ += kOrigins[static_cast<unsigned>(attributes.origin)];
    tail_ += '|';
    address(tail_, next_hop_of(attributes, family));
    tail_ += '|';
    append_number(tail_, attributes.local_pref.value_or(0));
    tail_ += '|';
    append_number(tail_, attributes.med.value_or(0));
    tail_ += '|';
    append_communities(tail_, attributes.communities);
    tail_ += attributes.atomic_aggregate ? "|AG|" : "|NAG|";
    if (attributes.aggregator) {
      append_number(tail_, attributes.aggregator->asn.number);
      tail_ += ' ';
      append_address(tail_, attributes.aggregator->address);
    }
    tail_ += '|';
  }

  void json_tail(const bgp::Attributes& attributes, Family family) {
    tail_ += ",\"path\":";
    append_json_path(tail_, attributes.path);
    fmt::format_to(std::back_inserter(tail_), ",\"origin\":\"{}\",\"next_hop\":\"",
                   kJsonOrigins[static_cast<unsigned>(attributes.origin)]);
    address(tail_, next_hop_of(attributes, family));
    tail_ += '"';
    const auto number = [&](const char* name, const std::optional<std::uint32_t>& value) {
      if (value) fmt::format_to(std::back_inserter(tail_), ",\"{}\":{}", name, *value);
    };
    number("local_pref", attributes.local_pref);
    number("med", attributes.med);
    if (!attributes.communities.empty()) {
      tail_ += ",\"communities\":";
      append_json_numbers(tail_, attributes.communities, 2, 2);
    }
    if (!attributes.large_communities.empty()) {
      tail_ += ",\"large_communities\":";
      append_json_numbers(tail_, attributes.large_communities, 4, 3);
    }
    if (attributes.atomic_aggregate) tail_ += ",\"atomic_aggregate\":true";
    if (attributes.aggregator) {
      fmt::format_to(std::back_inserter(tail_), ",\"aggregator\":[{},\"{}\"]",
                     attributes.aggregator->asn.number, attributes.aggregator->address.text());
    }
    tail_ += '}';
  }

  // JSON has the addresses of RFC 5952, the other format those of bgpdump.
  void address(std::string& out, const IpAddress& address) const {
    if (json_) {
      out += address.text();
    } else {
      append_address(out, address);
    }
  }

  void end_line() {
    out_ += '\n';
    ++count_;
    if (out_.size() >= kPieceBytes) flush();
  }

  bool json_;
  const TextSink& sink_;
  std::string head_, tail_, out_;
  std::uint64_t count_ = 0;
};

class Dumper {
 public:
  Dumper(DumpFormat format, const TextSink& sink, Damage& damage, const std::string& file)
      : lines_(format, sink), damage_(damage), file_(file) {}

  Result<DumpTotals> run(ByteSource& source) {
    RecordReader reader(source);
    DumpTotals totals;
    std::uint64_t passed_over = 0;
    while (true) {
      const RecordReader::Step step = reader.next();
      if (step == RecordReader::Step::end) break;
      if (step == RecordReader::Step::damaged) {
        DamagedPart part = reader.damaged();
        part.file = file_;
        passed_over += part.bytes;
        damage_.add(std::move(part));
        continue;
      }
      const Record& record = reader.record();
      ++totals.records;
      count(totals.by_type, last_, record);
      const Decoded decoded = use(record);
      if (decoded == Decoded::unsupported) count(totals.unsupported, last_unsupported_, record);
      if (decoded == Decoded::damaged) add_damage(record, "the record cannot be read");
    }
    lines_.flush();
    totals.lines = lines_.count();
    if (totals.records == 0) {
      return Error{
          ErrorKind::malformed,
          fmt::format("{}: no MRT record in it, {} bytes passed over", file_, passed_over)};
    }
    return totals;
  }

 private:
  // The counter of the last type is kept: a map is looked up for each change of type, not for each
  // record.
  struct Last {
    std::uint64_t* counter = nullptr;
    std::uint32_t type = 0;
  };

  static void count(std::map<std::string, std::uint64_t>& map, Last& last, const Record& record) {
    const std::uint32_t type = std::uint32_t{record.type} << 16 | record.subtype;
    if (last.counter == nullptr || last.type != type) {
      last.counter = &map[name_of(record.type, record.subtype)];
      last.type = type;
    }
    ++*last.counter;
  }

  void add_damage(const Record& record, std::string reason) {
    damage_.add({.file = file_,
                 .offset = record.offset,
                 .bytes = record.body.size() + 12,
                 .reason = fmt::format("{}: {}", name_of(record.type, record.subtype), reason)});
  }

  Decoded use(const Record& record) {
    switch (record.type) {
      case kTableDump2:
        return record.subtype == kPeerIndexTable ? peer_table(record) : rib(record);
      case kTableDump:
        return old_rib(record);
      case kBgp4mp:
      case kBgp4mpEt:
        return bgp4mp(record);
      default:
        return Decoded::unsupported;
    }
  }

  Decoded peer_table(const Record& record) {
    Result<PeerIndexTable> table = decode_peer_index_table(record.body);
    if (!table) return Decoded::damaged;
    peers_ = std::move(table->peers);
    return Decoded::yes;
  }

  Decoded rib(const Record& record) {
    RibRecord rib;
    const Decoded decoded = decode_rib(record, rib);
    if (decoded != Decoded::yes) return decoded;
    RibEntryReader entries(rib);
    for (RibEntry entry; entries.next(entry);) {
      if (entry.peer_index >= peers_.size()) {
        add_damage(record, fmt::format("peer {} is not in the peer table", entry.peer_index));
        continue;
      }
      bgp::decode_attributes(entry.attributes, bgp::AsnWidth::four, bgp::AttributeForm::table,
                             attributes_);
      const Peer& peer = peers_[entry.peer_index];
      const Speaker speaker{rib.add_path ? "TABLE_DUMP2_AP" : "TABLE_DUMP2", &record, &peer.address,
                            peer.asn};
      lines_.begin_routes(speaker, "B", attributes_, rib.prefix.family());
      if (rib.add_path) lines_.path_id(entry.path_id);
      lines_.line(rib.prefix);
    }
    return entries.ok() ? Decoded::yes : Decoded::damaged;
  }

  Decoded old_rib(const Record& record) {
    OldRibRecord rib;
    const Decoded decoded = decode_old_rib(record, rib);
    if (decoded != Decoded::yes) return decoded;
    bgp::decode_attributes(rib.attributes, bgp::AsnWidth::two, bgp::AttributeForm::table,
                           attributes_);
    const Speaker speaker{"TABLE_DUMP", &record, &rib.peer.address, rib.peer.asn};
    lines_.begin_routes(speaker, "B", attributes_, rib.prefix.family());
    lines_.line(rib.prefix);
    return Decoded::yes;
  }

  Decoded bgp4mp(const Record& record) {
    Bgp4mp entry;
    const Decoded decoded = decode_bgp4mp(record, entry);
    if (decoded != Decoded::yes) return decoded;
    const Speaker speaker{record.type == kBgp4mp ? "BGP4MP" : "BGP4MP_ET", &record,
                          &entry.session.peer, entry.session.peer_asn};
    if (entry.kind == Bgp4mp::Kind::state_change) {
      lines_.state(speaker, entry.old_state, entry.new_state);
      return Decoded::yes;
    }
    if (entry.message.type != static_cast<std::uint8_t>(bgp::MessageType::update)) {
      return Decoded::yes;  // OPEN, NOTIFICATION, KEEPALIVE have no routes, as in bgpdump
    }
    const bgp::Verdict verdict = bgp::decode_update(entry.message.body, entry.width, update_);
    if (verdict >= bgp::Verdict::treat_as_withdraw) add_damage(record, update_.attributes.problem);
    changes(speaker);
    return Decoded::yes;
  }

  void changes(const Speaker& speaker) {
    const bgp::Attributes& attributes = update_.attributes;
    lines_.begin_withdrawals(speaker);
    const auto line = [&](const Prefix& prefix) { lines_.line(prefix); };
    bgp::for_each_prefix(update_.withdrawn, Family::v4, line);
    if (attributes.unreach) {
      bgp::for_each_prefix(attributes.unreach->nlri, attributes.unreach->family, line);
    }
    const auto announced = [&](Bytes nlri, Family family) {
      if (nlri.empty()) return;
      if (attributes.verdict != bgp::Verdict::treat_as_withdraw) {
        lines_.begin_routes(speaker, "A", attributes, family);
      }
      bgp::for_each_prefix(nlri, family, line);
    };
    announced(update_.nlri, Family::v4);
    if (attributes.reach) announced(attributes.reach->nlri, attributes.reach->family);
  }

  Lines lines_;
  Damage& damage_;
  const std::string& file_;
  std::vector<Peer> peers_;
  bgp::Attributes attributes_;
  bgp::UpdateView update_;
  Last last_, last_unsupported_;
};

}  // namespace

Result<DumpFormat> parse_dump_format(std::string_view text) {
  if (text == "bgpdump-m") return DumpFormat::bgpdump;
  if (text == "jsonl") return DumpFormat::jsonl;
  return Error{ErrorKind::usage, fmt::format("format '{}' is not bgpdump-m or jsonl", text)};
}

Result<DumpTotals> dump(ByteSource& source, DumpFormat format, const TextSink& sink, Damage& damage,
                        const std::string& file) {
  return Dumper(format, sink, damage, file).run(source);
}

}  // namespace lightsout::mrt
