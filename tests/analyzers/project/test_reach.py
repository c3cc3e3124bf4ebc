"""Tests for effects across files: names that other files use, replace or re-export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.analyzers.case_files import shown
from tests.analyzers.sky_rules import RULES
from workbench.analyzers.audit import audit
from workbench.analyzers.model import Audit

USER = (
    "from sky.utils import common_utils\n\n\ndef f(x):\n    return common_utils.format_float(x)\n"
)
KEPT = "the import of `common_utils` is kept: other files may access it through this module"


def audited(directory: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Audit:
    for name, code in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        while path.parent != directory:
            path = path.parent
            (path / "__init__.py").touch()
    monkeypatch.chdir(directory)
    result = audit([directory], RULES)
    assert result.errors == ()
    return result


def found(result: Audit, path: str) -> list[str]:
    return [shown(reference) for reference in result.references if reference.path == path]


@pytest.mark.parametrize(
    "other",
    [
        "from sky import user\nuser.common_utils.other()\n",
        "import sky.user\nsky.user.common_utils.other()\n",
        "from sky import user as u\nu.common_utils.other()\n",
        "from sky.user import (f,\n    common_utils)\n",
        "from sky.user import f, \\\n    common_utils as cu\n",
        "from .user import common_utils\n",
        "from . import user\nx = [user . common_utils]\n",
        "from sky.user import *\ncommon_utils.other()\n",
        "x = 'sky.user.common_utils'\n",
    ],
)
def test_keeps_import_used_through_other_files(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = audited(tmp_path, {"sky/user.py": USER, "sky/other.py": other}, monkeypatch)
    assert found(result, "sky/user.py") == [f"5:12 call rewrite format_float | {KEPT}"]


@pytest.mark.parametrize(
    "other",
    [
        "from sky.utils import common_utils\ncommon_utils.other()\n",
        "import sky.utils.common_utils\nsky.utils.common_utils.other()\n",
        "from sky import user\nuser.f(1)\n",
        "from somewhere import user_common_utils, common_utils_user\n",
        "import user_of_common_utils\nsky.other.common_utils.x\n",
    ],
)
def test_removes_import_not_used_through_other_files(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = audited(tmp_path, {"sky/user.py": USER, "sky/other.py": other}, monkeypatch)
    assert found(result, "sky/user.py") == ["5:12 call rewrite format_float"]


@pytest.mark.parametrize(
    "patch",
    [
        "mock.patch('sky.utils.common_utils.format_float')",
        "mock.patch(target='sky.user.common_utils.format_float')",
        "mock.patch(\n    'sky.user.common_utils')",
        "mock.patch.object(common_utils, 'format_float')",
        "mock.patch.object(user.common_utils, 'format_float')",
        "mock.patch.object(user, 'common_utils')",
        "mock.patch.multiple(common_utils, format_float=None)",
        "monkeypatch.setattr('sky.utils.common_utils.format_float', None)",
        "monkeypatch.setattr(common_utils, 'format_float', None)",
        "monkeypatch.delattr(common_utils, 'format_float')",
        "setattr(common_utils, 'format_float', None)",
        "common_utils.format_float = None",
        "del common_utils.format_float",
    ],
)
def test_function_replaced_by_a_test_needs_review(
    patch: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = f"from sky import user\nfrom sky.utils import common_utils\n{patch}\n"
    result = audited(tmp_path, {"sky/user.py": USER, "test_user.py": test}, monkeypatch)
    (line,) = found(result, "sky/user.py")
    reason = "the rewrite would bypass the patch in test_user.py:"
    assert line.startswith(f"5:12 call review format_float | {reason}")
    assert all(file.edits == () for file in result.files)


@pytest.mark.parametrize(
    "harmless",
    [
        "mock.patch('sky.user.format_float')",
        "getattr(common_utils, 'format_float')",
        "mock.patch('sky.utils.common_utils.hash_file')",
        "log('sky.utils.common_utils.format_float')",
    ],
)
def test_rewrites_function_not_affected_by_a_test(
    harmless: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = f"{USER}\n\nfrom sky.utils.common_utils import format_float\n"
    test = f"from sky.utils import common_utils\n{harmless}\n"
    result = audited(tmp_path, {"sky/user.py": user, "test_user.py": test}, monkeypatch)
    kinds = [line.split(" | ")[0] for line in found(result, "sky/user.py")]
    assert kinds == ["5:12 call rewrite format_float", "8:36 import rewrite format_float"]


def test_patched_local_import_needs_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = "def f(x):\n    from sky.utils.common_utils import format_float\n    format_float(x)\n"
    test = "mock.patch('sky.utils.common_utils.format_float')\n"
    result = audited(tmp_path, {"sky/user.py": user, "test_user.py": test}, monkeypatch)
    reason = "the rewrite would bypass the patch in test_user.py:1"
    assert found(result, "sky/user.py") == [
        f"2:40 import review format_float | {reason}",
        f"3:5 call review format_float | {reason}",
    ]


def test_patch_of_a_reexport_does_not_affect_other_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "sky/api.py": "from sky.utils.common_utils import format_float as fmt\n",
        "sky/a.py": "from sky import api\napi.fmt(1)\n",
        "sky/b.py": "from sky.utils import common_utils\ncommon_utils.format_float(1)\n",
        "test_a.py": "mock.patch('sky.api.fmt')\n",
    }
    result = audited(tmp_path, files, monkeypatch)
    reason = "the rewrite would bypass the patch in test_a.py:1"
    assert found(result, "sky/a.py") == [f"2:1 call review format_float | {reason}"]
    assert found(result, "sky/b.py") == ["2:1 call rewrite format_float"]
    assert found(result, "sky/api.py") == ["1:36 import rewrite format_float"]
    assert found(result, "test_a.py") == [
        "1:12 string review format_float | referenced in a string"
    ]
