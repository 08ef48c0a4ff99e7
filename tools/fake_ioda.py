#!/usr/bin/env python3
"""A loopback server that speaks the shapes of IODA's API, for tests. Its numbers are made up.

    python3 tools/fake_ioda.py            prints the port it listens on (127.0.0.1 only), then serves
    http://127.0.0.1:PORT/MODE/v2         is the base address to hand to `lightsout --ioda-base`

MODE says how well the server behaves:

    ok        every datasource answers
    slow      every answer takes --delay seconds
    stall     half of an answer, and then nothing more
    partial   bgp answers; ping-slash24 first says 503; gtr is first cut short; merit-nt is 404;
              mozilla is empty
    down      503 to everything
    changed   the field `values` has another name
    flood     an answer without end
    hostile   hostile names, redirects to files and in circles, the wrong country

The series follow what was reported about Kazakhstan in January 2022: a daily wave from 22 November
2021, mobile traffic reduced on 4 January 14:30 UTC, the national cut on 5 January 10:30, six windows
of some hours, back on 11 January 02:15. Routes stay announced while probing, telescope and traffic
fall. Every other country has the wave and no cut. All of it is a function of the seed, the entity,
the datasource and the time of the bin, so that every question has one answer, and every answer says
`"synthetic": true` in its metadata.

The server ends with its parent, or on SIGTERM.
"""
import argparse
import hashlib
import json
import math
import os
import signal
import sys
import threading
import time
from calendar import timegm
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

COPYRIGHT = "Synthetic test data; not a measurement, and not IODA's."
LONGEST_SPAN = 100 * 86400  # the API refuses this and more
FLOOD_BYTES = 4 * 1024**3

# step in seconds, ordinary level, depth of the daily wave, noise, and what is left in the cut
DATASOURCES = {
    "bgp": dict(step=300, level=10400, wave=0.0, noise=0.0005, left=0.996, name="BGP"),
    "ping-slash24": dict(step=600, level=6300, wave=0.03, noise=0.004, left=0.05, name="Probing"),
    "merit-nt": dict(step=300, level=850, wave=0.25, noise=0.03, left=0.05, name="Telescope"),
    "gtr": dict(step=1800, level=60000, wave=0.55, noise=0.015, left=0.02, name="Google"),
    "mozilla": dict(step=3600, level=5200, wave=0.55, noise=0.02, left=0.03, name="Mozilla"),
}
ENTITY_TYPES = ("continent", "country", "region", "county", "asn", "geoasn")
KAZAKH_NETWORKS = ("9198", "29355", "48503", "21299")
REGIONS = {"KZ": {"2301": "Almaty", "2302": "Astana", "2303": "Mangystau", "2304": "Aktobe"}}


def at(text):
    return timegm(time.strptime(text + " 2022", "%d %b %H:%M %Y"))


MOBILE_REDUCED = at("4 Jan 14:30")
CUT = (at("5 Jan 10:30"), at("11 Jan 02:15"))
FALL_SECONDS = 45 * 60  # 10:30 to 11:15
WINDOWS = [
    (at("5 Jan 17:30"), at("5 Jan 22:00")),
    (at("6 Jan 10:30"), at("6 Jan 14:00")),
    (at("7 Jan 02:30"), at("7 Jan 06:00")),
    (at("8 Jan 02:30"), at("8 Jan 10:00")),
    (at("9 Jan 02:30"), at("9 Jan 06:00")),
    (at("10 Jan 02:00"), at("10 Jan 07:00")),
]
WINDOW_SHARE = 0.75  # what comes back of the lost part in a window
MOBILE_SHARE = 0.82  # traffic with mobile networks throttled


def noise(*key):
    """Between -1 and 1, the same for the same key, about normal in the middle."""
    digest = hashlib.blake2b("/".join(map(str, key)).encode(), digest_size=16).digest()
    parts = [int.from_bytes(digest[i : i + 4], "big") / 2**32 for i in range(0, 16, 4)]
    return (sum(parts) - 2) / 2


def is_kazakh(entity_type, code):
    if entity_type == "region":
        return code in REGIONS["KZ"]
    return code.split("-")[-1] == "KZ" or (entity_type == "asn" and code in KAZAKH_NETWORKS)


def lost(when):
    """How much of the cut is in force: 0 before and after, 1 in the cut, less in a window."""
    if not CUT[0] <= when < CUT[1]:
        return 0.0
    if any(begin <= when < end for begin, end in WINDOWS):
        return 1.0 - WINDOW_SHARE
    return min(1.0, (when - CUT[0] + 300) / FALL_SECONDS)


def value(seed, entity_type, code, datasource, when):
    """The number of one bin, or None: some bins are missing everywhere."""
    kind = DATASOURCES[datasource]
    key = (seed, entity_type, code, datasource, when)
    if noise("missing", *key) > 0.86:  # about 3 in 10,000
        return None
    local_hour = (when / 3600 + 6) % 24
    wave = 1 + kind["wave"] * math.cos((local_hour - 20) / 24 * 2 * math.pi)
    weekend = 1 - 0.08 * (datasource in ("gtr", "mozilla")) * ((when // 86400 + 3) % 7 >= 5)
    share = 1.0
    if is_kazakh(entity_type, code):
        if MOBILE_REDUCED <= when < CUT[0] and datasource in ("gtr", "mozilla", "merit-nt"):
            share = MOBILE_SHARE
        share *= 1 - lost(when) * (1 - kind["left"])
    size = 1.0 if entity_type == "country" else 0.2
    random = 1 + kind["noise"] * noise(*key)
    return max(0, round(kind["level"] * size * wave * weekend * share * random))


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(seconds))


def envelope(kind, parameters, data, error=None):
    return {
        "type": kind,
        "metadata": {
            "requestTime": iso(0),
            "responseTime": iso(0),
            "synthetic": True,
            "note": "made up by tools/fake_ioda.py for tests; not a measurement",
        },
        "requestParameters": parameters,
        "error": error,
        "perf": None,
        "data": data,
        "copyright": COPYRIGHT,
    }


def text_of(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


class Refused(Exception):
    """Becomes status 400 with the text in `error`."""


def signals(seed, entity_type, code, query):
    if entity_type not in ENTITY_TYPES:
        raise Refused(f"unknown entity type {entity_type}")
    try:
        begin, end = int(query["from"]), int(query["until"])
    except (KeyError, ValueError):
        raise Refused("from and until must be given in seconds") from None
    if not 0 < end - begin < LONGEST_SPAN:
        raise Refused("the span must be shorter than 100 days")
    wanted = query.get("datasource")
    if wanted is not None and wanted not in DATASOURCES:
        raise Refused(f"unknown datasource {wanted}")
    now = time.time()
    found = []
    for datasource in [wanted] if wanted else DATASOURCES:
        step = DATASOURCES[datasource]["step"]
        first = begin - begin % step
        values = [
            value(seed, entity_type, code, datasource, when) if when + step <= now else None
            for when in range(first, end, step)
        ]
        found.append(
            {
                "entityType": entity_type,
                "entityCode": code,
                "entityName": {"KZ": "Kazakhstan"}.get(code, f"{entity_type} {code}"),
                "entityFqid": f"fake.{entity_type}.{code}",
                "datasource": datasource,
                "subtype": "WEB_SEARCH" if datasource == "gtr" else "",
                "from": first,
                "until": first + step * len(values),
                "step": step,
                "nativeStep": step,
                "values": values,
            }
        )
    asked = {"from": begin, "until": end, "datasource": wanted}
    return envelope("signals", {**asked, "sourceParams": None, "maxPoints": None}, [found])


def entities(query):
    country = query.get("relatedTo", "").partition("/")[2]
    found = [
        {"code": code, "name": name, "type": "region", "subnames": [],
         "attrs": {"fqid": f"fake.region.{code}", "country_code": country}}
        for code, name in REGIONS.get(country, {}).items()
    ]
    return envelope("entities.lookup", query, found)


def datasources():
    found = [{"datasource": key, "name": kind["name"]} for key, kind in DATASOURCES.items()]
    return envelope("datasources", [], found)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = set()  # addresses asked for before, for answers that fail the first time only

    def do_GET(self):
        url = urlsplit(self.path)
        mode, _, rest = url.path.lstrip("/").partition("/")
        query = {key: found[0] for key, found in parse_qs(url.query).items()}
        first_time = self.path not in Handler.seen
        Handler.seen.add(self.path)
        behave = getattr(self, "mode_" + mode, None)
        if behave is None or not rest.startswith("v2/"):
            self.send(404, envelope("error", query, None, "no such address"))
            return
        behave(rest[3:], query, first_time)

    # What an obedient server says.
    def answer(self, path, query):
        parts = path.strip("/").split("/")
        try:
            if parts[:2] == ["signals", "raw"] and len(parts) == 4:
                return 200, signals(self.server.seed, parts[2], parts[3], query)
            if parts == ["entities", "query"]:
                return 200, entities(query)
            if parts == ["datasources"]:
                return 200, datasources()
        except Refused as reason:
            return 400, envelope("signals", query, None, str(reason))
        return 404, envelope("error", query, None, "no such address")

    def send(self, status, body, headers=(), cut_at=None):
        text = body if isinstance(body, bytes) else text_of(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, content in headers:
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(text[:cut_at])
        if cut_at is not None:
            self.close_connection = True

    def mode_ok(self, path, query, first_time):
        self.send(*self.answer(path, query))

    def mode_slow(self, path, query, first_time):
        time.sleep(self.server.delay)
        self.send(*self.answer(path, query))

    def mode_stall(self, path, query, first_time):
        status, body = self.answer(path, query)
        text = text_of(body)
        self.send(status, text, cut_at=len(text) // 2)
        self.wfile.flush()
        time.sleep(60)

    def mode_down(self, path, query, first_time):
        self.send(503, b"", [("Retry-After", "1")])

    def mode_partial(self, path, query, first_time):
        datasource = query.get("datasource")
        status, body = self.answer(path, query)
        if datasource == "ping-slash24" and first_time:
            self.send(503, b"busy", [("Retry-After", "1")])
        elif datasource == "gtr" and first_time:
            text = text_of(body)
            self.send(status, text, cut_at=len(text) // 2)
        elif datasource == "merit-nt":
            self.send(404, envelope("signals", query, None, "no such series"))
        elif datasource == "mozilla":
            self.send(200, envelope("signals", query, [[]]))
        else:
            self.send(status, body)

    def mode_changed(self, path, query, first_time):
        status, body = self.answer(path, query)
        for found in body["data"][0] if body["type"] == "signals" else []:
            found["points"] = found.pop("values")
        self.send(status, body)

    def mode_flood(self, path, query, first_time):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(FLOOD_BYTES))
        self.end_headers()
        block = b" " * 65536
        for _ in range(FLOOD_BYTES // len(block)):
            self.wfile.write(block)

    def mode_hostile(self, path, query, first_time):
        datasource = query.get("datasource")
        status, body = self.answer(path, query)
        if datasource == "merit-nt":
            self.send(302, b"", [("Location", "file:///etc/hostname")])
        elif datasource == "gtr":
            self.send(302, b"", [("Location", self.path)])
        elif datasource == "mozilla":
            body["data"][0][0]["entityCode"] = "KG"
            self.send(status, body)
        elif datasource == "ping-slash24":
            body["data"][0][0]["values"][:6] = ["many", -1, 1e300, {}, [], True]
            self.send(status, body)
        elif datasource == "bgp":
            body["data"][0][0]["entityName"] = "<script>alert(1)</script>\x1b[2J\u202eKZ\x00"
            self.send(status, body)
        else:
            self.send(status, body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # clients that hang up early are part of the tests


def end_with_parent():
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(0)


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--seed", type=int, default=20220105)
    arguments.add_argument("--delay", type=float, default=0.3, help="seconds, for the mode slow")
    arguments.add_argument("--stay", action="store_true", help="do not end with the parent process")
    given = arguments.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    server.seed, server.delay = given.seed, given.delay
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if not given.stay:
        threading.Thread(target=end_with_parent, daemon=True).start()
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
