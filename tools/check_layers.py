#!/usr/bin/env python3
"""Fails when an #include disagrees with the table in src/CMakeLists.txt, or io/ is included outside a main."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
table = {}
for line in (root / "src/CMakeLists.txt").read_text().splitlines():
    match = re.match(r"module\((\w+)\s*([\w\s]*)\)", line)
    if match:
        table[match[1]] = {match[1], *match[2].split()}

faults = []
for module in sorted(path.name for path in (root / "src").iterdir() if path.is_dir()):
    if module not in table:
        faults.append(f"src/{module}: not in the table of src/CMakeLists.txt")
        continue
    for path in sorted((root / "src" / module).iterdir()):
        if path.suffix not in (".h", ".cc"):
            continue
        for number, text in enumerate(path.read_text().splitlines(), 1):
            match = re.match(r'#include "(\w+)/', text)
            if not match:
                continue
            where = f"{path.relative_to(root)}:{number}"
            if match[1] not in table[module]:
                faults.append(f"{where}: {module} may not include {match[1]}; see src/CMakeLists.txt")
            elif match[1] == "io" and module != "io" and not path.name.endswith("main.cc") and path.name != "real_world.cc":
                faults.append(f"{where}: only a main and app/real_world.cc may include io/; take the seam from core/ instead")
print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
sys.exit(1 if faults else 0)
