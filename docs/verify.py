#!/usr/bin/env python3
"""meetingbot audit --format json --since 2000-01-01 | python3 verify.py"""
import hashlib, json, sys
def form(*texts): return "".join(f"{len(t.encode())}:{t}," for t in texts)
def sha(text): return hashlib.sha256(text.encode()).hexdigest()
def pairs(row, private): return [x for k, v in sorted(row.get("detail", {}).items()) if (k in row.get("private", [])) == private for x in (k, v)]
prev = ""
for row in map(json.loads, sys.stdin):
    content = form(prev, str(row["seq"]), row["at"], row["request"], row["event"], row["meeting"], *pairs(row, False), row.get("digest", ""))
    private = row.get("salt", "") + form(row["actor"], *pairs(row, True))
    said = sha(private) == row["digest"] if row.get("salt") else private == form("")  # a blanked row says nothing about people
    if sha(content) != row["hash"] or not said: sys.exit(f"row {row['seq']} was changed, or one before it removed")
    prev = row["hash"]
if not prev: sys.exit("there are no rows: did the export fail?")
print(f"whole; the head is {row['seq']}:{prev}")
