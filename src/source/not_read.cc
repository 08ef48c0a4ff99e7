// SPDX-License-Identifier: Apache-2.0
#include "source/not_read.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "source/head.h"
#include "source/text.h"

namespace lightsout {

namespace {

struct Known {
  std::string_view begins;                // "": anything
  std::array<std::string_view, 3> holds;  // all of them, in the head
  std::string_view what;
};

constexpr Known kKnown[] = {
    {"{", {"\"data_call_name\""}, "an answer of RIPEstat"},
    {"{", {"\"query_starttime\"", "\"updates\""}, "BGP updates from RIPEstat"},
    {"\x0a\x0d\x0d\x0a", {}, "a packet capture in the form pcapng (save it as pcap)"},
    {"{", {"\"bmp_router\""}, "decoded BMP messages"},
    {"{", {"\"dst_addr\"", "\"mver\""}, "RIPE Atlas results"},
    {"{", {"\"probes\"", "\"ipv4\"", "\"desc\""}, "a list of RIPE Atlas probes"},
    {"{", {"\"blocking_started\"", "\"anomaly_count\""}, "a summary of OONI measurements"},
    {"{", {"\"FeatureCollection\""}, "GeoJSON"},
    {"[", {"\"resolution_time\"", "\"last_announcement\""}, "a timeline of routes"},
    {"[", {"\"total_reporting_peers\""}, "snapshots of routes"},
    {"{", {"\"ipv4_total_paths_count\""}, "an analysis of routes"},
    {"domain,domain_category", {"received_error"}, "Censored Planet rows"},
    {"url,category_code", {}, "a list of addresses to test"},
    {"-- INSERT INTO", {}, "a dump of a database"},
    {")]}'", {"\"tr.atsr\""}, "a raw answer of Google's Transparency Report"},
    {"TABLE_DUMP", {"|"}, "text that bgpdump wrote"},
    {"BGP4MP", {"|"}, "text that bgpdump wrote"},
    {"prefix,entity", {}, "a table of prefixes"},
    {"time,text,source", {}, "annotations"},
    {"asn,name,access", {}, "a list of providers"},
    {"{", {"\"label\": \"SEMI-SYNTHETIC\"", "\"scenario\""}, "the list of files of a simulation"},
    {"{\"name\":", {"\"url\":", "\"retrieved_at\":"}, "the list of kept answers"},
};

const Known* known_format(std::string_view head) {
  std::string_view text = trimmed(head);
  while (text.starts_with('#')) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  for (const Known& known : kKnown) {
    const bool fits =
        text.starts_with(known.begins) &&
        std::all_of(known.holds.begin(), known.holds.end(), [&](std::string_view token) {
          return head.find(token) != std::string_view::npos;
        });
    if (fits) return &known;
  }
  // A tar archive says "ustar" in the header of its first member.
  static constexpr Known kTar{"", {}, "a tar archive"};
  return head.size() > 262 && head.substr(257, 5) == "ustar" ? &kTar : nullptr;
}

}  // namespace

bool recognises_not_read(std::string_view head, const ReadOptions&) {
  return known_format(head) != nullptr;
}

Reading read_nothing(std::span<const Input> inputs, const ReadOptions&) {
  Reading reading;
  for (const Input& input : inputs) {
    InputNote note{.name = input.lineage.name};
    const Result<std::string> head = read_head(input);
    const Known* const known = head ? known_format(*head) : nullptr;
    note.notes.push_back(
        fmt::format("{}: known, and not read yet", known == nullptr ? "unreadable" : known->what));
    reading.inputs.push_back(std::move(note));
  }
  return reading;
}

}  // namespace lightsout
