// SPDX-License-Identifier: Apache-2.0
#include "store/wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "store/incident_json.h"

namespace lightsout {

namespace {

constexpr std::array<std::uint8_t, 4> kMagic = {'L', 'O', 'S', 'T'};
constexpr std::size_t kHeadBytes = 16;
constexpr std::size_t kPieceBytes = 1 << 20;  // what a length that was only claimed can cost

// All of them; false: the other side ended before the first.
Result<bool> read_all(LocalStream& stream, std::span<std::uint8_t> into) {
  std::size_t at = 0;
  while (at < into.size()) {
    const Result<std::size_t> count = stream.read(into.subspan(at));
    if (!count) return count.error();
    if (*count == 0 && at == 0) return false;
    if (*count == 0) return Error{ErrorKind::world, "the connection broke within a message"};
    at += *count;
  }
  return true;
}

Status read_body(LocalStream& stream, std::size_t length, std::string& body) {
  while (body.size() < length) {
    const std::size_t at = body.size();
    body.resize(at + std::min(kPieceBytes, length - at));
    const Result<bool> read =
        read_all(stream, {reinterpret_cast<std::uint8_t*>(body.data()) + at, body.size() - at});
    if (!read) return read.error();
    if (!*read) return Error{ErrorKind::world, "the connection broke within a message"};
  }
  return {};
}

}  // namespace

Status send_message(LocalStream& stream, const WireMessage& message) {
  if (message.body.size() > kMaxWireBytes) {
    return Error{
        ErrorKind::limit,
        fmt::format("a message of {} bytes is too long for the store's socket, which takes "
                    "{}; put fewer files at a time, or ask for a shorter range",
                    message.body.size(), kMaxWireBytes)};
  }
  std::array<std::uint8_t, kHeadBytes> head{};
  std::copy(kMagic.begin(), kMagic.end(), head.begin());
  put_number(kWireVersion, head.data() + 4);
  head[6] = message.answer ? 1 : 0;
  head[7] = static_cast<std::uint8_t>(message.call);
  put_number(static_cast<std::uint64_t>(message.body.size()), head.data() + 8);
  if (const Status sent = stream.write(head); !sent) return sent;
  return stream.write(
      {reinterpret_cast<const std::uint8_t*>(message.body.data()), message.body.size()});
}

Result<std::optional<WireMessage>> receive_message(LocalStream& stream) {
  std::array<std::uint8_t, kHeadBytes> head{};
  const Result<bool> read = read_all(stream, head);
  if (!read) return read.error();
  if (!*read) return std::optional<WireMessage>{};
  if (!std::equal(kMagic.begin(), kMagic.end(), head.begin())) {
    return Error{ErrorKind::malformed, "this is not the store's protocol"};
  }
  ByteReader reader(Bytes(head).subspan(4));
  const std::uint16_t version = reader.u16();
  if (version != kWireVersion) {
    return Error{ErrorKind::unsupported,
                 fmt::format("the other side speaks version {} of the store's protocol and this "
                             "program version {}; run the same program on both",
                             version, kWireVersion)};
  }
  const std::uint8_t kind = reader.u8();
  const std::uint8_t call = reader.u8();
  const std::uint64_t length = reader.u64();
  if (kind > 1 || call > kLastStoreCall) {
    return Error{ErrorKind::malformed, "a message of the store's protocol is damaged"};
  }
  if (length > kMaxWireBytes) {
    return Error{ErrorKind::limit, fmt::format("a message of {} bytes is too long", length)};
  }
  WireMessage message{.answer = kind == 1, .call = static_cast<StoreCall>(call), .body = {}};
  const Status whole = read_body(stream, length, message.body);
  if (!whole) return whole.error();
  return std::optional<WireMessage>(std::move(message));
}

void WireWriter::text(std::string_view value) {
  u32(static_cast<std::uint32_t>(value.size()));
  bytes_ += value;
}

void WireWriter::put(const std::optional<Time>& value) {
  u8(value ? 1 : 0);
  time(value.value_or(Time{}));
}

void WireWriter::put(const std::optional<Seconds>& value) {
  u8(value ? 1 : 0);
  seconds(value.value_or(Seconds{0}));
}

void WireWriter::put(const std::optional<TimeRange>& value) {
  u8(value ? 1 : 0);
  time(value ? value->begin : Time{});
  time(value ? value->end : Time{});
}

void WireWriter::put(const EntityFilter& filter) {
  u8(filter.entity ? 1 : 0);
  text(filter.entity ? filter.entity->text() : "");
  u8(filter.country ? 1 : 0);
  text(filter.country.value_or(""));
}

void WireWriter::put(const Lineage& lineage) {
  text(lineage.sha256);
  text(lineage.name);
  text(lineage.format);
  time(lineage.arrived);
  u8(lineage.semi_synthetic ? 1 : 0);
}

void WireWriter::put(const Series& series) {
  text(series.id.text());
  u8(static_cast<std::uint8_t>(series.plane));
  u8(static_cast<std::uint8_t>(series.unit));
  u8(static_cast<std::uint8_t>(series.worse));
  time(series.begin);
  seconds(series.step);
  u64(series.samples.size());
  bytes_.reserve(bytes_.size() + series.samples.size() * 9);
  for (const Sample& each : series.samples) u8(static_cast<std::uint8_t>(each.state()));
  for (const Sample& each : series.samples) {
    if (each.is_number()) real(each.value());
  }
  for (const auto* floats : {&series.trials, &series.coverage}) {
    u64(floats->size());
    for (const float each : *floats) u32(std::bit_cast<std::uint32_t>(each));
  }
  put_all(series.lineage);
}

void WireWriter::put(const SignalSummary& summary) {
  text(summary.id.text());
  u8(static_cast<std::uint8_t>(summary.plane));
  u8(static_cast<std::uint8_t>(summary.unit));
  u8(static_cast<std::uint8_t>(summary.worse));
  seconds(summary.step);
  time(summary.range.begin);
  time(summary.range.end);
  time(summary.last_arrival);
}

void WireWriter::put(const CustodyEntry& entry) {
  u64(entry.number);
  time(entry.at);
  for (const std::string* each :
       {&entry.actor, &entry.action, &entry.subject, &entry.note, &entry.hash}) {
    text(*each);
  }
}

void WireWriter::put(const PutSummary& summary) {
  u64(summary.stored);
  u64(summary.corrected);
  u64(summary.unchanged);
}

void WireWriter::put(const DetectionRecord& record) {
  text(to_json(record.detection));
  time(record.made_at);
}

void WireWriter::put(const Incident& incident) {
  text(to_json(incident));
}

Status WireReader::finish() const {
  if (!fault_.empty()) return Error{ErrorKind::malformed, fault_};
  if (!reader_.ok()) return Error{ErrorKind::malformed, "a message is cut short"};
  if (!reader_.empty()) return Error{ErrorKind::malformed, "a message is longer than what it says"};
  return {};
}

std::uint8_t WireReader::one_of(std::uint8_t last) {
  const std::uint8_t value = reader_.u8();
  if (value <= last) return value;
  fail(fmt::format("a message has {} where 0 to {} may stand", value, last));
  return 0;
}

std::string WireReader::text() {
  const Bytes bytes = reader_.take(reader_.u32());
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<Time> WireReader::optional_time() {
  const bool there = flag();
  const Time value = time();
  return there ? std::optional(value) : std::nullopt;
}

std::optional<Seconds> WireReader::optional_seconds() {
  const bool there = flag();
  const Seconds value = seconds();
  return there ? std::optional(value) : std::nullopt;
}

std::optional<TimeRange> WireReader::range() {
  const bool there = flag();
  const Time begin = time();
  const Time end = time();
  return there ? std::optional(TimeRange{begin, end}) : std::nullopt;
}

EntityFilter WireReader::filter() {
  EntityFilter filter;
  const bool has_entity = flag();
  const std::string entity = text();
  const bool has_country = flag();
  const std::string country = text();
  if (has_entity) {
    const Result<Entity> parsed = Entity::parse(entity);
    if (parsed) {
      filter.entity = *parsed;
    } else {
      fail(parsed.error().message);
    }
  }
  if (has_country) filter.country = country;
  return filter;
}

SignalId WireReader::signal() {
  const Result<SignalId> parsed = SignalId::parse(text());
  if (parsed) return *parsed;
  fail(parsed.error().message);
  return *SignalId::parse("country:XX/damaged/message");
}

void WireReader::get(Lineage& lineage) {
  lineage.sha256 = text();
  lineage.name = text();
  lineage.format = text();
  lineage.arrived = time();
  lineage.semi_synthetic = flag();
}

std::vector<float> WireReader::floats() {
  std::vector<float> values;
  const std::uint64_t count = reader_.u64();
  if (count > reader_.remaining() / sizeof(float)) {
    fail("a list is longer than its message");
    return values;
  }
  // A wrong number of them is the caller's error and refused by the store, in its own words.
  values.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) values.push_back(std::bit_cast<float>(reader_.u32()));
  return values;
}

Series WireReader::series() {
  Series series{.id = signal()};
  series.plane = static_cast<Plane>(one_of(static_cast<std::uint8_t>(Plane::circumvention)));
  series.unit = static_cast<Unit>(one_of(static_cast<std::uint8_t>(Unit::milliseconds)));
  series.worse = static_cast<Worse>(one_of(static_cast<std::uint8_t>(Worse::high)));
  series.begin = time();
  series.step = seconds();
  const std::uint64_t count = reader_.u64();
  const Bytes states = count <= reader_.remaining() ? reader_.take(count) : Bytes{};
  if (states.size() != count) fail("a series is longer than its message");
  series.samples.reserve(states.size());
  for (const std::uint8_t each : states) {
    if (each > static_cast<std::uint8_t>(SampleState::source_down)) {
      fail("a series has a sample of an unknown state");
      break;
    }
    const auto state = static_cast<SampleState>(each);
    series.samples.push_back(Sample::of(state, state == SampleState::number ? real() : 0));
  }
  series.trials = floats();
  series.coverage = floats();
  series.lineage = all<Lineage>(&WireReader::lineage, kLeastWireBytes);
  return series;
}

SignalSummary WireReader::summary() {
  SignalSummary summary{.id = signal()};
  summary.plane = static_cast<Plane>(one_of(static_cast<std::uint8_t>(Plane::circumvention)));
  summary.unit = static_cast<Unit>(one_of(static_cast<std::uint8_t>(Unit::milliseconds)));
  summary.worse = static_cast<Worse>(one_of(static_cast<std::uint8_t>(Worse::high)));
  summary.step = seconds();
  summary.range.begin = time();
  summary.range.end = time();
  summary.last_arrival = time();
  return summary;
}

void WireReader::get(CustodyEntry& entry) {
  entry.number = u64();
  entry.at = time();
  for (std::string* each :
       {&entry.actor, &entry.action, &entry.subject, &entry.note, &entry.hash}) {
    *each = text();
  }
}

void WireReader::get(PutSummary& summary) {
  summary.stored = u64();
  summary.corrected = u64();
  summary.unchanged = u64();
}

Detection WireReader::detection() {
  Result<Detection> parsed = detection_from_json(text());
  if (parsed) return std::move(*parsed);
  fail(parsed.error().message);
  return Detection{.signal = *SignalId::parse("country:XX/damaged/message")};
}

DetectionRecord WireReader::record() {
  Detection detection = this->detection();
  return {.detection = std::move(detection), .made_at = time()};
}

Incident WireReader::incident() {
  Result<Incident> parsed = incident_from_json(text());
  if (parsed) return std::move(*parsed);
  fail(parsed.error().message);
  return Incident{.entity = *Entity::parse("country:XX")};
}

std::string error_body(const Error& error) {
  WireWriter body;
  body.u8(0);
  body.u8(static_cast<std::uint8_t>(error.kind));
  body.text(error.message);
  return body.take();
}

Result<std::string_view> result_of(std::string_view body) {
  if (body.starts_with('\1')) return body.substr(1);
  WireReader reader(body);
  const std::uint8_t good = reader.u8();
  const std::uint8_t kind = reader.u8();
  std::string message = reader.text();
  if (good != 0 || kind > static_cast<std::uint8_t>(ErrorKind::source_gap) || !reader.finish()) {
    return Error{ErrorKind::malformed, "an answer of the store's server is damaged"};
  }
  return Error{static_cast<ErrorKind>(kind), std::move(message)};
}

}  // namespace lightsout
