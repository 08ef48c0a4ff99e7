#!/usr/bin/env python3
"""embed_files.py OUT.cc HEADER TYPE FUNCTION FILE...: writes the files as one C++ array of (name, text), in the order of their names.

HEADER declares `struct TYPE { std::string_view name, text; }` and `std::span<const TYPE> FUNCTION()`.
"""
import pathlib
import sys

out, header, kind, function, *files = sys.argv[1:]
lines = [
    "// Made by tools/embed_files.py; change the files that it was made from, not this one.",
    f'#include "{header}"',
    "",
    "namespace lightsout {",
    "namespace {",
]
entries = []
for number, file in enumerate(sorted(files, key=lambda f: pathlib.Path(f).name)):
    data = pathlib.Path(file).read_bytes()
    lines.append(f"constexpr unsigned char kText{number}[] = {{")
    for begin in range(0, len(data), 24):
        lines.append(",".join(str(byte) for byte in data[begin : begin + 24]) + ",")
    lines.append("0};")
    entries.append(
        f'    {{"{pathlib.Path(file).name}", {{reinterpret_cast<const char*>(kText{number}), {len(data)}}}}},'
    )
lines += [
    "}  // namespace",
    "",
    f"std::span<const {kind}> {function}() {{",
    f"  static const {kind} files[] = {{",
    *entries,
    "  };",
    "  return files;",
    "}",
    "",
    "}  // namespace lightsout",
    "",
]
pathlib.Path(out).write_text("\n".join(lines))
