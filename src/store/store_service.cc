// SPDX-License-Identifier: Apache-2.0
#include "store/store_service.h"

#include <fmt/format.h>

#include <algorithm>

namespace lightsout {

namespace {

std::string good(WireWriter& writer) {
  return "\1" + writer.take();
}

std::string done(const Status& status) {
  return status ? std::string("\1") : error_body(status.error());
}

// The body of an answer: what `put` writes of the value, or the Error.
template <typename Value, typename Put>
std::string answered(const Result<Value>& result, const Put& put) {
  if (!result) return error_body(result.error());
  WireWriter writer;
  put(writer, *result);
  return good(writer);
}

template <typename Value>
std::string answered(const Result<Value>& result) {
  return answered(result, [](WireWriter& writer, const Value& value) { writer.put(value); });
}

template <typename Value>
std::string answered(const Result<std::vector<Value>>& result) {
  return answered(result, [](WireWriter& writer, const auto& values) { writer.put_all(values); });
}

std::string put_series(Store& store, WireReader& reader) {
  const std::optional<Time> arrived = reader.optional_time();
  const std::vector<Series> series = reader.all<Series>(&WireReader::series, kLeastWireBytes);
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.put_series(series, arrived));
}

std::string read_series(Store& store, WireReader& reader) {
  const SignalId id = reader.signal();
  SeriesQuery query;
  query.range = reader.range();
  query.as_of = reader.optional_time();
  query.step = reader.optional_seconds();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.read_series(id, query));
}

std::string list_signals(Store& store, WireReader& reader) {
  const EntityFilter who = reader.filter();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.list_signals(who));
}

std::string put_detection(Store& store, WireReader& reader) {
  const DetectionRecord record = reader.record();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return done(store.put_detection(record.detection, record.made_at));
}

std::string detections(Store& store, WireReader& reader) {
  const EntityFilter who = reader.filter();
  const std::optional<Time> as_of = reader.optional_time();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.detections(who, as_of));
}

std::string put_incident(Store& store, WireReader& reader) {
  const Incident incident = reader.incident();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return done(store.put_incident(incident));
}

std::string incidents(Store& store, WireReader& reader) {
  IncidentQuery query;
  query.who = reader.filter();
  query.range = reader.range();
  query.as_of = reader.optional_time();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.incidents(query));
}

std::string incident_versions(Store& store, WireReader& reader) {
  const std::string id = reader.text();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.incident_versions(id));
}

std::string put_input(Store& store, WireReader& reader) {
  const Lineage input = reader.lineage();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return done(store.put_input(input));
}

std::string has_input(Store& store, WireReader& reader) {
  const std::string sha256 = reader.text();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.has_input(sha256),
                  [](WireWriter& writer, bool known) { writer.u8(known ? 1 : 0); });
}

std::string receive_inputs(Store& store, WireReader& reader) {
  const std::vector<Lineage> inputs = reader.all<Lineage>(&WireReader::lineage, kLeastWireBytes);
  const CustodyEntry how = reader.custody();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.receive_inputs(inputs, how),
                  [](WireWriter& writer, std::size_t count) { writer.u64(count); });
}

std::string append_custody(Store& store, WireReader& reader) {
  const CustodyEntry entry = reader.custody();
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  return answered(store.append_custody(entry));
}

std::string body_of(Store& store, StoreCall call, WireReader& reader, const std::string& name) {
  switch (call) {
    case StoreCall::hello:
    case StoreCall::inputs:
    case StoreCall::custody_log:
      break;  // without arguments
    case StoreCall::put_series:
      return put_series(store, reader);
    case StoreCall::read_series:
      return read_series(store, reader);
    case StoreCall::list_signals:
      return list_signals(store, reader);
    case StoreCall::put_detection:
      return put_detection(store, reader);
    case StoreCall::detections:
      return detections(store, reader);
    case StoreCall::put_incident:
      return put_incident(store, reader);
    case StoreCall::incidents:
      return incidents(store, reader);
    case StoreCall::incident_versions:
      return incident_versions(store, reader);
    case StoreCall::put_input:
      return put_input(store, reader);
    case StoreCall::has_input:
      return has_input(store, reader);
    case StoreCall::receive_inputs:
      return receive_inputs(store, reader);
    case StoreCall::append_custody:
      return append_custody(store, reader);
  }
  if (const Status read = reader.finish(); !read) return error_body(read.error());
  if (call == StoreCall::inputs) return answered(store.inputs());
  if (call == StoreCall::custody_log) return answered(store.custody_log());
  return answered(Result<std::string>(name),
                  [](WireWriter& writer, const std::string& text) { writer.text(text); });
}

}  // namespace

WireMessage answer_of(Store& store, const WireMessage& request, const std::string& name) {
  WireReader reader(request.body);
  WireMessage answer{
      .answer = true, .call = request.call, .body = body_of(store, request.call, reader, name)};
  if (answer.body.size() > kMaxWireBytes) {
    answer.body = error_body(
        {ErrorKind::limit, fmt::format("the answer is longer than {} bytes; ask for a shorter "
                                       "range",
                                       kMaxWireBytes)});
  }
  return answer;
}

namespace {

void serve_until_the_end(Store& store, LocalStream& stream, const std::string& name) {
  while (true) {
    Result<std::optional<WireMessage>> request = receive_message(stream);
    if (request && !*request) return;
    if (!request || (*request)->answer) {
      // Where one message ends and the next begins is not known any more.
      const Error error = request ? Error{ErrorKind::malformed,
                                          "an answer came where a question "
                                          "belongs"}
                                  : request.error();
      (void)send_message(stream, {.answer = true, .call = {}, .body = error_body(error)});
      return;
    }
    if (!send_message(stream, answer_of(store, **request, name))) return;
  }
}

}  // namespace

void serve_store(Store& store, LocalStream& stream, const std::string& name) {
  serve_until_the_end(store, stream, name);
  stream.shut();
}

StoreService::StoreService(Store& store, LocalListener& listener, std::string name)
    : store_(store), listener_(listener), name_(std::move(name)), thread_([this] { listen(); }) {}

StoreService::~StoreService() {
  stop();
}

void StoreService::listen() {
  while (true) {
    Result<std::unique_ptr<LocalStream>> stream = listener_.accept();
    if (!stream || *stream == nullptr) return;
    welcome(std::move(*stream));
  }
}

void StoreService::welcome(std::unique_ptr<LocalStream> stream) {
  const std::lock_guard lock(mutex_);
  for (auto each = clients_.begin(); each != clients_.end();) {
    each = each->done ? clients_.erase(each) : std::next(each);  // joins a thread that has ended
  }
  if (stopped_ || clients_.size() >= kMaxStoreClients) {
    const Error error{ErrorKind::limit,
                      fmt::format("{} programs use the store already; try again when one of them "
                                  "has ended",
                                  kMaxStoreClients)};
    (void)send_message(*stream, {.answer = true, .call = {}, .body = error_body(error)});
    return;
  }
  Client& client = clients_.emplace_back();
  client.stream = std::move(stream);
  client.thread = std::jthread([this, &client] {
    serve_store(store_, *client.stream, name_);
    const std::lock_guard ended(mutex_);
    client.done = true;
  });
}

void StoreService::stop() {
  listener_.stop();
  if (thread_.joinable()) thread_.join();
  std::list<Client> leaving;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (Client& each : clients_) each.stream->shut();
    leaving.splice(leaving.begin(), clients_);
  }
  leaving.clear();  // joins: what is being put is put
}

}  // namespace lightsout
