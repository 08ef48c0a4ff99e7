#!/usr/bin/env python3
"""embed_messages.py OUT.cc FILE...: messages/<language>/<area>.messages as one C++ array of (language, key, text)."""
import pathlib
import sys

out, *files = sys.argv[1:]
entries = []
for file in sorted(pathlib.Path(f) for f in files):
    seen = set()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, equals, text = line.partition(" = ")
        if not equals or not key or key != key.strip() or not text.strip():
            sys.exit(f"{file}:{number}: a line is `key = text`, a comment or empty")
        if key in seen:
            sys.exit(f"{file}:{number}: {key} stands twice")
        seen.add(key)
        quoted = text.strip().replace("\\", "\\\\").replace('"', '\\"')
        entries.append(f'    {{"{file.parent.name}", "{key}", "{quoted}"}},')
lines = [
    "// Made by tools/embed_messages.py from messages/; change those files, not this one.",
    '#include "language/embedded.h"',
    "",
    "namespace lightsout {",
    "",
    "std::span<const EmbeddedMessage> embedded_messages() {",
    "  static constexpr EmbeddedMessage messages[] = {",
    *entries,
    "  };",
    "  return messages;",
    "}",
    "",
    "}  // namespace lightsout",
    "",
]
pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")
