"""What the workflows promise each other: all is needed, and only what passed is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from runner.settings import MACHINES
from tests.support.commands import wrong_in
from tools.pages import ROOT

FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))
}
JOBS = [
    pytest.param(job, id=f"{workflow}-{name}")
    for workflow, content in WORKFLOWS.items()
    for name, job in content["jobs"].items()
]
BUILDS_PAGES = re.compile(r"\bmake\b.* (?:site|test|test-browser|test-lab|audit)\b")
READS = {"contents": "read"}  # checkout; any job may
MAY = {
    ("ci", "site"): {"pages": "read"},  # configure-pages asks for the address
    ("ci", "deploy"): {"pages": "write", "id-token": "write"},  # publish, and prove from where
}
ONLY_SOMETIMES = {  # jobs, or commands of a job, under an `if:`
    ("ci", "deploy"): "only main is published",
}
RUNS_STRANGERS = ("pull_request_target", "workflow_run")
every_job = pytest.mark.parametrize("job", JOBS)


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def used(job: dict[str, Any], action: str) -> Iterator[dict[str, Any]]:
    yield from (step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@"))


def test_all_green_needs_every_job_that_can_fail() -> None:
    jobs = WORKFLOWS["ci"]["jobs"]
    green = jobs["all-green"]
    lacking = jobs.keys() - {"all-green", "deploy"} - {*green["needs"]}
    assert not lacking, (
        f"{place('ci', 'all-green')}: a pull request is merged although {sorted(lacking)} failed: "
        "add it to `needs` of all-green"
    )
    assert green["if"] == "always()", "a skipped check counts as passed"
    assert 'all(.result == "success")' in commands(green)


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


def test_an_example_may_ask_for_what_a_job_has() -> None:
    """Settings that none of them meets are refused: runner/settings.py."""
    jobs = WORKFLOWS["ci"]["jobs"]
    linux = jobs["test"]["strategy"]["matrix"]["python"]
    (macos,) = used(jobs["macos"], "actions/setup-python")
    assert {"linux": (*linux,), "darwin": (macos["with"]["python-version"],)} == MACHINES, (
        "runner/settings.py: write the Pythons of .github/workflows/ci.yml into MACHINES"
    )


def test_examples_run_beside_other_work_each_night() -> None:
    assert re.search(
        r"pytest tests/test_examples\.py .*--load [1-9]",
        commands(WORKFLOWS["nightly"]["jobs"]["examples"]),
    )


@every_job
def test_git_works_in_a_container(job: dict[str, Any]) -> None:
    """There, the folder belongs to a user whom git does not trust, and so there were no dates."""
    if "container" in job:
        assert 'git config --global --add safe.directory "$GITHUB_WORKSPACE"' in commands(job)


@every_job
def test_the_commands_of_a_job_exist(job: dict[str, Any]) -> None:
    found = [
        f"{line.strip()}: {message}"
        for line in commands(job).splitlines()
        for message in wrong_in(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_job_may_do_no_more_than_it_must(workflow: str) -> None:
    """Whoever breaks into a job can do what it may do."""
    content = WORKFLOWS[workflow]
    assert content.get("permissions") == {}, (
        f"{place(workflow, 'permissions')}: the workflow begins with `permissions: {{}}`: what a "
        "job may do stands beside the job"
    )
    found = []
    for name, job in content["jobs"].items():
        allowed = {**READS, **MAY.get((workflow, name), {})}
        asked = job.get("permissions", {})
        for scope, level in asked.items() if isinstance(asked, dict) else [("all", asked)]:
            if level not in ("none", allowed.get(scope)):
                found.append(
                    f"{place(workflow, name)}: the job {name} may {level} {scope}. Take it away; "
                    "or, if it needs that, say what for in MAY of tests/test_workflows.py"
                )
    assert not found, "\n".join(found)


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_no_secret_is_near_the_code_of_a_stranger(workflow: str) -> None:
    found = list(strange_triggers(WORKFLOWS[workflow]))
    assert not found, "\n".join(f"{place(workflow, trigger)}: {said}" for trigger, said in found)


def strange_triggers(content: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    """(trigger, message) of what starts a workflow with more rights than a pull request has."""
    triggers = content[True]  # what YAML makes of `on`
    for trigger in [triggers] if isinstance(triggers, str) else triggers:
        if trigger in RUNS_STRANGERS:
            yield (
                trigger,
                f"{trigger}: use pull_request: this trigger has secrets and runs a stranger's code",
            )


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_what_is_checked_is_checked_always(workflow: str) -> None:
    """A step that is left out is green, and so is its job."""
    found = list(left_out_sometimes(workflow, WORKFLOWS[workflow]))
    assert not found, "\n".join(found)


def left_out_sometimes(workflow: str, content: dict[Any, Any]) -> Iterator[str]:
    """Jobs, and commands in them, that run only under a condition, a message for each."""
    for name, job in content["jobs"].items():
        commands = [step for step in job["steps"] if "run" in step]
        for what, part in [(name, job), *((step["run"].strip(), step) for step in commands)]:
            condition = part.get("if", "always()")
            if condition != "always()" and (workflow, what) not in ONLY_SOMETIMES:
                yield (
                    f"{place(workflow, what if part is job else name)}: {what} runs only if "
                    f"{condition}, and is green where it does not. Take the `if:` away; or say why "
                    "in ONLY_SOMETIMES of tests/test_workflows.py"
                )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("on: pull_request_target", "pull_request_target: use pull_request: this trigger has"),
        ("on: [push, workflow_run]", "workflow_run: use pull_request"),
        ("on:\n  pull_request_target:\n    branches: [main]", "pull_request_target: use pull_"),
        ("on: [push, pull_request]", ""),
    ],
)
def test_a_strange_trigger_is_seen(text: str, message: str) -> None:
    found = [said for _, said in strange_triggers(yaml.safe_load(text))]
    assert any(message in said for said in found) if message else not found, found


@pytest.mark.parametrize(
    ("job", "message"),
    [
        ({"if": "false", "steps": []}, "lint runs only if false, and is green where it does not"),
        ({"steps": [{"run": "make lint", "if": "env.X"}]}, "make lint runs only if env.X, and is"),
        ({"steps": [{"run": "make lint", "if": "always()"}, {"uses": "a", "if": "env.X"}]}, ""),
    ],
)
def test_what_may_be_left_out_is_seen(job: dict[str, Any], message: str) -> None:
    found = list(left_out_sometimes("ci", {"jobs": {"lint": job}}))
    assert any(message in said for said in found) if message else not found, found


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_failure_fails(workflow: str) -> None:
    """No step may fail in silence: the check would be green."""
    text = (FOLDER / f"{workflow}.yml").read_text("utf-8")
    found = [
        f"{FOLDER.relative_to(ROOT)}/{workflow}.yml:{n}: {line.strip()}: a failure is not seen then"
        for n, line in enumerate(text.splitlines(), 1)
        if re.search(r"continue-on-error: *(?!false)|\|\| *(?:true|:)(?:\s|$)|\bset \+e\b", line)
    ]
    assert not found, "\n".join(found)


def place(workflow: str, key: str) -> str:
    """path:line where a job, or a key of the workflow, is in its file."""
    path = FOLDER / f"{workflow}.yml"
    for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if re.match(rf"(?:  )?{key}:", line):
            return f"{path.relative_to(ROOT)}:{n}"
    return str(path.relative_to(ROOT))


def test_no_marker_leaves_every_test_out() -> None:
    """`pytest -m slow` failed each night once no example was slow any more."""
    for job in JOBS:
        assert not re.search(r"pytest .*-[mk]\b", commands(job.values[0]))  # type: ignore[arg-type]
