"""Reads a STIX 2.1 bundle by the letter of the specification and fails on the first thing that is not allowed."""

import json
import re
import sys

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
TIME = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")
COMMON = {"type", "spec_version", "id", "created", "modified"}
ALLOWED = {
    "identity": COMMON | {"name", "identity_class", "description"},
    "malware": COMMON | {"created_by_ref", "name", "is_family"},
    "indicator": COMMON | {"created_by_ref", "indicator_types", "pattern", "pattern_type", "valid_from"},
    "relationship": COMMON | {"created_by_ref", "relationship_type", "source_ref", "target_ref"},
    "sighting": COMMON
    | {"created_by_ref", "sighting_of_ref", "where_sighted_refs", "count", "first_seen", "last_seen"},
}
REQUIRED = {
    "identity": {"name"},
    "malware": {"is_family"},
    "indicator": {"pattern", "pattern_type", "valid_from"},
    "relationship": {"relationship_type", "source_ref", "target_ref"},
    "sighting": {"sighting_of_ref"},
}
PATTERN = re.compile(r"^\[[a-z0-9-]+:[a-z0-9_.'-]+ = '(?:[^'\\]|\\['\\])*'\]$", re.I)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        bundle = json.load(file)
    assert bundle["type"] == "bundle" and set(bundle) == {"type", "id", "objects"}
    assert re.fullmatch("bundle--" + UUID4, bundle["id"])
    by_id = {}
    for item in bundle["objects"]:
        kind = item["type"]
        assert set(item) <= ALLOWED[kind], (kind, set(item) - ALLOWED[kind])
        assert REQUIRED[kind] | COMMON <= set(item), kind
        assert item["spec_version"] == "2.1"
        assert re.fullmatch(kind + "--" + UUID4, item["id"]), item["id"]
        assert item["id"] not in by_id
        by_id[item["id"]] = item
        for key in ("created", "modified", "valid_from", "first_seen", "last_seen"):
            if key in item:
                assert TIME.match(item[key]), (key, item[key])
        assert item["created"] <= item["modified"]
        if kind == "indicator":
            assert item["pattern_type"] == "stix" and PATTERN.match(item["pattern"]), item["pattern"]
        if kind == "sighting":
            assert 0 <= item["count"] <= 999_999_999
            if "first_seen" in item and "last_seen" in item:
                assert item["first_seen"] <= item["last_seen"]
    for item in by_id.values():
        for key, value in item.items():
            for ref in [value] if key.endswith("_ref") else value if key.endswith("_refs") else []:
                assert ref in by_id, (key, ref)
        if item["type"] == "sighting":
            assert by_id[item["sighting_of_ref"]]["type"] == "indicator"
    print("ok", len(by_id))


main()
