// The store's protocol on a local socket: messages, and the values in them, as bytes.
//
// A message is a head of 16 bytes (magic "LOST", version, kind, call, length) and as many bytes of
// body. A client sends a request and reads one answer, then the next. The answer's body begins with
// 1 and the result, or with 0, the kind of Error and its sentence. Numbers have their most
// significant byte first, texts and lists their length first; incidents and detections are the JSON
// documents of incident_json.h. docs/formats/store-socket.md
//
// What is read is checked to the last byte: a body that is too short, too long, or holds a number
// outside of its list is malformed, never guessed at, and takes no more memory than it has bytes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/local_stream.h"
#include "store/store.h"

namespace lightsout {

inline constexpr std::uint16_t kWireVersion = 1;
inline constexpr std::size_t kMaxWireBytes = std::size_t{512} << 20;  // of one message

enum class StoreCall : std::uint8_t {
  hello,  // the answer is the name of the server: "lightsout 0.5"
  put_series,
  read_series,
  list_signals,
  put_detection,
  detections,
  put_incident,
  incidents,
  incident_versions,
  put_input,
  has_input,
  receive_inputs,
  inputs,
  append_custody,
  custody_log,
};
inline constexpr std::uint8_t kLastStoreCall = static_cast<std::uint8_t>(StoreCall::custody_log);

struct WireMessage {
  bool answer = false;
  StoreCall call = StoreCall::hello;
  std::string body;
};

// An Error of kind limit when the body is too long.
Status send_message(LocalStream& stream, const WireMessage& message);
// nullopt: the other side ended between two messages.
Result<std::optional<WireMessage>> receive_message(LocalStream& stream);

class WireWriter {
 public:
  void u8(std::uint8_t value) { number(value); }
  void u32(std::uint32_t value) { number(value); }
  void u64(std::uint64_t value) { number(value); }
  void real(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  void seconds(Seconds value) { u64(static_cast<std::uint64_t>(value.count())); }
  void time(Time value) { seconds(value.time_since_epoch()); }
  void text(std::string_view value);

  void put(const EntityFilter& filter);
  void put(const std::optional<TimeRange>& range);
  void put(const std::optional<Time>& time);
  void put(const std::optional<Seconds>& seconds);
  void put(const Lineage& lineage);
  void put(const Series& series);
  void put(const SignalSummary& summary);
  void put(const CustodyEntry& entry);
  void put(const PutSummary& summary);
  void put(const DetectionRecord& record);
  void put(const Incident& incident);
  template <typename Value>
  void put_all(const Value& values) {
    u64(values.size());
    for (const auto& each : values) put(each);
  }

  std::string take() { return std::move(bytes_); }

 private:
  template <typename Number>
  void number(Number value) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    put_number(value, reinterpret_cast<std::uint8_t*>(bytes_.data()) + at);
  }
  std::string bytes_;
};

// Fails once, stays failed, and reads as zero and empty from then on, as ByteReader does.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes)
      : reader_({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}) {}

  bool ok() const { return reader_.ok() && fault_.empty(); }
  // Everything was read, and nothing was wrong with it.
  Status finish() const;

  std::uint8_t u8() { return reader_.u8(); }
  std::uint32_t u32() { return reader_.u32(); }
  std::uint64_t u64() { return reader_.u64(); }
  double real() { return std::bit_cast<double>(reader_.u64()); }
  Seconds seconds() { return Seconds(static_cast<std::int64_t>(reader_.u64())); }
  Time time() { return Time(seconds()); }
  bool flag() { return one_of(1) == 1; }
  std::string text();

  EntityFilter filter();
  std::optional<TimeRange> range();
  std::optional<Time> optional_time();
  std::optional<Seconds> optional_seconds();
  SignalId signal();
  void get(Lineage& lineage);
  void get(CustodyEntry& entry);
  void get(PutSummary& summary);
  Series series();
  SignalSummary summary();
  DetectionRecord record();
  Detection detection();
  Incident incident();
  Lineage lineage() {
    Lineage value;
    get(value);
    return value;
  }
  CustodyEntry custody() {
    CustodyEntry value;
    get(value);
    return value;
  }
  // `one` reads one value, of which each has at least `least` bytes.
  template <typename Value>
  std::vector<Value> all(Value (WireReader::*one)(), std::size_t least) {
    std::vector<Value> values;
    const std::uint64_t count = reader_.u64();
    if (count > reader_.remaining() / least) fail("a list is longer than its message");
    for (std::uint64_t i = 0; i < count && ok(); ++i) values.push_back((this->*one)());
    return values;
  }

  void fail(std::string why) {
    if (fault_.empty()) fault_ = std::move(why);
  }

 private:
  std::uint8_t one_of(std::uint8_t last);
  std::vector<float> floats();

  ByteReader reader_;
  std::string fault_;
};

inline constexpr std::size_t kLeastWireBytes = 8;  // of any value in a list

// The body of an answer: what went wrong.
std::string error_body(const Error& error);
// The body of an answer that begins with 1, without that 1; or the Error that stands in it.
Result<std::string_view> result_of(std::string_view body);

}  // namespace lightsout
