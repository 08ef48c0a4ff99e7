// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_stream.h"

#include <algorithm>
#include <optional>

#include "bgp/update.h"

namespace lightsout::live {

BmpStream::BmpStream(BmpSinks sinks)
    : sinks_(std::move(sinks)),
      encoder_([this](Bytes record) {
        if (sinks_.record) sinks_.record(record);
      }),
      records_(encoder_, [this](std::string reason) {
        add_damage(framer_.offset(), framer_.size(), std::move(reason));
      }) {}

void BmpStream::add_damage(std::uint64_t offset, std::uint64_t bytes, std::string reason) {
  ++damaged_;
  if (!sinks_.damage) return;
  sinks_.damage(
      {.file = sinks_.name, .offset = offset, .bytes = bytes, .reason = std::move(reason)});
}

void BmpStream::drain(const Stamp& arrival) {
  while (true) {
    switch (framer_.next()) {
      case BmpFramer::Step::more:
        return;
      case BmpFramer::Step::damaged:
        add_damage(framer_.damaged().offset, framer_.damaged().bytes, framer_.damaged().reason);
        break;
      case BmpFramer::Step::message:
        if (sinks_.message) sinks_.message(sinks_.name, framer_.message(), arrival);
        records_.apply(framer_.message(), arrival);
        break;
    }
  }
}

void BmpStream::push(Bytes bytes, const Stamp& arrival) {
  framer_.push(bytes);
  drain(arrival);
}

void BmpStream::lose(std::uint64_t bytes, const Stamp& arrival) {
  drain(arrival);
  framer_.lose(bytes);
}

void BmpStream::finish() {
  framer_.finish();
  drain({});
}

void BmpStream::end(const Stamp& arrival) {
  framer_.finish();
  drain(arrival);
  records_.end(arrival);
}

Stamp earliest_of(Bytes head) {
  BmpFramer framer;
  framer.push(head);
  Stamp newest;
  bool peer_up = false;
  for (BmpFramer::Step step = framer.next(); step != BmpFramer::Step::more; step = framer.next()) {
    if (step == BmpFramer::Step::damaged) continue;
    const BmpMessage& message = framer.message();
    peer_up = peer_up || (message.known() && message.type == BmpType::peer_up);
    const Stamp first = newest;
    newest = std::max(newest, message.peer.at);
    // Joined in the middle: no table comes first.
    if (!peer_up && first.known()) return first;
    if (!message.known() || message.type != BmpType::route_monitoring) continue;
    const std::optional<bgp::Message> update = bgp::read_message(message.bgp);
    bgp::UpdateView view;
    if (update && update->type == static_cast<std::uint8_t>(bgp::MessageType::update) &&
        bgp::decode_update(update->body, message.peer.width(), view) == bgp::Verdict::good &&
        view.end_of_rib()) {
      return newest;
    }
  }
  return newest;
}

}  // namespace lightsout::live
