# SPDX-License-Identifier: ISC
"""feed.py: calendar feeds as Debian's calendar libraries read them, for tests/cli/feed.mjs. Everything is JSON.

feed.py plan ZONE ...   {ZONE: [{title, dates, start, end}]}: weekly runs over the clock changes of 2026 and 2027
feed.py read FILE ...   {FILE: {faults, events, zones}}: what icalendar and recurring_ical_events make of it
feed.py times           [[[starts, lasts]]], in seconds by zoneinfo, of lists of runs on standard input, each as `turnout calendar list --json` has it
"""
import datetime
import json
import sys
import zoneinfo

import icalendar
import recurring_ical_events

YEARS = (2026, 2027)
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
OTHER_NAME = "X-"  # put before a zone's name, it is unknown to the libraries: the file's own VTIMEZONE counts


def changes_of(zone):
    """The clock's changes of a zone: (wall time before, seconds forward)."""
    moment = datetime.datetime(YEARS[0], 1, 1, tzinfo=datetime.timezone.utc)
    end = datetime.datetime(YEARS[-1] + 1, 1, 1, tzinfo=datetime.timezone.utc)
    offset = lambda instant: instant.astimezone(zone).utcoffset()
    while moment < end:
        if offset(moment) != offset(moment + DAY):
            at = next(moment + n * MINUTE for n in range(1441) if offset(moment + n * MINUTE) != offset(moment))
            yield (at - MINUTE).astimezone(zone).replace(tzinfo=None) + MINUTE, int((offset(at) - offset(at - MINUTE)).total_seconds())
        moment += DAY


def plan(name):
    zone, runs = zoneinfo.ZoneInfo(name), {}
    # Where the clock never changes, it must not do so when London's does.
    changes = list(changes_of(zone)) or [(wall, 0) for wall, _ in changes_of(zoneinfo.ZoneInfo("Europe/London"))]
    for wall, forward in changes:
        low, high = min(wall, wall + datetime.timedelta(seconds=forward)), max(wall, wall + datetime.timedelta(seconds=forward))
        starts = {"before": low - 30 * MINUTE, "inside": low + (high - low) / 2, "after": high + 30 * MINUTE, "evening": wall.replace(hour=18, minute=30)}
        for word, start in starts.items():
            end = "" if word == "evening" else f"{start + 60 * MINUTE:%H:%M}"
            dates = runs.setdefault((f"{word} {start:%H:%M}", f"{start:%H:%M}", end), set())
            dates |= {str((start + weeks * 7 * DAY).date()) for weeks in range(-3, 4)}
    return [{"title": title, "dates": sorted(dates), "start": start, "end": end} for (title, start, end), dates in runs.items()]


def instant_of(moment, name):
    """In seconds, as RFC 5545 3.3.5 has it: of a time that occurs twice the first, one that is skipped by the offset before. pytz goes by is_dst."""
    wall, zone = moment.replace(tzinfo=None), zoneinfo.ZoneInfo(name)
    offsets = [wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    choices = [int(moment.tzinfo.localize(wall, is_dst=is_dst).timestamp()) for is_dst in (False, True)]
    return max(choices) if offsets[0] < offsets[1] else min(choices)


def check_lines(data, faults):
    lines = data.split(b"\r\n")
    if lines[-1] != b"" or any(b"\n" in line or b"\r" in line for line in lines):
        faults.append("a line does not end in CRLF")
    if any(len(line) > 75 for line in lines):
        faults.append("a line has more than 75 octets")
    for line in lines:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            faults.append("a character is cut in two")


def read_event(event, occurrence, zone):
    start, end = occurrence["DTSTART"].dt, occurrence["DTEND"].dt
    alarms = [[str(each["ACTION"]), each["TRIGGER"].dt.total_seconds(), str(each["DESCRIPTION"])] for each in event.walk("VALARM")]
    texts = {key.lower(): str(event.get(key, "")) for key in ("UID", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION", "URL")}
    return {**texts, "sequence": int(event["SEQUENCE"]), "zone": zone, "wall": start.strftime("%Y-%m-%dT%H:%M"), "starts": instant_of(start, zone),
            "lasts": end.timestamp() - start.timestamp(), "alarms": alarms}


def read(path):
    data, faults = open(path, "rb").read(), []
    check_lines(data, faults)
    readings = []
    for prefix in ("", OTHER_NAME):
        text = data.decode("utf-8").replace("TZID:", f"TZID:{prefix}").replace("TZID=", f"TZID={prefix}")
        calendar = icalendar.Calendar.from_ical(text)
        if not calendar.subcomponents:
            faults.append("the calendar is empty")
        zones = [str(each["TZID"])[len(prefix):] for each in calendar.walk("VTIMEZONE")]
        events = {str(each["UID"]): each for each in calendar.walk("VEVENT")}
        if len(events) != len(calendar.walk("VEVENT")):
            faults.append("a UID is there twice")
        names = {uid: event["DTSTART"].params["TZID"][len(prefix):] for uid, event in events.items()}
        faults += [f"no VTIMEZONE for {name}" for name in set(names.values()) - set(zones)]
        faults += [f"{uid} has both DTEND and DURATION" for uid, event in events.items() if "DTEND" in event and "DURATION" in event]
        found = recurring_ical_events.of(calendar).between(datetime.datetime(2020, 1, 1), datetime.datetime(2040, 1, 1))
        if sorted(str(each["UID"]) for each in found) != sorted(events):
            faults.append("not every event occurs once")
        readings.append(sorted((read_event(events[str(each["UID"])], each, names[str(each["UID"])]) for each in found), key=lambda one: one["uid"]))
    if readings[0] != readings[1]:
        pairs = [pair for pair in zip(*readings) if pair[0] != pair[1]]
        faults.append(f"by its own VTIMEZONE {len(pairs)} times are others: {pairs[:2]}")
    return {"faults": faults, "events": readings[0], "zones": zones}


def times(run):
    """An end before the start is of the next day; the clock may swallow the whole run; without an end it lasts an hour."""
    zone = zoneinfo.ZoneInfo(run["zone"])
    instant = lambda time, days: int((datetime.datetime.fromisoformat(f"{run['date']}T{time}") + days * DAY).replace(tzinfo=zone).timestamp())
    starts = instant(run["start"], 0)
    ends = starts + 3600 if run["end"] == "" else instant(run["end"], run["end"] < run["start"])
    return [starts, max(ends - starts, 0)]


if sys.argv[1] == "times":
    print(json.dumps([[times(each) for each in runs] for runs in json.load(sys.stdin)]))
else:
    print(json.dumps({word: (plan if sys.argv[1] == "plan" else read)(word) for word in sys.argv[2:]}))
