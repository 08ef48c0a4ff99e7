// Any bytes sent to the server of a store are answered, and any answer is read: no crash, no memory
// beyond what was sent, nothing written of what was damaged.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>

#include "store/store_service.h"
#include "store/wire.h"

namespace {

using namespace lightsout;

// A store that takes everything and has nothing: the decoder is what is looked at.
class EmptyStore final : public Store {
 public:
  Result<PutSummary> put_series(std::span<const Series>, std::optional<Time>) override {
    return PutSummary{};
  }
  Result<Series> read_series(const SignalId& id, const SeriesQuery&) override {
    return Series{.id = id};
  }
  Result<std::vector<SignalSummary>> list_signals(const EntityFilter&) override {
    return std::vector<SignalSummary>{};
  }
  Status put_detection(const Detection&, Time) override { return {}; }
  Result<std::vector<DetectionRecord>> detections(const EntityFilter&,
                                                  std::optional<Time>) override {
    return std::vector<DetectionRecord>{};
  }
  Status put_incident(const Incident&) override { return {}; }
  Result<std::vector<Incident>> incidents(const IncidentQuery&) override {
    return std::vector<Incident>{};
  }
  Result<std::vector<Incident>> incident_versions(const std::string&) override {
    return std::vector<Incident>{};
  }
  Status put_input(const Lineage&) override { return {}; }
  Result<bool> has_input(const std::string&) override { return false; }
  Result<std::size_t> receive_inputs(std::span<const Lineage>, const CustodyEntry&) override {
    return std::size_t{0};
  }
  Result<std::vector<Lineage>> inputs() override { return std::vector<Lineage>{}; }
  Result<CustodyEntry> append_custody(const CustodyEntry& entry) override { return entry; }
  Result<std::vector<CustodyEntry>> custody_log() override { return std::vector<CustodyEntry>{}; }
};

class BytesStream final : public LocalStream {
 public:
  explicit BytesStream(Bytes bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    const std::size_t count = std::min(into.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, into.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }
  Status write(Bytes) override { return {}; }
  void shut() override {}

 private:
  Bytes bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  EmptyStore store;
  BytesStream stream({data, size});
  serve_store(store, stream, "fuzz");
  if (size == 0) return 0;
  // The first byte chooses a call, so that bodies need no valid head to be reached.
  const auto call = static_cast<StoreCall>(data[0] % (kLastStoreCall + 1));
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const WireMessage answer =
      answer_of(store, {.answer = false, .call = call, .body = body}, "fuzz");
  (void)result_of(answer.body);
  (void)result_of(body);
  WireReader reader(body);
  (void)reader.series();
  (void)reader.all<SignalSummary>(&WireReader::summary, kLeastWireBytes);
  return 0;
}
