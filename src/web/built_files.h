// Built files: what web/ makes for browsers, kept in the program: the script of the pages, its
// parts and the shapes of the world.
//
// tools/build-web makes them with Node; a program that is built without it has none, and every page
// is complete all the same: it carries no script, and a map no shapes.
//
//   if (!script_path().empty()) head.empty("script", {{"src", std::string(script_path())}, ...});
//   const BuiltFile* shapes = built_file("world.tsv");  // nullptr: not built
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lightsout {

struct BuiltFile {
  std::string_view name;  // "assets/lightsout-5f0c22aa91e7.js"; below "assets/": for browsers
  std::string_view bytes;
};

// By name.
std::span<const BuiltFile> built_files();

const BuiltFile* built_file(std::string_view name);

// What a page loads: "/assets/lightsout-5f0c22aa91e7.js"; empty when nothing was built.
std::string_view script_path();

}  // namespace lightsout
