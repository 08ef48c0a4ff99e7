#!/usr/bin/env python3
"""embed_cases.py OUT.cc FILE...: writes the files as one C++ array of (name, text), in the order of their names."""
import pathlib
import sys

out, *files = sys.argv[1:]
lines = [
    "// Made by tools/embed_cases.py from cases/; change those files, not this one.",
    '#include "cases/embedded.h"',
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
    "std::span<const EmbeddedFile> embedded_files() {",
    "  static const EmbeddedFile files[] = {",
    *entries,
    "  };",
    "  return files;",
    "}",
    "",
    "}  // namespace lightsout",
    "",
]
pathlib.Path(out).write_text("\n".join(lines))
