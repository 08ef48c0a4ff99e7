// SPDX-License-Identifier: Apache-2.0
#include "source/known_networks.h"

#include <fmt/format.h>

#include <map>

#include "source/csv.h"
#include "source/head.h"
#include "source/text.h"

namespace lightsout {

namespace {

constexpr std::string_view kHeader = "asn,name,access,user_share,source";
constexpr std::size_t kMaxText = 200;  // characters of a name; the rest is cut

bool are_known_networks(std::string_view head) {
  while (head.starts_with('#')) {
    const std::size_t newline = head.find('\n');
    if (newline == std::string_view::npos) return false;
    head.remove_prefix(newline + 1);
  }
  return trimmed(head.substr(0, head.find('\n'))) == kHeader;
}

Result<KnownNetwork> network_of(const CsvRow& row) {
  if (row.fields.size() != 5) return Error{ErrorKind::malformed, "not five fields"};
  const std::optional<std::uint64_t> asn = parse_count(row.fields[0]);
  if (!asn || *asn == 0 || *asn > UINT32_MAX) {
    return Error{ErrorKind::malformed,
                 fmt::format("'{}' is not an AS number", shown(row.fields[0], 20))};
  }
  KnownNetwork network{.asn = Asn{static_cast<std::uint32_t>(*asn)},
                       .name = shown(row.fields[1], kMaxText),
                       .access = shown(row.fields[2], kMaxText),
                       .user_share_source = shown(row.fields[4], kMaxText)};
  if (trimmed(row.fields[3]).empty()) return network;
  const Result<double> share = parse_number(row.fields[3]);
  if (!share || *share < 0 || *share > 1) {
    return Error{ErrorKind::malformed,
                 fmt::format("'{}' is not a share from 0 to 1", shown(row.fields[3], 20))};
  }
  network.user_share = *share;
  return network;
}

Status read_into(const Input& input, std::map<Asn, KnownNetwork>& networks) {
  Result<std::unique_ptr<ByteSource>> bytes = input.open();
  if (!bytes) return bytes.error();
  Damage damage;
  CsvReader reader(**bytes, input.lineage.name, damage);
  CsvRow row;
  while (reader.next(row)) {
    if (row.fields.size() == 5 && row.fields[0] == "asn") continue;
    Result<KnownNetwork> network = network_of(row);
    if (!network) {
      return Error{ErrorKind::malformed,
                   fmt::format("{}, line {}: {}; known networks are {}", input.lineage.name,
                               row.line, network.error().message, kHeader)};
    }
    if (networks.size() == kMaxKnownNetworks && !networks.contains(network->asn)) {
      return Error{ErrorKind::limit,
                   fmt::format("{}: more than {} networks", input.lineage.name, kMaxKnownNetworks)};
    }
    networks.insert_or_assign(network->asn, *network);
  }
  if (damage.empty()) return {};
  const DamagedPart& part = damage.parts().front();
  return Error{ErrorKind::malformed,
               fmt::format("{}, offset {}: {}", part.file, part.offset, part.reason)};
}

}  // namespace

Result<std::vector<Input>> take_known_networks(std::span<const Input> inputs,
                                               std::vector<KnownNetwork>& networks) {
  std::map<Asn, KnownNetwork> by_number;
  for (KnownNetwork& network : networks) by_number.insert_or_assign(network.asn, network);
  std::vector<Input> others;
  for (const Input& input : inputs) {
    const Result<std::string> head = read_head(input);
    if (!head || !are_known_networks(*head)) {
      others.push_back(input);  // what cannot be read is for read_inputs() to say
    } else if (const Status read = read_into(input, by_number); !read) {
      return read.error();
    }
  }
  networks.clear();
  for (auto& [asn, network] : by_number) networks.push_back(std::move(network));
  return others;
}

}  // namespace lightsout
