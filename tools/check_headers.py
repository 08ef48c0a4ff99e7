#!/usr/bin/env python3
"""Fails when a header of ours does not compile on its own. A header x.h that x.cc includes before all
else has shown it when x.cc was built; each of the others is included first in a file of its own here.

    tools/check_headers.py BUILD_DIR    BUILD_DIR holds compile_commands.json
"""
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
build = pathlib.Path(sys.argv[1]).resolve()
commands = json.loads((build / "compile_commands.json").read_text())
by_module = {}
for entry in commands:
    path = pathlib.Path(entry["file"])
    # What has a precompiled header would find every include there.
    if root / "src" in path.parents and "cmake_pch" not in entry["command"]:
        by_module.setdefault(path.parent.name, entry)

work = build / "headers"
work.mkdir(exist_ok=True)


def check(header):
    entry = by_module.get(header.parent.name)
    if entry is None:
        return None
    text = f'#include "{header.relative_to(root / "src")}"\n#include "{header.relative_to(root / "src")}"\n'
    probe = work / (str(header.relative_to(root / "src")).replace("/", "__") + ".cc")
    if not probe.exists() or probe.read_text() != text:
        probe.write_text(text)
    words = shlex.split(entry["command"])
    words = words[: words.index("-o")] + ["-fsyntax-only", "-DLIGHTSOUT_SOURCE_DIR=\"\"", str(probe)]
    words = [w for w in words if not w.endswith("ccache") and w not in ("-MD", "-c")]
    for flag in ("-MT", "-MF"):
        if flag in words:
            at = words.index(flag)
            del words[at:at + 2]
    done = subprocess.run(words, cwd=entry["directory"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"{header.relative_to(root)} does not compile alone:\n{done.stderr[:800]}"


def shown_by_its_source(header):
    source = header.with_suffix(".cc")
    if not source.exists():
        return False
    first = next((line for line in source.read_text().splitlines() if line.startswith("#include")), "")
    return first == f'#include "{header.relative_to(root / "src")}"'


everything = sorted((root / "src").glob("*/*.h"))
headers = [header for header in everything if not shown_by_its_source(header)]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    faults = [fault for fault in pool.map(check, headers) if fault]
print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
print(f"{len(everything)} headers, {len(headers)} looked at here, {len(faults)} do not stand alone")
sys.exit(1 if faults else 0)
