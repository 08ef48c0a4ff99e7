// random_scenario: a made-up country and a made-up blackout, or none, from a number.
//
// The text is returned rather than the values, so that any of them can be kept, read and run by
// hand: a failing number becomes a file. Six weeks, of which the last two may hold cuts: of
// everything, of mobile networks or of one provider, from 15 to 100 % deep, from an hour to ten
// days long, at any minute, with or without withdrawn routes, windows, slow onsets. One in four is
// quiet. Holidays and gaps of a source are strewn over all of them.
//
//   const Scenario scenario = *parse_scenario(random_scenario(17));
//   for (const Series& series : draw_series(scenario, pool)) ...
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace lightsout {

std::string random_scenario(std::uint64_t number);

}  // namespace lightsout
