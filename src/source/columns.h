// Any CSV by a declared mapping: which column is the time, which the value, and what they mean.
//
//   --columns time=date and time,value=value,signal=google/youtube,unit=percent_of_max
//   --columns time=time_e,value=connectivity,entity=name_1,prefix=region:VE-,tz=-4,plane=data
//   --columns time=time_local,value=latency_indx,tz=timezone_offset,where=country_iso_name:Ukraine,
//             entity=adm1_name,prefix=region:UA-,unit=index,worse=high
//   --columns time=time_local_str,value=count,step=3600,tz=+06:30,plane=data
//
// value=count counts the rows of each bin and value=distinct:COLUMN the different texts; both need
// a step, and a bin without rows is 0 then, because the file lists only what was seen. With a step
// and a plain value, the rows of a bin are averaged. docs/formats/inputs.md explains each key.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "source/source.h"

namespace lightsout {

// `zone_of` finds a time zone by name ("America/Caracas"); without it only offsets are understood.
Result<ColumnMapping> parse_columns(
    std::string_view text,
    const std::function<Result<Zone>(const std::string& name)>& zone_of = {});

// "+6", "-04:00", "UTC+5:30", "5.5", "Z": seconds east of Greenwich, at most 15 hours.
Result<Seconds> parse_offset(std::string_view text);

bool recognises_columns(std::string_view head, const ReadOptions& options);
Reading read_columns(std::span<const Input> inputs, const ReadOptions& options);

}  // namespace lightsout
