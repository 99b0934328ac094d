"""What the README shows of a trainer runs as written, from verdicts to a Student to a step of GRPO."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from recjudge.cli import main

from trl_environment import ROOT, trl_python

MODEL = "from pathlib import Path\nfrom trl_steps import model_in\nmodel_in(Path('your/model'))\n"
"""The README says `your/model`; here a tiny random one stands in its place."""


@pytest.mark.slow
def test_the_readmes_way_from_verdicts_to_a_step_of_grpo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "README.md").read_text()
    (block,) = re.findall(r"^```python train\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    shutil.copy(ROOT / "examples" / "outputs.jsonl", tmp_path)
    monkeypatch.chdir(tmp_path)
    for command in re.findall(r"^recjudge ((?:distill|export [^\n]*grpo)[^#\n]*)", page, re.MULTILINE):
        assert main(["score", "outputs.jsonl"]) == 0
        assert main(command.split()) == 0
    told = "import json\nprint(json.dumps(trainer.state.log_history[0]))\n"
    Path("step.py").write_text(f"{MODEL}{block}{told}")
    done = subprocess.run(
        [str(trl_python()), "step.py"], capture_output=True, text=True, check=False, timeout=600,
        env=os.environ | {"PYTHONPATH": str(ROOT / "tests"), "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    logged = json.loads(done.stdout.splitlines()[-1])
    assert logged["step"] == 1
    assert 0 <= logged["rewards/recjudge/mean"] <= 1
