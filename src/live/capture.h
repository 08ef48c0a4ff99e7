// Capture reads BMP out of a packet capture (pcap): packets -> TCP streams -> BmpStreams.
//
// tcpdump and Wireshark write such files ("Save as pcap"; pcapng is named and refused). Each TCP
// connection whose bytes begin as BMP does is one router; all others are passed over and counted.
// Segments are put in order; what a capture has missed is damage of that connection, and reading
// goes on at its next message.
//
//   Capture capture({.name = "router.pcap", .record = ..., .damage = ...});
//   capture.push(bytes);  ...  capture.finish();
//
// The time of a packet is the arrival of what it brings. Link layers: Ethernet (with VLAN tags),
// BSD loopback, raw IP, Linux cooked (both). IPv4 fragments are damage. RFC 9293 (TCP).
//
// Memory: kMaxFlows connections, of each at most kMaxHeldBytes out of order and one message.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "live/bmp_stream.h"

namespace lightsout::live {

// Little or big endian, micro- or nanoseconds.
bool looks_like_capture(Bytes head);

class Capture {
 public:
  static constexpr std::size_t kMaxPacketBytes = 262'144;  // the largest snapshot of tcpdump
  static constexpr std::size_t kMaxFlows = 4096;
  static constexpr std::size_t kMaxHeldBytes = 1u << 20;  // out of order, of one connection
  static constexpr std::size_t kMaxUndecided = 16;        // segments looked at before giving up

  // `sinks.name` is the file; each connection adds its addresses.
  explicit Capture(BmpSinks sinks);
  ~Capture();

  void push(Bytes bytes);
  void finish();

  BmpTotals totals() const;
  std::uint64_t packets() const { return packets_; }
  std::uint64_t other_flows() const { return other_flows_; }  // connections that are not BMP

 private:
  struct FlowKey {
    IpAddress from, to;
    std::uint16_t from_port = 0, to_port = 0;
    auto operator<=>(const FlowKey&) const = default;
  };
  struct Segment {
    FlowKey key;
    std::uint32_t sequence = 0;
    bool syn = false, fin = false, reset = false;
    Bytes bytes;
    std::size_t missing = 0;  // bytes at its end that the capture cut off
  };
  struct Flow;
  struct PacketHeader {
    Stamp at;
    std::uint32_t captured = 0, length = 0;
  };

  bool read_file_header();
  bool plausible(std::size_t at, PacketHeader& header) const;
  bool chain_begins(std::size_t at) const;
  void read_packets(bool finished);
  void pass_over(std::size_t bytes, std::string reason);
  std::uint32_t number(std::size_t at) const;  // 32 bits in the order of the file
  void packet(const PacketHeader& header, Bytes frame);
  bool strip_link(Bytes& frame) const;
  bool read_segment(Bytes ip, Segment& segment);
  void segment(const Segment& segment, const Stamp& at);
  void add_damage(std::uint64_t offset, std::uint64_t bytes, std::string reason);

  BmpSinks sinks_;
  std::vector<std::uint8_t> buffer_;
  std::size_t at_ = 0;
  std::uint64_t base_ = 0;
  bool header_read_ = false, refused_ = false;
  bool big_endian_ = false, nanoseconds_ = false;
  std::uint32_t link_type_ = 0;
  Stamp last_;
  std::uint64_t packets_ = 0, other_flows_ = 0, flows_refused_ = 0;
  std::map<FlowKey, std::unique_ptr<Flow>> flows_;
  BmpTotals ended_;  // of the connections that are over
};

}  // namespace lightsout::live
