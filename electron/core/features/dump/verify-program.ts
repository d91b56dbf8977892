/**
 * The program that travels with every dump, so that a stranger needs nothing of ours to check it: hashes of all
 * files, counts, the journal's chain, payloads against their commitments, every row against the last entry
 * about it. Only Python's own library; PyNaCl, where it is installed, adds the signatures.
 */
export const VERIFY_PROGRAM = String.raw`#!/usr/bin/env python3
"""Checks a dump: python3 verify_dump.py [folder]. Exit code 0: everything fits."""
import base64, hashlib, json, os, struct, sys

ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
PROBLEMS = []


def problem(text):
    PROBLEMS.append(text)
    print("PROBLEM", text)


def path(*names):
    return os.path.join(ROOT, *names)


def lines(*names):
    with open(path(*names), encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)


def blob(text):
    return base64.b64decode(text)


def prefixed(data):
    return struct.pack(">I", len(data)) + data


def label(text):
    return text.encode("ascii") + b"\0"


def blake(data, key=b""):
    return hashlib.blake2b(data, digest_size=32, key=key).digest()


def check_files():
    listed = 0
    for line in open(path("manifest-sha256.txt"), encoding="ascii"):
        digest, name = line.rstrip("\n").split("  ", 1)
        h = hashlib.sha256()
        with open(path(*name.split("/")), "rb") as f:
            for piece in iter(lambda: f.read(1 << 20), b""):
                h.update(piece)
        if h.hexdigest() != digest:
            problem("file " + name)
        listed += 1
    return listed


def cell(kind, value):
    if value is None:
        return b"\0" + prefixed(b"")
    if kind == "INTEGER":
        return b"\1" + prefixed(struct.pack(">q", value))
    if kind == "REAL":
        return b"\2" + prefixed(struct.pack(">d", value))
    if kind == "TEXT":
        return b"\3" + prefixed(value.encode("utf-8"))
    return b"\4" + prefixed(blob(value))


def kinds_of(table):
    with open(path("schemas", table + ".schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    found = {}
    for name, column in schema["properties"].items():
        options = column.get("anyOf", [column])
        found[name] = next(o["sqliteType"] for o in options if "sqliteType" in o)
    return found


def row_hash(table, kinds, row):
    cells = b"".join(cell(kinds[name], value) for name, value in row.items())
    return blake(label("RSG row v1") + prefixed(table.encode()) + prefixed(row["id"].encode()) + cells)


def check_journal(vault, left_out):
    vault_id = bytes.fromhex(vault["vaultId"])
    try:
        from nacl.signing import VerifyKey
    except ImportError:
        VerifyKey = None
    known = {blob(r["sign_public"]) for r in lines("tables", "roster.jsonl")}
    touched = {}
    for row in lines("tables", "journal_row.jsonl"):
        touched.setdefault(row["position"], []).append(row)
    payloads = {r["position"]: r for r in lines("tables", "journal_payload.jsonl")}
    heads, latest, erased, signatures, count = {}, {}, 0, 0, 0
    for e in lines("tables", "journal.jsonl"):
        count += 1
        at = e["position"]
        raw = {k: blob(e[k]) for k in ("incarnation", "device", "prev", "hlc", "actor", "after", "commitment", "hash", "signature")}
        fields = b"".join(prefixed(part) for part in (
            bytes([e["version"]]), vault_id, raw["incarnation"], raw["device"], struct.pack(">Q", e["seq"]),
            raw["prev"], raw["hlc"], raw["actor"], e["method"].encode(), e["entity_table"].encode(),
            e["entity_id"].encode(), raw["after"], raw["commitment"]))
        if blake(label("RSG journal v1") + fields) != raw["hash"]:
            problem("journal hash at %d" % at)
        chain = (raw["device"], raw["incarnation"])
        seq, head = heads.get(chain, (0, bytes(32)))
        if e["seq"] != seq + 1 or raw["prev"] != head:
            problem("journal chain at %d" % at)
        heads[chain] = (e["seq"], raw["hash"])
        if raw["actor"] not in known:
            problem("journal signer at %d" % at)
        if VerifyKey is not None:
            try:
                VerifyKey(raw["actor"]).verify(label("RSG journal sig v1") + raw["hash"], raw["signature"])
                signatures += 1
            except Exception:
                problem("journal signature at %d" % at)
        payload = payloads.get(at)
        if payload is None:
            problem("journal payload missing at %d" % at)
        elif payload["payload"] is None:
            erased += 0 if at in left_out else 1
        elif blake(blob(payload["payload"]), key=blob(payload["salt"])) != raw["commitment"]:
            problem("journal payload at %d" % at)
        rows = sorted(touched.get(at, []), key=lambda r: (r["row_table"], r["row_id"]))
        alone = len(rows) == 1 and rows[0]["listed"] == 0
        after = blob(rows[0]["after"]) if alone else blake(
            label("RSG rows v1") + struct.pack(">I", len(rows)) + b"".join(
                prefixed(r["row_table"].encode()) + prefixed(r["row_id"].encode()) + blob(r["after"]) for r in rows))
        if after != raw["after"]:
            problem("journal rows at %d" % at)
        for r in rows:
            latest[(r["row_table"], r["row_id"])] = blob(r["after"])
    if count != vault["journal"]["entries"]:
        problem("journal has %d entries" % count)
    elif count and heads[chain][1].hex() != vault["journal"]["head"]:
        problem("journal head")
    if VerifyKey is None:
        print("signatures NOT checked: PyNaCl is not installed (pip install pynacl); all else was checked")
    checked = "not checked" if VerifyKey is None else "checked %d" % signatures
    print("journal entries", count, "signatures", checked, "erased payloads", erased)
    return latest


def main():
    vault = json.load(open(path("vault.json"), encoding="utf-8"))
    print("files", check_files())
    left_out = {r["position"] for r in lines("left-out.jsonl")}
    latest = check_journal(vault, left_out)
    rows = 0
    for table, expected in vault["tables"].items():
        kinds, found = kinds_of(table), 0
        audited = table in vault["auditedTables"]
        for row in lines("tables", table + ".jsonl"):
            found += 1
            if list(row) != list(kinds):
                problem("columns of " + table)
            if audited and latest.pop((table, row["id"]), None) != row_hash(table, kinds, row):
                problem("row %s/%s" % (table, row["id"]))
        if found != expected:
            problem("table %s has %d rows" % (table, found))
        rows += found
    for (table, key), after in latest.items():
        if after != bytes(32) and table in vault["auditedTables"] and not (table == "note" and vault["reservedNotes"] == "left out"):
            problem("row gone %s/%s" % (table, key))
    held = 0
    for item in lines("evidence", "index.jsonl"):
        held += 1
        if item["encrypted"]:
            continue
        h = hashlib.sha256()
        with open(path(*item["path"].split("/")), "rb") as f:
            for piece in iter(lambda: f.read(1 << 20), b""):
                h.update(piece)
        if h.hexdigest() != item["sha256"]:
            problem("evidence " + item["id"])
    if held != vault["evidence"]:
        problem("evidence has %d files" % held)
    print("tables", len(vault["tables"]), "rows", rows, "evidence", held, "problems", len(PROBLEMS))
    return 1 if PROBLEMS else 0


if __name__ == "__main__":
    sys.exit(main())
`;
