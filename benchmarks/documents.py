"""Documents for trying a corpus: news of our own making, with the damage that input/article.txt shows.

    python benchmarks/documents.py 1000 corpus.jsonl
    python benchmarks/documents.py 1000 corpus.parquet

A document depends on its number alone. About every fourth sentence has a fault; one document of 250 is
none at all: null, a number, or binary.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PLACES = (
    "Zabol Herat Nimroz Quetta Mashhad Sistan Kandahar Birjand Chabahar Farah Zaranj Kerman Taybad".split()
)
PEOPLE = [
    *("the governor", "a spokesman for the ministry", "the head of the river board", "the mayor"),
    *("an engineer of the dam", "a teacher from the village", "the customs office", "a former minister"),
    *("a trader at the border", "the owner of a mill", "the provincial council", "a doctor at the hospital"),
]
THINGS = [
    *("the canal", "the power line", "the bridge", "the market", "the school", "the water pipeline"),
    *("the rail link", "the clinic", "the wheat store", "the border post", "the weather station"),
]
MONTHS = ["January", "March", "April", "June", "August", "October", "November"]
SOLAR = ["Farvardin", "Khordad", "Tir", "Mordad", "Mehr", "Aban", "Azar", "Dey", "Bahman"]

SENTENCES = [
    "In {month} {year}, {person} said in {place} that {thing} would be repaired before the winter.",
    "The people of {place} have waited {few} years for {thing}, and many of them no longer believe in it.",
    "{Person} told reporters that the work on {thing} had cost {many} million afghanis so far.",
    "A report of {month} {year} counts {many} families who moved from {place} to {other} in one summer.",
    "“We asked for an answer and got a promise,” {person} said when {thing} was opened in {place}.",
    "The road between {place} and {other} is closed; all goods now go by way of {third}.",
    "Nobody was hurt, but {thing} was under water for {few} days and the shops near it stayed shut.",
    "{Person} and {someone} met in {place} again and spoke of wells, gauges, fish and prices.",
    "Although the agreement was signed in {year}, neither side has sent the figures that it asks for.",
    "About {many} people work at {thing} in {other}, most of them for less than a year.",
    "When the rain failed, {person} asked {place} and {other} to share what was left in the reservoir.",
    "The price of bread in {place} rose by {few} percent within a month, and flour became hard to find.",
    "{Person} has written {few} letters about {thing}, none of which was answered.",
    "Both towns need the same thing: a number which {person} and {someone} can believe.",
    "The lake near {place} was full until {year}, when three dry winters emptied it. 🌊",
]
DAMAGED: list[str] = [
    "The road between {place} and {other} is closed; However, all goods now go by way of {third}.",
    "The number of families who left {place} is estimated at {more}-{less} thousand people.",
    "A report showed that {thing} lost {few} % of its visitors.",
    "In {solar} {solar_year}, {person} announced that {thing} would be opened in {place}.",
    "They spoke of wells, gauges, fish, etc. . and {person} took notes in {place}.",
    "The gauges were agreed on , then forgotten by {person} in {other}.",
    "Trade costs about {few} million euros؛ {person} asked for &nbsp;time.",
    "Although {place} and {other} signed a treaty in {year}, but since this spring they have quarrelled.",
    "The treaty gives {place} a share of the water; All the villages below it depend on {thing}.",
    "font-size: 14px; color: white”> {Person} waited for {thing} in {place}.",
    "Relations between {place} and {other} After the drought of recent years have been cool.",
    "Growth of the dust storms A main reason for the anger of the people in {place} is",
    "{Person} wrote in a letter: There is no single cause of the drought in {place}.”",
    "{Person} told reporters: “We asked for our share and For now, we have received promises.”",
    "On the one hand, {person} is under pressure to bring water, and on the other hand, demands for "
    "Sharing the river has been answered with silence.",
    "The researches of two universities in {place} showed that {thing} is sinking.",
    "In {month} {year}, the the council of {place} asked for a new count.",
    "Government of {place} since {year} dam with so-called Kamal It opened the “last gate” for a day.",
]


def document(number: int) -> dict[str, Any]:
    """The document of this number, as a row with `id`, `published` and `body`."""
    chance = random.Random(number)
    published = f"{chance.randint(2019, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    row: dict[str, Any] = {"id": number, "published": published, "score": chance.random()}
    if number % 250 == 77:
        return {**row, "body": [None, "a NUL \0 in it", number][number // 250 % 3]}
    paragraphs = []
    for _ in range(chance.randint(1, 3)):
        kinds = chance.choices([SENTENCES, DAMAGED], [3, 1], k=chance.randint(2, 4))
        paragraphs.append(" ".join(_filled(chance.choice(kind), chance) for kind in kinds))
    return {**row, "body": chance.choice(["\n", "\n\n", "\n", "\r\n"]).join(paragraphs)}


def _filled(sentence: str, chance: random.Random) -> str:
    place, other, third = chance.sample(PLACES, 3)
    person, someone = chance.sample(PEOPLE, 2)
    less = chance.randint(10, 40)
    return sentence.format(
        place=place,
        other=other,
        third=third,
        person=person,
        Person=person[0].upper() + person[1:],
        someone=someone,
        thing=chance.choice(THINGS),
        month=chance.choice(MONTHS),
        year=chance.randint(2009, 2023),
        solar=chance.choice(SOLAR),
        solar_year=chance.randint(1390, 1403),
        few=chance.randint(3, 20),
        many=chance.randint(25, 900),
        less=less,
        more=less + chance.randint(2, 15),
    )


def documents(count: int) -> Iterator[dict[str, Any]]:
    """The first documents."""
    return map(document, range(count))


def write_json_lines(count: int, file: Path) -> None:
    """Write the first documents as JSON Lines, every other one with escapes."""
    with file.open("w", encoding="utf-8") as out:
        for row in documents(count):
            out.write(json.dumps(row, ensure_ascii=row["id"] % 2 == 0) + "\n")


def write_parquet(count: int, file: Path, rows: int = 5_000) -> None:
    """Write the first documents as Parquet, in row groups; a number instead of a text becomes null."""
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema(
        {
            "id": pyarrow.int64(),
            "published": pyarrow.string(),
            "score": pyarrow.float64(),
            "body": pyarrow.string(),
        }
    )
    with pyarrow.parquet.ParquetWriter(file, schema) as out:
        for first in range(0, count, rows):
            some = [document(number) for number in range(first, min(first + rows, count))]
            for row in some:
                row["body"] = row["body"] if isinstance(row["body"], str) else None
            out.write_table(pyarrow.Table.from_pylist(some, schema))


WRITERS: dict[str, Callable[[int, Path], None]] = {".jsonl": write_json_lines, ".parquet": write_parquet}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    WRITERS[options.file.suffix](options.count, options.file)
