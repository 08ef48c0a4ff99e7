// SPDX-License-Identifier: Apache-2.0
#include "pages/world.h"

#include <algorithm>

#include "web/built_files.h"

namespace lightsout {

namespace {

// What a path of ours is made of; anything else is not drawn.
bool is_path(std::string_view text) {
  return text.find_first_not_of("MmLlHhVvZzAaCcQqSsTt0123456789.,-+ e") == text.npos;
}

}  // namespace

WorldMap parse_world(std::string_view text) {
  constexpr std::string_view kViewBox = "# viewBox ";
  WorldMap world;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t tab = line.find('\t');
    if (line.starts_with(kViewBox)) {
      world.view_box = line.substr(kViewBox.size());
    } else if (tab != line.npos && is_path(line.substr(tab + 1))) {
      world.shapes.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
  }
  return world;
}

const WorldMap& world_shapes() {
  static const WorldMap world = [] {
    const BuiltFile* file = built_file("world.tsv");
    return file == nullptr ? WorldMap{} : parse_world(file->bytes);
  }();
  return world;
}

std::string_view part_of_world(std::string_view zone) {
  const std::string_view area = zone.substr(0, zone.find('/'));
  if (area == "Africa") return "africa";
  if (area == "America") return "america";
  if (area == "Asia") return "asia";
  if (area == "Europe") return "europe";
  return "oceans";
}

}  // namespace lightsout
