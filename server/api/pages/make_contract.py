#!/usr/bin/env python3
"""Turns api/openapi.yaml into openapi.json and a readable docs.html that needs nothing from anywhere else."""
import argparse
import html
import json
import pathlib
import re

import yaml

METHODS = ["get", "post", "put", "patch", "delete"]
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --blue: #1668dc; }
body { font: 15px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); box-sizing: border-box; font-size: 13px; }
nav a { display: block; color: inherit; text-decoration: none; padding: .1rem 0; overflow-wrap: anywhere; }
nav a:hover { color: var(--blue); }
nav b { display: block; margin-top: .8rem; }
main { padding: 1rem 2rem 6rem; max-width: 62rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
article { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; padding: .6rem 1rem; }
code, .path { font-family: ui-monospace, monospace; font-size: 13px; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; text-transform: uppercase; color: var(--blue); }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; font-size: 14px; }
td, th { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--soft); }
.who { float: right; font-size: 12px; opacity: .75; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; } }
"""


def text(value):
    """A description: escaped, with `code` and **strong** as the contract writes them."""
    escaped = html.escape(value.strip(), quote=False)
    escaped = re.sub(r"`([^`]+)`", r"<code>\1</code>", escaped)
    escaped = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", escaped)
    items = re.findall(r"^\* (.*)$", escaped, re.MULTILINE)
    if items:
        start = escaped.index("* " + items[0])
        return f"<p>{escaped[:start]}</p><ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    return f"<p>{escaped}</p>"


def type_of(schema):
    """A schema in a few words; named ones are links."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#schema-{name}">{name}</a>'
    if "allOf" in schema:
        return " and ".join(type_of(part) for part in schema["allOf"])
    if "oneOf" in schema:
        simple = all("$ref" in part or "type" in part and "properties" not in part for part in schema["oneOf"])
        return " or ".join(type_of(part) for part in schema["oneOf"]) if simple else "one of the forms below"
    if "const" in schema:
        return f"<code>{html.escape(json.dumps(schema['const']))}</code>"
    if "enum" in schema:
        return " | ".join(f"<code>{html.escape(str(word))}</code>" for word in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return "list of " + type_of(schema.get("items", {}))
    limits = [f"{label} {schema[key]}" for key, label in [
        ("format", ""), ("minLength", "at least"), ("maxLength", "at most"), ("minimum", "from"), ("maximum", "to"),
        ("default", "default")] if key in schema]
    return kind + (f" ({', '.join(part.strip() for part in limits)})" if limits else "")


def fields(schema):
    """The table of an object's fields."""
    if "allOf" in schema:
        return "".join(fields(part) if "properties" in part else f"<p>Everything of {type_of(part)}, and:</p>" for part in schema["allOf"])
    if "oneOf" in schema:
        return "".join(fields(part) for part in schema["oneOf"])
    if "properties" not in schema:
        return f"<p>{type_of(schema)}</p>"
    rows = []
    for name, part in schema["properties"].items():
        needed = "required" if name in schema.get("required", []) else ""
        rows.append(f"<tr><td><code>{html.escape(name)}</code></td><td>{type_of(part)}</td><td>{needed}</td>"
                    f"<td>{text(part['description']) if part.get('description') else ''}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def resolved(document, part):
    while "$ref" in part:
        target = document
        for key in part["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        part = target
    return part


def operation(document, path, method, details, shared):
    who = [next(iter(entry)) for entry in details.get("security", []) if entry] or ["anyone"]
    out = [f'<article id="{details["operationId"]}"><span class="who">{", ".join(who)}</span>',
           f'<div><span class="method">{method}</span> <span class="path">{html.escape(path)}</span></div>']
    for key in ["summary", "description"]:
        if details.get(key):
            out.append(text(details[key]))
    parameters = [resolved(document, p) for p in shared + details.get("parameters", [])]
    if parameters:
        out.append("<table>" + "".join(
            f"<tr><td><code>{html.escape(p['name'])}</code></td><td>{p['in']}</td><td>{type_of(p.get('schema', {}))}</td>"
            f"<td>{text(p['description']) if p.get('description') else ''}</td></tr>" for p in parameters) + "</table>")
    for media, body in details.get("requestBody", {}).get("content", {}).items():
        schema = body.get("schema", {})
        out.append(f"<p>Body, <code>{media}</code>: {type_of(schema) if '$ref' in schema else ''}</p>")
        if "$ref" not in schema:
            out.append(fields(schema))
    for status, answer in details["responses"].items():
        answer = resolved(document, answer)
        forms = [type_of(body["schema"]) if "schema" in body else media for media, body in answer.get("content", {}).items()]
        out.append(f"<p><code>{status}</code> {text(answer.get('description', ''))[3:-4]} {' or '.join(forms)}</p>")
    return "".join(out) + "</article>"


def page(document):
    navigation, main = [], [f"<h1>{html.escape(document['info']['title'])}</h1>", text(document["info"]["description"])]
    main.append('<p>For machines: <a href="/openapi.json"><code>/openapi.json</code></a> (OpenAPI 3.1).</p>')
    for tag in document["tags"]:
        navigation.append(f"<b>{html.escape(tag['name'])}</b>")
        main.append(f'<h2 id="tag-{tag["name"]}">{html.escape(tag["name"])}</h2>{text(tag.get("description", ""))}')
        for path, methods in document["paths"].items():
            for method in METHODS:
                details = methods.get(method)
                if details and tag["name"] in details["tags"]:
                    navigation.append(f'<a href="#{details["operationId"]}">{details["operationId"]}</a>')
                    main.append(operation(document, path, method, details, methods.get("parameters", [])))
    navigation.append("<b>schemas</b>")
    main.append("<h2>schemas</h2>")
    for name, schema in document["components"]["schemas"].items():
        navigation.append(f'<a href="#schema-{name}">{name}</a>')
        main.append(f'<article id="schema-{name}"><strong>{name}</strong>{text(schema.get("description", ""))}{fields(schema)}</article>')
    return (f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<title>Telewitness API</title><style>{STYLE}</style></head><body><nav>{"".join(navigation)}</nav>'
            f'<main>{"".join(main)}</main></body></html>')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contract", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    args = parser.parse_args()
    document = yaml.safe_load(args.contract.read_text(encoding="utf-8"))
    args.out.mkdir(parents=True, exist_ok=True)
    for name, content in [("openapi.json", json.dumps(document, ensure_ascii=False, separators=(",", ":"))), ("docs.html", page(document))]:
        file = args.out / name
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            file.write_text(content, encoding="utf-8")


main()
