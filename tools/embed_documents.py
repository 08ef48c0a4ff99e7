#!/usr/bin/env python3
"""embed_documents.py OUT.cc FILE...: writes texts as one C++ array of (name, text), in the order of their names."""
import pathlib
import sys

out, *files = sys.argv[1:]
lines = [
    "// Made by tools/embed_documents.py; change the documents, not this file.",
    '#include "pages/documents.h"',
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
    "std::span<const EmbeddedDocument> embedded_documents() {",
    "  static const EmbeddedDocument documents[] = {",
    *entries,
    "  };",
    "  return documents;",
    "}",
    "",
    "}  // namespace lightsout",
    "",
]
pathlib.Path(out).write_text("\n".join(lines))
