// SPDX-License-Identifier: Apache-2.0
#include "live/ris_live.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bgp/update.h"

namespace lightsout::live {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// RIS Live does not say whether the session knew four-byte ASNs (RFC 6793). A path of the one width
// is hardly ever a path of the other.
bgp::AsnWidth width_of(Bytes message) {
  const std::optional<bgp::Message> found = bgp::read_message(message);
  if (!found || found->type != static_cast<std::uint8_t>(bgp::MessageType::update)) {
    return bgp::AsnWidth::four;
  }
  bgp::UpdateView update;
  if (bgp::decode_update(found->body, bgp::AsnWidth::four, update) == bgp::Verdict::good) {
    return bgp::AsnWidth::four;
  }
  return bgp::decode_update(found->body, bgp::AsnWidth::two, update) == bgp::Verdict::good
             ? bgp::AsnWidth::two
             : bgp::AsnWidth::four;
}

std::uint64_t fnv(std::string_view text) {
  std::uint64_t name = 0xcbf29ce484222325;
  for (const char c : text) name = (name ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return name;
}

}  // namespace

std::vector<std::string> RisTotals::notes() const {
  std::vector<std::string> notes;
  notes.push_back(
      fmt::format("{} frames of RIS Live: {} messages from 'raw', {} from their JSON fields",
                  frames, from_raw, from_json));
  if (repeated > 0) notes.push_back(fmt::format("{} frames that came twice", repeated));
  if (without_message > 0) {
    notes.push_back(fmt::format("{} OPEN messages without 'raw' left out", without_message));
  }
  for (const auto& [type, count] : other_types) {
    notes.push_back(fmt::format("{} frames of type '{}' passed over", count, type));
  }
  return notes;
}

RisLive::RisLive(RisSinks sinks)
    : sinks_(std::move(sinks)), encoder_([this](Bytes record) {
        if (sinks_.record) sinks_.record(record);
      }) {}

void RisLive::add_damage(std::uint64_t bytes, std::string reason) {
  if (!sinks_.damage) return;
  sinks_.damage(
      {.file = sinks_.name, .offset = offset_, .bytes = bytes, .reason = std::move(reason)});
}

void RisLive::push(Bytes bytes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    if (skipping_ > 0 || rest_.size() + part.size() > kLongestLine) {
      skipping_ += rest_.size() + part.size();
      rest_.clear();
    } else if (end == text.npos || !rest_.empty()) {
      rest_ += part;
    }
    if (end == text.npos) return;
    if (skipping_ > 0) {
      add_damage(skipping_, fmt::format("a line of more than {} bytes", kLongestLine));
      offset_ += std::exchange(skipping_, 0) + 1;
    } else {
      const std::uint64_t size = rest_.empty() ? part.size() : rest_.size();
      line(rest_.empty() ? part : rest_);
      rest_.clear();
      offset_ += size + 1;
    }
    text.remove_prefix(end + 1);
  }
}

void RisLive::finish() {
  if (skipping_ > 0)
    add_damage(skipping_, fmt::format("a line of more than {} bytes", kLongestLine));
  if (!rest_.empty()) line(rest_);
  rest_.clear();
  skipping_ = 0;
}

void RisLive::line(std::string_view text) {
  const std::uint64_t size = text.size();
  text = trimmed(text);
  if (text.starts_with("data:")) text = trimmed(text.substr(5));
  // Server-sent events have other lines between them, and a colon alone keeps the line alive.
  if (text.empty() || text.starts_with(':') || text.starts_with("event:") ||
      text.starts_with("id:") || text.starts_with("retry:")) {
    return;
  }
  text_.assign(text);
  const Result<RisFrame> read = parser_.parse(text_);
  if (!read) return add_damage(size, read.error().message);
  ++totals_.frames;
  frame(*read);
}

bool RisLive::seen(const std::string& id) {
  if (id.empty()) return false;
  const std::uint64_t name = fnv(id);
  if (!ids_.insert(name).second) return true;
  ids_in_order_.push_back(name);
  if (ids_in_order_.size() > kIdsKept) {
    ids_.erase(ids_in_order_.front());
    ids_in_order_.pop_front();
  }
  return false;
}

void RisLive::message(const RisFrame& frame, Bytes bytes, bool raw) {
  const mrt::Session session{.peer_asn = frame.peer_asn,
                             .local_asn = {},
                             .peer = frame.peer,
                             .local = {.family = frame.peer.family}};
  ++(raw ? totals_.from_raw : totals_.from_json);
  encoder_.message(frame.at, session, {.width = raw ? width_of(bytes) : bgp::AsnWidth::four},
                   bytes);
}

void RisLive::frame(const RisFrame& frame) {
  using Kind = RisFrame::Kind;
  if (frame.kind == Kind::error) {
    return add_damage(0, fmt::format("RIS Live says: {}", frame.text.substr(0, 200)));
  }
  if (frame.kind == Kind::other) {
    const bool known = totals_.other_types.contains(frame.text);
    const bool room = totals_.other_types.size() < kMostTypes;
    ++totals_.other_types[known || room ? frame.text : "others"];
    return;
  }
  if (seen(frame.id)) {
    ++totals_.repeated;
    return;
  }
  if (sinks_.collector) sinks_.collector(frame.host);
  if (frame.kind == Kind::state) {
    const mrt::Session session{.peer_asn = frame.peer_asn,
                               .local_asn = {},
                               .peer = frame.peer,
                               .local = {.family = frame.peer.family}};
    using mrt::SessionState;
    encoder_.state_change(
        frame.at, session,
        frame.established ? SessionState::open_confirm : SessionState::established,
        frame.established ? SessionState::established : SessionState::idle);
    return;
  }
  if (!frame.raw.empty()) {
    if (!bgp::read_message(frame.raw)) return add_damage(0, "'raw' is not a BGP message");
    return message(frame, frame.raw, true);
  }
  const std::vector<bgp::ByteVector> messages = encode(frame);
  if (messages.empty()) ++totals_.without_message;
  for (const bgp::ByteVector& each : messages) message(frame, each, false);
}

bool looks_like_ris_live(std::string_view head) {
  const std::string_view text = trimmed(head);
  const bool object = text.starts_with('{') || text.starts_with("data:") ||
                      text.starts_with("event:") || text.starts_with("retry:");
  if (!object) return false;
  return head.find("\"ris_message\"") != head.npos ||
         head.find("\"ris_subscribe_ok\"") != head.npos || head.find("\"ris_error\"") != head.npos;
}

}  // namespace lightsout::live
