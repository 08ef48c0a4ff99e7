#!/usr/bin/env python3
"""check_names.py ROOT: no two files define a type of the same full name.

Two types of one name in one program are no error to a compiler or a linker: one of their destructors
is taken for both. Types in unnamed namespaces and inside of other types are of their file alone.
"""
import pathlib
import re
import sys

TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/|R\"\((?:.|\n)*?\)\"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])+'"
    r"|\bnamespace\s+(?P<space>[\w:]*)\s*\{"
    r"|\b(?P<enum>enum\s+)?(?:struct|class|union)\s+(?:\[\[[^\]]*\]\]\s*)?(?P<type>\w+)(?:\s+final)?\s*(?P<opens>:[^:;{][^;{]*\{|\{)"
    r"|(?P<brace>[{}])",
    re.S,
)


def types_of(text):
    """The full names of the types that a file defines for everyone."""
    stack, names = [], []
    for token in TOKEN.finditer(text):
        if token["space"] is not None:
            stack.append(("space", token["space"]))
        elif token["type"]:
            if all(kind == "space" and name for kind, name in stack):
                names.append("::".join([name for _, name in stack] + [token["type"]]))
            stack.append(("block", ""))
        elif token["brace"] == "{":
            stack.append(("block", ""))
        elif token["brace"] == "}" and stack:
            stack.pop()
    return names


def main():
    root = pathlib.Path(sys.argv[1])
    where = {}
    for file in sorted((root / "src").rglob("*.*")):
        if file.suffix not in (".h", ".cc"):
            continue
        # Tests and benchmarks of a module are programs of their own.
        program = file.parent.name if re.search(r"_(test|testing|fuzz|bench)$", file.stem) else ""
        for name in types_of(file.read_text(encoding="utf-8")):
            where.setdefault(name, []).append((program, file.relative_to(root)))
    bad = 0
    for name, files in sorted(where.items()):
        if len(files) < 2:
            continue
        for program, file in files:
            others = [f for p, f in files if f != file and (p == program or not p)]
            if others:
                print(f"{file}: {name} is also defined in {others[0]}")
                bad = 1
    sys.exit(bad)


main()
