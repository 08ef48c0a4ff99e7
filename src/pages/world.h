// World: the shapes of countries as SVG paths, where tools/build-web has made them, and the
// part of the world that a country is listed under.
//
// Shapes come from Natural Earth (public domain); a shape is a drawing for finding a country, never
// a position on borders. Without them world_shapes() is empty and the map is a grid of tiles.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace lightsout {

struct CountryShape {
  std::string_view alpha2;  // "-": land without a code
  std::string_view path;    // of an SVG path element
};

struct WorldMap {
  std::string_view view_box;  // "0 0 1000 487"
  std::vector<CountryShape> shapes;
};

// Reads lines of "KZ<TAB>M680 141l...", with "# viewBox 0 0 1000 487" first.
WorldMap parse_world(std::string_view text);

// Those that the web build made (web/built_files.h), read once.
const WorldMap& world_shapes();

// "africa", "america", "asia", "europe", "oceans": after the IANA zone of the capital.
std::string_view part_of_world(std::string_view zone);

}  // namespace lightsout
