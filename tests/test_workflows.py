"""What the workflows promise each other: all is needed, and only what passed is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tools.pages import ROOT

WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
}
JOBS = [
    pytest.param(job, id=f"{workflow}-{name}")
    for workflow, content in WORKFLOWS.items()
    for name, job in content["jobs"].items()
]
BUILDS_PAGES = re.compile(r"\bmake\b.* (?:site|test|test-browser|test-lab|audit)\b")
every_job = pytest.mark.parametrize("job", JOBS)


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def used(job: dict[str, Any], action: str) -> Iterator[dict[str, Any]]:
    yield from (step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@"))


def test_all_green_needs_every_job_that_can_fail() -> None:
    jobs = WORKFLOWS["ci"]["jobs"]
    assert set(jobs["all-green"]["needs"]) == set(jobs) - {"all-green", "deploy"}


def test_only_what_passed_is_published() -> None:
    """And it is the very site that was tested: it is uploaded after the last test of it."""
    published = [
        (workflow, name)
        for workflow, content in WORKFLOWS.items()
        for name, job in content["jobs"].items()
        if job.get("permissions", {}).get("pages") == "write"
    ]
    assert published == [("ci", "deploy")]
    jobs = WORKFLOWS["ci"]["jobs"]
    assert jobs["deploy"]["needs"] == "all-green"
    assert jobs["site"]["env"]["BUILT_SITE"] == "site"
    steps = jobs["site"]["steps"]
    (upload,) = used(jobs["site"], "actions/upload-pages-artifact")
    assert upload["with"]["path"] == "site"
    later = steps[steps.index(upload) :]
    assert not any("run" in step for step in later)
    for test in ("tests/test_site.py", "make test-lab", "make test-browser"):
        assert test in commands(jobs["site"])


@every_job
def test_pages_are_built_with_their_history(job: dict[str, Any]) -> None:
    """Without it, a build on GitHub warns of each date, and a warning is an error."""
    if BUILDS_PAGES.search(commands(job)):
        (checkout,) = used(job, "actions/checkout")
        assert checkout["with"]["fetch-depth"] == 0


@every_job
def test_git_works_in_a_container(job: dict[str, Any]) -> None:
    """There, the folder belongs to a user whom git does not trust, and so there were no dates."""
    if "container" in job:
        assert 'git config --global --add safe.directory "$GITHUB_WORKSPACE"' in commands(job)


@every_job
def test_the_commands_of_a_job_exist(job: dict[str, Any]) -> None:
    said = commands(job)
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    for line in re.findall(r"^make +([^|<>\n]*)", said, re.M):
        for target in (word for word in line.split() if "=" not in word):
            assert target in [*targets, ".venv/.site", ".venv/.test"], f"make {target}"
    for module in re.findall(r"python -m (tools[\w.]*|tests[\w.]*)", said):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or path.is_dir(), module
    for file in re.findall(r"\btests/[\w/]+\.\w+", said):
        assert (ROOT / file).is_file(), file


def test_no_marker_leaves_every_test_out() -> None:
    """`pytest -m slow` failed each night once no example was slow any more."""
    for job in JOBS:
        assert not re.search(r"pytest .*-[mk]\b", commands(job.values[0]))  # type: ignore[arg-type]
