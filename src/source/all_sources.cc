// SPDX-License-Identifier: Apache-2.0
#include "source/columns.h"
#include "source/ioda_csv.h"
#include "source/ioda_json.h"
#include "source/mrt_source.h"
#include "source/not_read.h"
#include "source/ooni_json.h"
#include "source/psiphond_json.h"
#include "source/source.h"
#include "source/tidy_csv.h"
#include "source/tool_csv.h"
#include "source/tor_csv.h"

namespace lightsout {

// Asked in this order; the first that recognises an input reads it. A mapping that a person
// declared comes before what we would guess.
std::span<const Source> all_sources() {
  static constexpr Source kSources[] = {
      {"columns-csv", "any CSV, by the columns named with --columns", recognises_columns,
       read_columns},
      {"tidy-csv", "time,entity,signal,value: one row a sample", recognises_tidy_csv,
       read_tidy_csv},
      {"ioda-csv", "the CSV that IODA's pages export", recognises_ioda_csv, read_ioda_csv},
      {"ioda-json", "answers of IODA's API v2, /signals/raw", recognises_ioda_json, read_ioda_json},
      {"tor-csv", "Tor Metrics: users by country or transport", recognises_tor_csv, read_tor_csv},
      {"tool-csv", "users of circumvention tools, one row a day", recognises_tool_csv,
       read_tool_csv},
      {"psiphond-json", "the log of Psiphon's server: unique_user and server_load lines",
       recognises_psiphond_json, read_psiphond_json},
      {"ooni-json", "OONI: aggregation answers, lists of measurements, JSON lines",
       recognises_ooni_json, read_ooni_json},
      {"mrt", "routing tables and updates as MRT, BMP or RIS Live, with prefix tables",
       recognises_mrt, read_mrt},
      // Add yours here.
      {"not-read", "formats that are known and not read yet", recognises_not_read, read_nothing},
  };
  return kSources;
}

}  // namespace lightsout
