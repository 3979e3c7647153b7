from pathlib import Path

import pytest

from agentcontainer.keys.token import hint
from tests.integration.leak_kit.conftest import Repository
from tests.integration.leak_kit.kit import ac_scan, history


def test_a_key_that_was_taken_out_is_found_where_it_came_in(
    repository: Repository, key: str
) -> None:
    """With the first commit that has it, its path then, and the line."""
    repository.commit(readme="nothing")
    guilty = repository.commit(settings=f"DEBUG=1\nKEY={key}\n")
    repository.commit(settings=None, moved=f"DEBUG=1\nKEY={key}\n")
    repository.commit(moved=None)
    [found] = history(repository.folder)
    assert (found.commit, found.path, found.line) == (guilty, "settings", 2)
    assert found.hint == hint(key)


def test_without_history_only_the_files_are_scanned(repository: Repository, key: str) -> None:
    """What was taken out is git's alone."""
    repository.commit(settings=key)
    repository.commit(settings=None)
    assert ac_scan(repository.folder).returncode == 0
    assert ac_scan("--history", repository.folder).returncode == 1


def test_a_commit_that_no_branch_has_is_scanned(repository: Repository, key: str) -> None:
    """Amended away, it is there until git forgets it, and is pushed by whoever names it."""
    repository.commit(settings=key)
    repository.git("commit", "--quiet", "--amend", "--allow-empty", "--message", "Amended")
    (repository.folder / "settings").write_text("nothing")
    repository.git("commit", "--quiet", "--all", "--amend", "--message", "Amended")
    repository.git("reflog", "expire", "--expire=now", "--all")
    [found] = history(repository.folder)
    assert (found.path, found.line) == ("a file of no commit", 1)


def test_stash_index_and_other_branches_are_scanned(repository: Repository, key: str) -> None:
    """Each holds a file of its own with the key."""
    repository.commit(file="nothing")
    (repository.folder / "file").write_text(f"stashed {key}")
    repository.git("stash")
    repository.git("checkout", "--quiet", "-b", "other")
    repository.commit(file=f"committed {key}")
    repository.git("checkout", "--quiet", "main")
    (repository.folder / "file").write_text(f"staged {key}")
    repository.git("add", "file")
    (repository.folder / "file").write_text("nothing")
    assert sorted(one.path for one in history(repository.folder)) == [
        "a file of no commit",
        "file",
        "file",
    ]


def test_messages_tags_and_names_are_scanned(repository: Repository, key: str) -> None:
    """A key pasted into a commit's message is published with it."""
    guilty = repository.commit(f"Call with {key}")
    repository.git("tag", "--annotate", "v1", "--message", f"Works with {key}")
    named = repository.commit(**{f"{key}.txt": "nothing"})
    repository.commit(**{f"{key}.txt": None})
    assert {(one.path, one.commit) for one in history(repository.folder)} == {
        ("the message", guilty),
        ("the message", repository.git("rev-parse", "v1")),
        (f"[{hint(key)}]", named),
    }


def test_packed_objects_and_a_merge_are_scanned(repository: Repository, key: str) -> None:
    """A merge can bring in what neither side had."""
    repository.commit(file="nothing")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit(side="nothing")
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    merge = repository.commit(side=f"KEY={key}")
    repository.commit(side="nothing")
    repository.git("gc", "--quiet")
    [found] = history(repository.folder)
    assert (found.commit, found.path) == (merge, "side")


def test_a_bare_repository_is_scanned(repository: Repository, key: str, tmp_path: Path) -> None:
    """As a server has it."""
    repository.commit(settings=key)
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    [found] = history(tmp_path / "bare.git")
    assert found.path == "settings"


def test_a_path_with_any_characters_is_told(repository: Repository, key: str) -> None:
    """Spaces, tabs, line ends and letters of any script."""
    repository.commit(**{"a file\tключ\n": key, "\1other": key})
    repository.commit(**{"a file\tключ\n": None, "\1other": None})
    [found] = history(repository.folder)
    assert found.path in {"a file\\tключ\\n", "\\x01other"}


def test_the_repository_is_the_one_that_is_named(
    repository: Repository, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a hook of another one, for which git sets variables."""
    repository.commit(settings=key)
    other = tmp_path / "other"
    repository.git("init", "--quiet", str(other))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert len(history(repository.folder)) == 1


def test_a_shallow_clone_is_an_error(repository: Repository, key: str, tmp_path: Path) -> None:
    """As a workflow has it by default: what is not there is not called clean."""
    repository.commit(settings=key)
    repository.commit(settings="nothing")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.folder}", str(clone))
    done = ac_scan("--history", clone)
    assert done.returncode == 2
    assert "is a shallow clone" in done.stderr


def test_what_a_damaged_repository_still_has_is_scanned(repository: Repository, key: str) -> None:
    """It is an error all the same: what git cannot read may hold a key."""
    repository.commit(settings="nothing")
    damaged = repository.git("rev-parse", "HEAD:settings")
    file = repository.folder / f".git/objects/{damaged[:2]}/{damaged[2:]}"
    file.chmod(0o600)
    file.write_bytes(b"no object")
    done = ac_scan("--history", repository.folder)
    assert done.returncode == 2
    assert "not read: git cannot read 1 objects of" in done.stderr
    repository.git("commit", "--quiet", "--allow-empty", "--message", key)
    assert ac_scan("--history", repository.folder).returncode == 1


def test_a_folder_outside_of_git_has_no_history(tmp_path: Path, key: str) -> None:
    """Asked for it, the scan fails; a key in a file is told all the same."""
    done = ac_scan("--history", tmp_path)
    assert done.returncode == 2
    assert "not a git repository" in done.stderr
    (tmp_path / "file").write_text(key)
    done = ac_scan("--history", tmp_path)
    assert done.returncode == 1
    assert f"{tmp_path}/file:1: " in done.stdout
    assert "not a git repository" in done.stderr


@pytest.mark.parametrize("setting", ["diff.external", "core.fsmonitor", "core.pager"])
def test_nothing_of_the_repository_is_run(
    repository: Repository, key: str, tmp_path: Path, setting: str
) -> None:
    """A stranger's repository may name programs in its configuration."""
    repository.commit(settings=key)
    repository.commit(settings="nothing")
    repository.git("config", setting, f"touch {tmp_path / 'run'}; false")
    assert len(history(repository.folder)) == 1
    assert not (tmp_path / "run").exists()
