// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_json.h"

#include <fmt/format.h>

#include <iterator>

namespace lightsout::live {
namespace {

template <typename... Values>
void add(std::string& out, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Values>(values)...);
}

// A router's own text may hold any byte; what is not ASCII is written as Latin-1.
void add_text(std::string& out, std::string_view name, std::string_view text) {
  add(out, ",\"{}\":\"", name);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      add(out, "\\u{:04x}", static_cast<unsigned>(byte));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string hex(Bytes bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) add(text, "{:02x}", static_cast<unsigned>(byte));
  return text;
}

std::string_view name_of(RibView view) {
  switch (view) {
    case RibView::adj_in:
      return "adj_in";
    case RibView::adj_in_post:
      return "adj_in_post";
    case RibView::adj_out:
      return "adj_out";
    case RibView::adj_out_post:
      return "adj_out_post";
    case RibView::loc:
      return "loc";
  }
  return "";
}

void add_time(std::string& out, const char* name, const Stamp& at) {
  add(out, ",\"{}\":{}.{:06}", name, at.time.time_since_epoch().count(), at.microseconds);
}

// A set is a list inside the list, as in `mrt dump`.
void add_as_path(std::string& out, const bgp::AsPath& path) {
  out += ",\"path\":[";
  const char* separator = "";
  path.for_each_segment([&](const bgp::Segment& segment) {
    const bool set =
        segment.type == bgp::SegmentType::set || segment.type == bgp::SegmentType::confed_set;
    if (set) {
      out += separator;
      out += '[';
      separator = "";
    }
    for (std::size_t i = 0; i < segment.size(); ++i) {
      add(out, "{}{}", separator, segment.at(i).number);
      separator = ",";
    }
    if (set) out += ']';
    separator = ",";
  });
  out += ']';
}

// Numbers of `width` bytes, `parts` of them joined by colons.
void add_communities(std::string& out, const char* name, Bytes bytes, int width, int parts) {
  if (bytes.empty()) return;
  add(out, ",\"{}\":[", name);
  ByteReader reader(bytes);
  const char* separator = "\"";
  while (!reader.empty()) {
    out += separator;
    for (int i = 0; i < parts; ++i) {
      add(out, "{}{}", i == 0 ? "" : ":", width == 2 ? reader.u16() : reader.u32());
    }
    out += '"';
    separator = ",\"";
  }
  out += ']';
}

void add_attributes(std::string& out, const UpdateRoutes& routes) {
  constexpr const char* kOrigins[] = {"igp", "egp", "incomplete"};
  const bgp::Attributes& attributes = routes.attributes;
  add_as_path(out, attributes.path);
  if (attributes.has_origin) {
    add(out, ",\"origin\":\"{}\"", kOrigins[static_cast<unsigned>(attributes.origin)]);
  }
  if (attributes.local_pref) add(out, ",\"local_pref\":{}", *attributes.local_pref);
  if (attributes.med) add(out, ",\"med\":{}", *attributes.med);
  add_communities(out, "communities", attributes.communities, 2, 2);
  add_communities(out, "large_communities", attributes.large_communities, 4, 3);
  if (!routes.extended_communities.empty()) {
    out += ",\"extended_communities\":[";
    for (std::size_t at = 0; at + 8 <= routes.extended_communities.size(); at += 8) {
      add(out, "{}\"{}\"", at == 0 ? "" : ",",
          extended_community_text(routes.extended_communities.subspan(at, 8)));
    }
    out += ']';
  }
  if (attributes.atomic_aggregate) out += ",\"atomic_aggregate\":true";
  if (attributes.aggregator) {
    add(out, ",\"aggregator\":[{},\"{}\"]", attributes.aggregator->asn.number,
        attributes.aggregator->address.text());
  }
  if (routes.aigp) add(out, ",\"aigp\":{}", *routes.aigp);
  if (routes.only_to_customer) add(out, ",\"only_to_customer\":{}", *routes.only_to_customer);
}

void add_route(std::string& out, const LabelledRoute& route) {
  add(out, ",\"prefix\":\"{}\"", route.prefix.text());
  if (route.path_id) add(out, ",\"path_id\":{}", *route.path_id);
  if (route.distinguisher) {
    add(out, ",\"distinguisher\":\"{}\"", distinguisher_text(*route.distinguisher));
  }
  if (route.labels.empty()) return;
  out += ",\"labels\":[";
  for (std::size_t i = 0; i < route.labels.size(); ++i) {
    add(out, "{}{}", i == 0 ? "" : ",", route.labels[i]);
  }
  out += ']';
}

}  // namespace

void BmpJson::line(std::string& out, std::string_view event, std::string_view fields) const {
  add(out, "{{\"event\":\"{}\"{}{}}}\n", event, head_, fields);
}

void BmpJson::begin(const std::string& router, const BmpMessage& message, const Stamp& arrival) {
  head_.clear();
  add_text(head_, "router", router);
  if (arrival.known()) add_time(head_, "arrived", arrival);
  if (!message.known() || message.type == BmpType::initiation ||
      message.type == BmpType::termination) {
    return;
  }
  const BmpPeer& peer = message.peer;
  if (peer.at.known()) add_time(head_, "time", peer.at);
  add(head_, ",\"peer\":\"{}\",\"peer_asn\":{},\"bgp_id\":\"{}\",\"peer_type\":{},\"rib\":\"{}\"",
      peer.address.text(), peer.asn.number, IpAddress::v4(peer.bgp_id).text(),
      static_cast<unsigned>(peer.type), name_of(peer.view()));
  if (peer.filtered()) head_ += ",\"filtered\":true";
  if (peer.has_distinguisher()) {
    add(head_, ",\"peer_distinguisher\":\"{}\"", distinguisher_text(peer.distinguisher));
  }
}

void BmpJson::routes(const std::string& router, const BmpMessage& message, std::string& out) {
  static const std::vector<AddressFamily> kNone;
  const auto known =
      add_path_.find({router, message.peer.type, message.peer.distinguisher, message.peer.address});
  const std::vector<AddressFamily>& add_path = known == add_path_.end() ? kNone : known->second;
  if (!decode_routes(message.bgp, message.peer.width(), add_path, routes_)) {
    std::string fields;
    add_text(fields, "bgp", hex(message.bgp));
    return line(out, "unreadable", fields);
  }
  if (routes_.end_of_rib) {
    return line(out, "end_of_rib",
                fmt::format(",\"afi\":{},\"safi\":{}", routes_.end_of_rib->afi,
                            static_cast<unsigned>(routes_.end_of_rib->safi)));
  }
  std::string attributes;
  add_attributes(attributes, routes_);
  for (const RouteSet& set : routes_.sets) {
    const std::string family = fmt::format(",\"afi\":{},\"safi\":{}", set.family.afi,
                                           static_cast<unsigned>(set.family.safi));
    std::string tail;
    if (!set.withdrawn) {
      if (const auto hop = next_hop_of(routes_, set))
        add(tail, ",\"next_hop\":\"{}\"", hop->text());
      tail += attributes;
    }
    const bool whole = for_each_route(set, [&](const LabelledRoute& route) {
      std::string fields = family;
      add_route(fields, route);
      line(out, set.withdrawn ? "withdraw" : "announce", fields + tail);
    });
    if (!whole) line(out, "unreadable", fmt::format("{},\"nlri\":\"{}\"", family, hex(set.nlri)));
  }
}

void BmpJson::peer_up(const std::string& router, const BmpMessage& message, std::string& out) {
  std::string fields = fmt::format(",\"local\":\"{}\",\"local_port\":{},\"remote_port\":{}",
                                   message.local.text(), message.local_port, message.remote_port);
  const std::optional<OpenMessage> sent = decode_open(message.sent_open);
  const std::optional<OpenMessage> received = decode_open(message.received_open);
  if (sent)
    add(fields, ",\"local_asn\":{},\"local_id\":\"{}\"", sent->asn.number,
        IpAddress::v4(sent->bgp_id).text());
  if (received) add(fields, ",\"hold_time\":{}", received->hold_time);
  std::vector<AddressFamily> families;
  if (sent && received) families = add_path_between(*received, *sent);
  if (!families.empty()) {
    fields += ",\"add_path\":[";
    for (std::size_t i = 0; i < families.size(); ++i) {
      add(fields, "{}[{},{}]", i == 0 ? "" : ",", families[i].afi,
          static_cast<unsigned>(families[i].safi));
    }
    fields += ']';
  }
  for (const Tlv& tlv : message.information) {
    if (tlv.type == kPeerUpString) add_text(fields, "string", tlv.text());
    if (tlv.type == kVrfTableName) add_text(fields, "table", tlv.text());
    if (tlv.type == kAdminLabel) add_text(fields, "admin_label", tlv.text());
  }
  line(out, "peer_up", fields);
  const Key key{router, message.peer.type, message.peer.distinguisher, message.peer.address};
  if (families.empty()) {
    add_path_.erase(key);
  } else if (add_path_.size() < kMaxPeers || add_path_.contains(key)) {
    add_path_[key] = std::move(families);
  }
}

void BmpJson::peer_down(const BmpMessage& message, std::string& out) const {
  constexpr std::size_t kCodeAt = 19;  // behind the BGP header: code and subcode
  std::string fields = fmt::format(",\"reason\":{}", static_cast<unsigned>(message.reason));
  add_text(fields, "reason_text", peer_down_reason(message.reason));
  if (message.bgp.size() >= kCodeAt + 2) {
    add(fields, ",\"notification\":[{},{}]", static_cast<unsigned>(message.bgp[kCodeAt]),
        static_cast<unsigned>(message.bgp[kCodeAt + 1]));
  }
  if (message.fsm_event) add(fields, ",\"fsm_event\":{}", *message.fsm_event);
  for (const Tlv& tlv : message.information) {
    if (tlv.type == kVrfTableName) add_text(fields, "table", tlv.text());
  }
  line(out, "peer_down", fields);
}

void BmpJson::statistics(const BmpMessage& message, std::string& out) const {
  for (const Counter& counter : message.counters) {
    std::string fields = fmt::format(",\"counter\":{}", counter.type);
    if (counter.readable) add(fields, ",\"value\":{}", counter.value);
    if (counter.afi) {
      add(fields, ",\"afi\":{},\"safi\":{}", *counter.afi, static_cast<unsigned>(counter.safi));
    }
    line(out, "statistic", fields);
  }
}

void BmpJson::mirrored(const BmpMessage& message, std::string& out) const {
  for (const Tlv& tlv : message.information) {
    if (tlv.type == kMirroredMessage) {
      line(out, "mirrored", fmt::format(",\"bgp\":\"{}\"", hex(tlv.bytes)));
    } else if (tlv.type == kMirroringInformation) {
      // RFC 7854 section 4.7: 0 a message with an error, 1 messages were lost.
      line(out, "mirroring", fmt::format(",\"information\":{}", ByteReader(tlv.bytes).u16()));
    }
  }
}

void BmpJson::write(const std::string& router, const BmpMessage& message, const Stamp& arrival,
                    std::string& out) {
  begin(router, message, arrival);
  if (!message.known()) {
    return line(out, "unknown",
                fmt::format(",\"type\":{}", static_cast<unsigned>(message.raw_type)));
  }
  std::string fields;
  switch (message.type) {
    case BmpType::route_monitoring:
      return routes(router, message, out);
    case BmpType::statistics:
      return statistics(message, out);
    case BmpType::peer_down:
      return peer_down(message, out);
    case BmpType::peer_up:
      return peer_up(router, message, out);
    case BmpType::route_mirroring:
      return mirrored(message, out);
    case BmpType::initiation:
      for (const Tlv& tlv : message.information) {
        if (tlv.type == kInitString) add_text(fields, "string", tlv.text());
        if (tlv.type == kSysDescr) add_text(fields, "system", tlv.text());
        if (tlv.type == kSysName) add_text(fields, "name", tlv.text());
      }
      return line(out, "initiation", fields);
    case BmpType::termination:
      for (const Tlv& tlv : message.information) {
        if (tlv.type == kTerminationString) add_text(fields, "string", tlv.text());
        if (tlv.type == kTerminationReason) {
          add(fields, ",\"reason\":{}", ByteReader(tlv.bytes).u16());
        }
      }
      return line(out, "termination", fields);
  }
}

}  // namespace lightsout::live
