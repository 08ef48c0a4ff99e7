// dump: MRT as text, one line for each route that a peer announced or withdrew.
//
// DumpFormat::bgpdump is the text of `bgpdump -m`, line by line, which much software reads:
//
//   BGP4MP|1641378600|A|192.0.2.1|64500|198.51.100.0/24|64500 9198|IGP|192.0.2.1|0|0||NAG||
//   BGP4MP|1641378600|W|192.0.2.1|64500|198.51.100.0/24
//   BGP4MP|1641378600|STATE|192.0.2.1|64500|6|1
//   TABLE_DUMP2|1641378600|B|192.0.2.1|64500|198.51.100.0/24|64500 9198|IGP|192.0.2.1|0|0||NAG||
//
// DumpFormat::jsonl says the same as one JSON object a line, with the fields that bgpdump leaves
// out (docs/formats/mrt.md). What cannot be read is in the Damage, and records of a type that we do
// not read are counted by name in the totals.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/byte_source.h"
#include "core/damage.h"
#include "core/result.h"
#include "core/time.h"

namespace lightsout::mrt {

enum class DumpFormat { bgpdump, jsonl };

// "bgpdump-m" or "jsonl".
Result<DumpFormat> parse_dump_format(std::string_view text);

struct DumpTotals {
  std::uint64_t records = 0;
  std::uint64_t lines = 0;
  std::map<std::string, std::uint64_t> by_type;      // "TABLE_DUMP_V2/2" -> records
  std::map<std::string, std::uint64_t> unsupported;  // the same, for what has no lines
};

// Pieces of text of about 64 KiB, cut at line ends.
using TextSink = std::function<void(std::string_view)>;

// An Error only when nothing of the input could be read.
Result<DumpTotals> dump(ByteSource& source, DumpFormat format, const TextSink& sink, Damage& damage,
                        const std::string& file);

}  // namespace lightsout::mrt
