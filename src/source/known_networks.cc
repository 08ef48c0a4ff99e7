// SPDX-License-Identifier: Apache-2.0
#include "source/known_networks.h"

#include <fmt/format.h>

#include <map>

#include "source/side_table.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kHeaders[] = {"asn,name,access,user_share,source",
                                         "asn,name,access,user_share,source,owner",
                                         "asn,name,access,user_share,source,owner,upstreams"};
constexpr std::size_t kMaxText = 200;  // characters of a name; the rest is cut

// "3356 1299": numbers with blanks between.
Status take_upstreams(std::string_view text, KnownNetwork& network) {
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::optional<std::uint64_t> asn = parse_count(text.substr(0, end));
    if (!asn || *asn == 0 || *asn > UINT32_MAX) {
      return Error{ErrorKind::malformed,
                   fmt::format("'{}' is not an AS number", shown(text.substr(0, end), 20))};
    }
    if (network.upstreams.size() == kMaxUpstreams) {
      return Error{ErrorKind::limit, fmt::format("more than {} upstreams", kMaxUpstreams)};
    }
    network.upstreams.push_back(Asn{static_cast<std::uint32_t>(*asn)});
    text.remove_prefix(end);
  }
  return {};
}

Result<KnownNetwork> network_of(const CsvRow& row) {
  const std::optional<std::uint64_t> asn = parse_count(row.fields[0]);
  if (!asn || *asn == 0 || *asn > UINT32_MAX) {
    return Error{ErrorKind::malformed,
                 fmt::format("'{}' is not an AS number", shown(row.fields[0], 20))};
  }
  KnownNetwork network{.asn = Asn{static_cast<std::uint32_t>(*asn)},
                       .name = shown(row.fields[1], kMaxText),
                       .access = shown(row.fields[2], kMaxText),
                       .user_share_source = shown(row.fields[4], kMaxText)};
  if (row.fields.size() > 5) network.owner = shown(row.fields[5], kMaxText);
  if (row.fields.size() > 6) {
    if (const Status taken = take_upstreams(row.fields[6], network); !taken) return taken.error();
  }
  if (trimmed(row.fields[3]).empty()) return network;
  const Result<double> share = parse_number(row.fields[3]);
  if (!share || *share < 0 || *share > 1) {
    return Error{ErrorKind::malformed,
                 fmt::format("'{}' is not a share from 0 to 1", shown(row.fields[3], 20))};
  }
  network.user_share = *share;
  return network;
}

}  // namespace

Result<std::vector<Input>> take_known_networks(std::span<const Input> inputs,
                                               std::vector<KnownNetwork>& networks) {
  std::map<Asn, KnownNetwork> by_number;
  for (KnownNetwork& network : networks) by_number.insert_or_assign(network.asn, network);
  const auto take_row = [&](const CsvRow& row) -> Status {
    const Result<KnownNetwork> network = network_of(row);
    if (!network) return network.error();
    if (by_number.size() == kMaxKnownNetworks && !by_number.contains(network->asn)) {
      return Error{ErrorKind::limit, fmt::format("more than {} networks", kMaxKnownNetworks)};
    }
    by_number.insert_or_assign(network->asn, *network);
    return {};
  };
  Result<std::vector<Input>> others = std::vector<Input>(inputs.begin(), inputs.end());
  for (const std::string_view header : kHeaders) {
    if (others) others = take_side_table(*others, header, take_row);
  }
  networks.clear();
  for (auto& [asn, network] : by_number) networks.push_back(std::move(network));
  return others;
}

}  // namespace lightsout
