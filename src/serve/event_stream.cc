// SPDX-License-Identifier: Apache-2.0
#include "serve/event_stream.h"

#include <fmt/format.h>

namespace lightsout {

namespace {

constexpr int kRetryMilliseconds = 5'000;  // before a browser comes back

}  // namespace

EventStream::EventStream(Hub& hub, std::optional<std::uint64_t> after, std::string entity)
    : hub_(hub), entity_(std::move(entity)) {
  if (after) {
    lost_ = !hub_.since(after).complete;
    last_ = *after;
  } else {
    last_ = hub_.since(std::nullopt).last;
  }
}

std::optional<std::string> EventStream::take() {
  if (over_) return std::nullopt;
  std::string out;
  if (!greeted_) {
    greeted_ = true;
    out = fmt::format("retry: {}\n\n", kRetryMilliseconds);
  }
  const HubNews news = hub_.since(last_);
  if (!news.complete || lost_) {
    out +=
        "event: lost\ndata: {\"sentence\":\"Events between the last one you saw and now are not "
        "kept any more: read the pages again.\"}\n\n";
    lost_ = false;
  }
  for (const auto& event : news.events) {
    if (!out.empty() && out.size() + event->frame.size() > kMaxStreamPiece) return out;
    if (entity_.empty() || event->entity == entity_) out += event->frame;
    last_ = event->id;
  }
  last_ = news.last;
  return out;
}

void EventStream::wake_with(std::function<void()> wake) {
  if (!wake) {
    subscription_.reset();
    return;
  }
  subscription_ = hub_.subscribe(std::move(wake));
  if (!subscription_) over_ = true;
}

}  // namespace lightsout
