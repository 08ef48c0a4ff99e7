// SPDX-License-Identifier: Apache-2.0
#include "live/bmp_station.h"

#include <fmt/format.h>

#include <vector>

namespace lightsout::live {

BmpTotals BmpStation::totals() const {
  BmpTotals totals = ended_;
  for (const auto& [number, session] : sessions_) totals.merge(session.stream->totals());
  return totals;
}

void BmpStation::open(const ListenerEvent& event) {
  Session& session = sessions_[event.session];
  session.router = event.remote;
  session.opened = session.moved = clock_.now();
  session.stream = std::make_unique<BmpStream>(
      BmpSinks{.name = event.remote,
               .record =
                   [this, router = event.remote](Bytes record) {
                     ++records_;
                     sinks_.record(router, record);
                   },
               .damage =
                   [this, number = event.session](DamagedPart part) {
                     // Of a stranger who does not speak BMP nothing is damaged.
                     const auto at = sessions_.find(number);
                     if (at != sessions_.end() && at->second.stream->messages() > 0) {
                       sinks_.damage(std::move(part));
                     }
                   },
               .message = {}});
  sinks_.say(fmt::format("{}: connected", event.remote));
}

void BmpStation::end(std::uint64_t number, const std::string& why) {
  const auto at = sessions_.find(number);
  if (at == sessions_.end()) return;
  Session& session = at->second;
  session.stream->end(now());
  ended_.merge(session.stream->totals());
  sinks_.say(fmt::format("{}: {}, after {} messages and {} records", session.router, why,
                         session.stream->messages(), session.stream->records()));
  sessions_.erase(at);
}

std::string BmpStation::complaint(const Session& session, Time now) const {
  const BmpStream& stream = *session.stream;
  if (stream.messages() == 0 && stream.is_lost()) return "closed, since it does not speak BMP";
  if (stream.damaged() > kMostDamage) {
    return fmt::format("closed, since more than {} parts of what it sent are damaged", kMostDamage);
  }
  if (stream.messages() == 0 && now > session.opened + kFirstMessage) {
    return fmt::format("closed, since it did not say a word of BMP in {}",
                       format_duration(kFirstMessage));
  }
  if (stream.waiting() > 0 && now > session.moved + kLongestMessage) {
    return fmt::format("closed, since one message took longer than {}",
                       format_duration(kLongestMessage));
  }
  return "";
}

void BmpStation::take(std::uint64_t number, Bytes bytes) {
  const auto at = sessions_.find(number);
  if (at == sessions_.end()) return;
  Session& session = at->second;
  if (session.stream->waiting() == 0) session.moved = clock_.now();
  session.stream->push(bytes, now());
  if (session.stream->messages() > session.messages) {
    session.messages = session.stream->messages();
    session.moved = clock_.now();
  }
}

void BmpStation::close_the_stuck() {
  const Time time = clock_.now();
  std::vector<std::pair<std::uint64_t, std::string>> stuck;
  for (const auto& [number, session] : sessions_) {
    std::string why = complaint(session, time);
    if (!why.empty()) stuck.emplace_back(number, std::move(why));
  }
  for (const auto& [number, why] : stuck) {
    listener_.close(number);
    end(number, why);
  }
}

bool BmpStation::step(std::chrono::milliseconds wait) {
  const ListenerEvent event = listener_.next(wait);
  switch (event.kind) {
    case ListenerEvent::Kind::opened:
      open(event);
      break;
    case ListenerEvent::Kind::bytes:
      take(event.session, event.bytes);
      break;
    case ListenerEvent::Kind::closed:
      end(event.session, event.reason);
      break;
    case ListenerEvent::Kind::refused:
      sinks_.say(fmt::format("{}: refused, {}", event.remote, event.reason));
      break;
    case ListenerEvent::Kind::idle:
      break;
    case ListenerEvent::Kind::stop:
      while (!sessions_.empty()) end(sessions_.begin()->first, "closed, since we stop");
      return false;
  }
  close_the_stuck();
  return true;
}

}  // namespace lightsout::live
