"""The documentation says what the code does."""

import importlib.util
import re
import textwrap
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import record as records
from pipeline.cli import main
from pipeline.outputs import Outputs
from pipeline.review.decisions import Decision
from pipeline.review.store import update
from pipeline.text import Span

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", PROJECT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PRINTED = ["commands.md", "rules.md", "styles.md", "schema/rules.schema.json", "schema/settings.schema.json"]


def test_every_printed_page_is_looked_at(generate):
    assert list(generate.PAGES) == PRINTED


@pytest.mark.parametrize("page", PRINTED)
def test_the_printed_pages_are_those_of_the_code(generate, page):
    kept = (PROJECT / "docs" / page).read_text(encoding="utf-8")
    assert kept == generate.PAGES[page](), "run: python docs/generate.py"


def test_the_readme_shows_the_two_commands_first():
    commands = [line.strip() for line in README.splitlines() if "pip install" in line]
    assert commands[0].endswith("pip install . && pipeline clean input/article.txt")
    assert commands[1].endswith('pip install -e ".[test]" && pytest')


def test_every_file_that_the_documentation_names_is_there():
    for page in [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *(PROJECT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if page.name != "rules.md":
                assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_every_dependency_says_what_it_is_for():
    lines = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))["project"]
    for dependency in project["dependencies"]:
        (line,) = (line for line in lines if f'"{dependency}"' in line)
        assert "# " in line


def test_nothing_in_the_project_names_a_machine():
    for file in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md"), *PROJECT.glob("pipeline/**/*.py")]:
        assert not re.search(r"/(?:home|root|Users|tmp)/", file.read_text(encoding="utf-8"))


def test_the_examples_of_the_library_run(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    page = (PROJECT / "docs" / "library.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 6
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, "docs/library.md", "exec"), names)


def test_the_example_of_learning_runs_from_beginning_to_end(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    page = (PROJECT / "docs" / "learning.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"^    (input/\w+\.txt) +(.+)$", page, re.MULTILINE):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(f"{text}\n", encoding="utf-8")
    commands = re.findall(
        r"^    \$ pipeline (.+)\n((?:    (?!\$).*\n|\n(?=    (?!\$)))*)", page, re.MULTILINE
    )
    assert len(commands) == 3
    for arguments, said in commands:
        result = CliRunner().invoke(main, arguments.split())
        assert result.exit_code == 0, result.output
        if said:
            assert result.output.strip() == textwrap.dedent(said).strip()
        else:
            _decide("in regards to", "regarding")
    (rules,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert Path("house/learned.yaml").read_text(encoding="utf-8") == rules
    Path("house/learned.yaml").write_text(rules.replace("  enabled: false\n", ""), encoding="utf-8")
    checked = CliRunner().invoke(main, ["rules", "check", "house"])
    assert checked.exit_code == 0, checked.output


def _decide(before, after):
    """What an editor does on the review pages: accept every change, and write a text for words."""
    for file in Path("output").glob("*.changes.json"):
        record = records.read(file)
        source = record["source"]
        given = [Decision(change["id"], "accepted", who="Ayşe") for change in record["changes"]]
        for match in re.finditer(before, source["text"]):
            place = Span(*match.span())
            given.append(Decision(f"e{match.start()}", "edited", after, "Ayşe", span=place, before=before))
        update(Outputs.beside(file, source["name"]).decisions, source["sha256"], given)


def test_every_public_name_can_be_imported_and_is_documented():
    import pipeline

    for name in pipeline.__all__:
        assert getattr(pipeline, name).__doc__ or name == "__version__"
    with pytest.raises(ImportError, match="cannot import name 'nothing'"):
        from pipeline import nothing  # noqa: F401
