// ForwardingStore: a Store that hands everything on to another one. What wants to see some of the
// calls, or to answer some itself, overrides those.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "store/store.h"

namespace lightsout {

class ForwardingStore : public Store {
 public:
  explicit ForwardingStore(Store& inner) : inner_(inner) {}  // must outlive it

  Result<PutSummary> put_series(std::span<const Series> series,
                                std::optional<Time> arrived) override {
    return inner_.put_series(series, arrived);
  }
  Result<Series> read_series(const SignalId& id, const SeriesQuery& query) override {
    return inner_.read_series(id, query);
  }
  Result<std::vector<SignalSummary>> list_signals(const EntityFilter& who) override {
    return inner_.list_signals(who);
  }
  Status put_detection(const Detection& detection, Time made_at) override {
    return inner_.put_detection(detection, made_at);
  }
  Result<std::vector<DetectionRecord>> detections(const EntityFilter& who,
                                                  std::optional<Time> as_of) override {
    return inner_.detections(who, as_of);
  }
  Status put_incident(const Incident& incident) override { return inner_.put_incident(incident); }
  Result<std::vector<Incident>> incidents(const IncidentQuery& query) override {
    return inner_.incidents(query);
  }
  Result<std::vector<Incident>> incident_versions(const std::string& id) override {
    return inner_.incident_versions(id);
  }
  Status put_input(const Lineage& input) override { return inner_.put_input(input); }
  Result<bool> has_input(const std::string& sha256) override { return inner_.has_input(sha256); }
  Result<std::size_t> receive_inputs(std::span<const Lineage> inputs,
                                     const CustodyEntry& how) override {
    return inner_.receive_inputs(inputs, how);
  }
  Result<std::vector<Lineage>> inputs() override { return inner_.inputs(); }
  Result<CustodyEntry> append_custody(const CustodyEntry& entry) override {
    return inner_.append_custody(entry);
  }
  Result<std::vector<CustodyEntry>> custody_log() override { return inner_.custody_log(); }

 protected:
  Store& inner_;
};

}  // namespace lightsout
