// EventStream: the hub's events as one reader of /stream gets them (WHATWG HTML, "server-sent
// events").
//
// Nothing is kept for a reader: what he has not taken stays in the hub, which keeps the last few
// thousand for everybody. One who reads too slowly is cut off by the server's write timeout and
// comes back with Last-Event-ID; what the hub has forgotten by then is told as an event "lost".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/web_server.h"
#include "serve/hub.h"

namespace lightsout {

inline constexpr std::size_t kMaxStreamPiece = 64 << 10;  // bytes handed over at once

class EventStream final : public WebStream {
 public:
  // `after`: the id of the last event seen. `entity`: only events about it; empty: all.
  EventStream(Hub& hub, std::optional<std::uint64_t> after, std::string entity);

  std::optional<std::string> take() override;
  std::string_view heartbeat() const override { return ":\n\n"; }  // a comment
  void wake_with(std::function<void()> wake) override;

 private:
  Hub& hub_;
  std::uint64_t last_ = 0;
  std::string entity_;
  bool greeted_ = false;
  bool over_ = false;
  bool lost_ = false;
  std::unique_ptr<Hub::Subscription> subscription_;
};

}  // namespace lightsout
