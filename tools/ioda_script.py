#!/usr/bin/env python3
"""A script as people write them for IODA's API v2: only the host differs.

    tools/ioda_script.py BASE_OF_IODA/v2                      KZ 1641340800 1641945600
    tools/ioda_script.py http://127.0.0.1:8080/compat/ioda/v2 KZ 1641340800 1641945600

It looks a country up, lists the datasources, takes each signal, finds the deepest fall in it, and
reads alerts, events and the summary. It uses no field that IODA's published shapes do not have.
Exit code 0: all of it was there. 1: an answer had another shape. 3: nothing was measured.
"""
import json
import statistics
import sys
import urllib.request

MOST_BYTES = 64 << 20  # of one answer; a 90-day raw signal has a few hundred kB
ENVELOPE = {"type", "metadata", "requestParameters", "error", "perf", "data", "copyright"}


def ask(base, path):
    with urllib.request.urlopen(base + path, timeout=30) as answer:
        body = json.loads(answer.read(MOST_BYTES))
    missing = ENVELOPE - body.keys()
    if missing or body["error"] is not None:
        sys.exit(f"{path}: {sorted(missing)} missing, error {body.get('error')}")
    return body["data"]


def main():
    base, country, begin, end = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    base = base.rstrip("/")
    span = f"from={begin}&until={end}"
    who = f"entityType=country&entityCode={country}"

    entities = ask(base, f"/entities/query?{who}")
    if not entities:
        return 3
    print(f"{entities[0]['name']} ({entities[0]['type']} {entities[0]['code']}, {entities[0]['attrs']['fqid']})")

    for source in ask(base, "/datasources/"):
        for per_entity in ask(base, f"/signals/raw/country/{country}?{span}&datasource={source['datasource']}"):
            for series in per_entity:
                values = series["values"]
                known = [value for value in values if isinstance(value, (int, float))]
                if not known:
                    continue
                middle = statistics.median(known)
                lowest = min(range(len(values)), key=lambda i: values[i] if values[i] is not None else 1e300)
                share = values[lowest] / middle if middle else 0
                print(f"  {source['name']}: {len(known)} of {len(values)} bins of {series['step']} s, median {middle:g} "
                      f"{source['units']}, lowest {share:.2f} of it at {series['from'] + lowest * series['step']}")

    alerts = ask(base, f"/outages/alerts?{span}&{who}")
    for alert in alerts[:3]:
        print(f"  alert {alert['time']} {alert['datasource']} {alert['level']}: "
              f"{alert['value']} after {alert['historyValue']} ({alert['entity']['name']})")
    events = ask(base, f"/outages/events?{span}&{who}")
    for event in events[:3]:
        print(f"  event {event['location']} ({event['location_name']}) from {event['start']} for {event['duration']} s, "
              f"{event['datasource']}.{event['method']}, score {event['score']:g}, status {event['status']}")
    for row in ask(base, f"/outages/summary?{span}&{who}"):
        print(f"  summary {row['entity']['name']}: {row['event_cnt']} events, overall {row['scores']['overall']:g}")
    print(f"  {len(alerts)} alerts, {len(events)} events")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyError, IndexError, TypeError, ValueError) as wrong:
        sys.exit(f"another shape than IODA's: {wrong!r}")
