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
// out. DumpFormat::text is for people: at most 80 columns wide, `+` announced, `-` withdrawn, `=`
// in the table, `!` a session (docs/formats/mrt.md):
//
//   2022-01-05 10:30:00 + 198.51.100.0/24 from 192.0.2.1 AS64500: 64500 9198, igp, next
//       hop 192.0.2.1, communities 64500:100
//
// What cannot be read is in the Damage, and records of a type that we do not read are counted by
// name in the totals. The text is the same whatever the number of threads.
//
//   dump_files(archives, {.filter = *Filter::make(words), .threads = 2}, sink, damage);
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_source.h"
#include "core/damage.h"
#include "core/result.h"
#include "core/time.h"
#include "mrt/filter.h"
#include "mrt/merged_reader.h"

namespace lightsout::mrt {

enum class DumpFormat { bgpdump, jsonl, text };

// "bgpdump-m", "jsonl" or "text".
Result<DumpFormat> parse_dump_format(std::string_view text);

struct DumpOptions {
  DumpFormat format = DumpFormat::bgpdump;
  Filter filter;
  unsigned threads = 1;  // that make text; files are read ahead on as many
};

struct DumpTotals {
  std::uint64_t records = 0;
  std::uint64_t lines = 0;
  std::map<std::string, std::uint64_t> by_type;      // "TABLE_DUMP_V2/2" -> records
  std::map<std::string, std::uint64_t> unsupported;  // the same, for what has no lines
  bool stopped = false;                              // the sink wanted no more
};

// Pieces of text of some hundred KiB, cut at line ends, in order, on the thread of the caller.
// False: no more, please.
using TextSink = std::function<bool(std::string_view)>;

// An Error only when nothing of the input could be read.
Result<DumpTotals> dump(ByteSource& source, const DumpOptions& options, const TextSink& sink,
                        Damage& damage, const std::string& file);

// Several files as one stream in the order of time, see merged_reader.h.
Result<DumpTotals> dump_files(std::vector<Archive> archives, const DumpOptions& options,
                              const TextSink& sink, Damage& damage);

}  // namespace lightsout::mrt
