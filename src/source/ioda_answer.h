// What IODA's API answered, judged before it is kept as a measurement.
//
// Only the shape is looked at here: is it the answer to what was asked, in the format that the
// reader knows? The numbers are read later (the IODA JSON reader). A shape that changed is said in
// one sentence that names the field.
//
// Format: docs/formats/ioda-api.md.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lightsout {

struct IodaShape {
  std::size_t series = 0;
  std::size_t values = 0;  // numbers and nulls over all series
  bool synthetic = false;  // metadata.synthetic: a test server made it
};

// malformed: not JSON (cut short, a login page). unsupported: JSON of another shape, or about
// something that was not asked for.
Result<IodaShape> ioda_signals_shape(std::string_view body, std::string_view entity_type,
                                     std::string_view entity_code, std::string_view datasource);

struct IodaRegion {
  std::string code;  // IODA's own number
  std::string name;
};

// The answer of /entities/query.
Result<std::vector<IodaRegion>> ioda_regions(std::string_view body);

// The text of `error` in an answer of status 400, for people; empty when there is none.
std::string ioda_error_text(std::string_view body);

}  // namespace lightsout
