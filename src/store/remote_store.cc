// SPDX-License-Identifier: Apache-2.0
#include "store/remote_store.h"

#include <fmt/format.h>

#include <mutex>

#include "store/wire.h"

namespace lightsout {

namespace {

class RemoteStore final : public Store {
 public:
  RemoteStore(std::unique_ptr<LocalStream> stream, std::string path)
      : stream_(std::move(stream)), path_(std::move(path)) {}

  Result<std::string> hello() {
    return ask<std::string>(StoreCall::hello, {}, [](WireReader& reader) { return reader.text(); });
  }

  Result<PutSummary> put_series(std::span<const Series> series,
                                std::optional<Time> arrived) override {
    WireWriter body;
    body.put(arrived);
    body.put_all(series);
    return ask<PutSummary>(StoreCall::put_series, body.take(), [](WireReader& reader) {
      PutSummary summary;
      reader.get(summary);
      return summary;
    });
  }
  Result<Series> read_series(const SignalId& id, const SeriesQuery& query) override {
    WireWriter body;
    body.text(id.text());
    body.put(query.range);
    body.put(query.as_of);
    body.put(query.step);
    return ask<Series>(StoreCall::read_series, body.take(),
                       [](WireReader& reader) { return reader.series(); });
  }
  Result<std::vector<SignalSummary>> list_signals(const EntityFilter& who) override {
    WireWriter body;
    body.put(who);
    return list<SignalSummary>(StoreCall::list_signals, body.take(), &WireReader::summary);
  }

  Status put_detection(const Detection& detection, Time made_at) override {
    WireWriter body;
    body.put(DetectionRecord{detection, made_at});
    return tell(StoreCall::put_detection, body.take());
  }
  Result<std::vector<DetectionRecord>> detections(const EntityFilter& who,
                                                  std::optional<Time> as_of) override {
    WireWriter body;
    body.put(who);
    body.put(as_of);
    return list<DetectionRecord>(StoreCall::detections, body.take(), &WireReader::record);
  }

  Status put_incident(const Incident& incident) override {
    WireWriter body;
    body.put(incident);
    return tell(StoreCall::put_incident, body.take());
  }
  Result<std::vector<Incident>> incidents(const IncidentQuery& query) override {
    WireWriter body;
    body.put(query.who);
    body.put(query.range);
    body.put(query.as_of);
    return list<Incident>(StoreCall::incidents, body.take(), &WireReader::incident);
  }
  Result<std::vector<Incident>> incident_versions(const std::string& id) override {
    WireWriter body;
    body.text(id);
    return list<Incident>(StoreCall::incident_versions, body.take(), &WireReader::incident);
  }

  Status put_input(const Lineage& input) override {
    WireWriter body;
    body.put(input);
    return tell(StoreCall::put_input, body.take());
  }
  Result<bool> has_input(const std::string& sha256) override {
    WireWriter body;
    body.text(sha256);
    return ask<bool>(StoreCall::has_input, body.take(),
                     [](WireReader& reader) { return reader.flag(); });
  }
  Result<std::size_t> receive_inputs(std::span<const Lineage> inputs,
                                     const CustodyEntry& how) override {
    WireWriter body;
    body.put_all(inputs);
    body.put(how);
    return ask<std::size_t>(StoreCall::receive_inputs, body.take(),
                            [](WireReader& reader) { return reader.u64(); });
  }
  Result<std::vector<Lineage>> inputs() override {
    return list<Lineage>(StoreCall::inputs, {}, &WireReader::lineage);
  }

  Result<CustodyEntry> append_custody(const CustodyEntry& entry) override {
    WireWriter body;
    body.put(entry);
    return ask<CustodyEntry>(StoreCall::append_custody, body.take(),
                             [](WireReader& reader) { return reader.custody(); });
  }
  Result<std::vector<CustodyEntry>> custody_log() override {
    return list<CustodyEntry>(StoreCall::custody_log, {}, &WireReader::custody);
  }

 private:
  // The answer to one question, its first byte included.
  Result<std::string> exchange(StoreCall call, std::string body) {
    const std::lock_guard lock(mutex_);
    if (broken_) return gone("has gone away");
    const Status sent =
        send_message(*stream_, {.answer = false, .call = call, .body = std::move(body)});
    if (!sent && sent.error().kind == ErrorKind::limit) return sent.error();
    // Also when sending failed: a server that turns us away says why before it hangs up.
    Result<std::optional<WireMessage>> answer = receive_message(*stream_);
    if (answer && *answer && (*answer)->answer) {
      if (!sent) broken_ = true;
      return std::move((*answer)->body);
    }
    broken_ = true;
    stream_->shut();
    if (!answer && answer.error().kind != ErrorKind::world) return answer.error();
    return gone("went away before it had answered");
  }

  Error gone(std::string_view how) const {
    return {ErrorKind::world,
            fmt::format("the server that has {} open {}; run this again: what was kept already "
                        "changes nothing the second time",
                        path_, how)};
  }

  template <typename Value, typename Read>
  Result<Value> ask(StoreCall call, std::string body, const Read& read) {
    const Result<std::string> answer = exchange(call, std::move(body));
    if (!answer) return answer.error();
    const Result<std::string_view> result = result_of(*answer);
    if (!result) return result.error();
    WireReader reader(*result);
    Value value = read(reader);
    const Status whole = reader.finish();
    if (!whole) return whole.error();
    return value;
  }
  template <typename Value>
  Result<std::vector<Value>> list(StoreCall call, std::string body, Value (WireReader::*one)()) {
    return ask<std::vector<Value>>(call, std::move(body), [&](WireReader& reader) {
      return reader.all<Value>(one, kLeastWireBytes);
    });
  }
  Status tell(StoreCall call, std::string body) {
    const Result<bool> told = ask<bool>(call, std::move(body), [](WireReader&) { return true; });
    return told ? Status{} : Status{told.error()};
  }

  std::mutex mutex_;
  std::unique_ptr<LocalStream> stream_;
  std::string path_;
  bool broken_ = false;
};

}  // namespace

Result<std::unique_ptr<Store>> open_remote_store(std::unique_ptr<LocalStream> stream,
                                                 const std::string& path) {
  auto store = std::make_unique<RemoteStore>(std::move(stream), path);
  const Result<std::string> name = store->hello();
  if (!name) return name.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace lightsout
