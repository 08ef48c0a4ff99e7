// PublishedStore: the store as everybody writes to it while a server runs. What is written is kept
// by the store beneath, then the observatory forgets what is not true any more, and the hub tells
// those who listen.
//
//   PublishedStore published(store, observatory, hub, "https://lightsout.example");
//   revise_incident(published, incident);   // pages are new, and the stream says incident.updated
//
// A write that changed nothing publishes nothing, so that the same file twice is silent.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>

#include "serve/hub.h"
#include "store/forwarding_store.h"
#include "web/observatory.h"

namespace lightsout {

class PublishedStore final : public ForwardingStore {
 public:
  // All must outlive it.
  PublishedStore(Store& inner, Observatory& observatory, Hub& hub, std::string base)
      : ForwardingStore(inner), observatory_(observatory), hub_(hub), base_(std::move(base)) {}

  Result<PutSummary> put_series(std::span<const Series> series,
                                std::optional<Time> arrived) override;
  Status put_detection(const Detection& detection, Time made_at) override;
  Status put_incident(const Incident& incident) override;

 private:
  void changed(const Entity& entity);

  Observatory& observatory_;
  Hub& hub_;
  std::string base_;
  std::mutex writing_;  // so that events stand in the order of what was written
};

}  // namespace lightsout
