// BmpJson writes everything that BMP messages say, one JSON object a line.
//
// The records (BmpRecords) hold what a collector of the peers would hold. This holds the rest as
// well: the views after policy, out and Loc-RIB, VPN and labelled routes, counters, reasons, names.
// The fields are in docs/formats/bmp.md.
//
//   BmpJson json;
//   json.write("192.0.2.1", message, arrival, out);   // appends lines to `out`
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "live/bmp_message.h"
#include "live/open_message.h"
#include "live/routes.h"

namespace lightsout::live {

class BmpJson {
 public:
  static constexpr std::size_t kMaxPeers = 65'536;  // whose path ids are remembered

  void write(const std::string& router, const BmpMessage& message, const Stamp& arrival,
             std::string& out);

 private:
  using Key = std::tuple<std::string, std::uint8_t, std::array<std::uint8_t, 8>, IpAddress>;

  void begin(const std::string& router, const BmpMessage& message, const Stamp& arrival);
  void line(std::string& out, std::string_view event, std::string_view fields) const;
  void routes(const std::string& router, const BmpMessage& message, std::string& out);
  void peer_up(const std::string& router, const BmpMessage& message, std::string& out);
  void peer_down(const BmpMessage& message, std::string& out) const;
  void statistics(const BmpMessage& message, std::string& out) const;
  void mirrored(const BmpMessage& message, std::string& out) const;

  std::string head_;  // what the lines of one message share
  std::map<Key, std::vector<AddressFamily>> add_path_;
  UpdateRoutes routes_;
};

}  // namespace lightsout::live
