#!/usr/bin/env python3
"""embed_web.py OUT.cc FOLDER FILE...: what tools/build-web made in FOLDER as one C++ array of (name, bytes)."""
import pathlib
import sys

out, folder, *files = sys.argv[1:]
named = sorted((pathlib.Path(file).relative_to(folder).as_posix(), pathlib.Path(file)) for file in files)
lines = [
    "// Made by tools/embed_web.py from what tools/build-web made; change web/, not this.",
    '#include "web/built_files.h"',
    "",
    "namespace lightsout {",
    "namespace {",
]
entries = []
for number, (name, file) in enumerate(named):
    data = file.read_bytes()
    lines.append(f"constexpr unsigned char kBytes{number}[] = {{")
    lines += [",".join(map(str, data[begin : begin + 32])) + "," for begin in range(0, len(data), 32)]
    lines.append("0};")
    entries.append(f'      {{"{name}", {{reinterpret_cast<const char*>(kBytes{number}), {len(data)}}}}},')
lines += ["}  // namespace", "", "std::span<const BuiltFile> built_files() {"]
lines += ["  static const BuiltFile files[] = {", *entries, "  };", "  return files;"] if entries else ["  return {};"]
lines += ["}", "", "}  // namespace lightsout", ""]
pathlib.Path(out).write_text("\n".join(lines))
