"""Other judges on the load of `clients.py`: four criteria a sample, one call each. Run by `performance.py`.

Each peer needs an environment of its own that has it installed (`peer_places.py` makes it); none is a dependency of
recjudge. Each is used as its documentation shows for a graded criterion, with the same number of calls in flight and no
cache.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from clients import HERE, MODEL, options, pool, timed

GRADES = ("1", "2", "3")
ASKED = "Grade from 1 (fails) to 3 (meets it fully)."


def autoevals(asked: argparse.Namespace, rows: list[dict[str, Any]]) -> Callable[[], int]:
    """Its classifier, called from a pool of workers: it has no runner of its own."""
    import openai
    from autoevals import LLMClassifier

    def run() -> int:
        async def go() -> int:
            client = openai.AsyncOpenAI(base_url=_url(asked), api_key="mock")
            judges = [
                LLMClassifier(
                    name=name, model=MODEL, use_cot=True, client=client, choice_scores={"1": 0, "2": 0.5, "3": 1},
                    prompt_template=_template(words, "{{input}}", "{{expected}}", "{{output}}"),
                )
                for name, words in _criteria().items()
            ]  # fmt: skip

            async def one(job: tuple[Any, dict[str, Any]]) -> None:
                judge, row = job
                given = row["context"]
                said = await judge.eval_async(output=row["output"], expected=given["source"], input=given["prompt"])
                assert said.score is not None

            return await pool([(judge, row) for row in rows for judge in judges], asked.concurrency, one)

        return asyncio.run(go())

    return run


def phoenix(asked: argparse.Namespace, rows: list[dict[str, Any]]) -> Callable[[], int]:
    """Its classification evaluators over a data frame."""
    import pandas
    from phoenix.evals import LLM, async_evaluate_dataframe, create_classifier

    def run() -> int:
        llm = LLM(
            provider="openai", model=MODEL, base_url=_url(asked), api_key="mock", initial_per_second_request_rate=10**5
        )
        evaluators = [
            create_classifier(
                name=name, llm=llm, choices={grade: int(grade) for grade in GRADES},
                prompt_template=_template(words, "{prompt}", "{source}", "{output}"),
            )
            for name, words in _criteria().items()
        ]  # fmt: skip
        frame = pandas.DataFrame([row["context"] | {"output": row["output"]} for row in rows])
        done = asyncio.run(
            async_evaluate_dataframe(frame, evaluators, concurrency=asked.concurrency, hide_tqdm_bar=True)
        )
        return sum(int(done[f"{name}_score"].notna().sum()) for name in _criteria())

    return run


def openevals(asked: argparse.Namespace, rows: list[dict[str, Any]]) -> Callable[[], int]:
    """Its judge on the official SDK, called from a pool of workers."""
    import openai
    from openevals.llm import create_async_llm_as_judge

    def run() -> int:
        async def go() -> int:
            client = openai.AsyncOpenAI(base_url=_url(asked), api_key="mock")
            judges = [
                create_async_llm_as_judge(
                    feedback_key=name, choices=[1.0, 2.0, 3.0], judge=client, model=MODEL,
                    prompt=_template(words, "{inputs}", "{reference_outputs}", "{outputs}"),
                )
                for name, words in _criteria().items()
            ]  # fmt: skip

            async def one(job: tuple[Any, dict[str, Any]]) -> None:
                judge, row = job
                given = row["context"]
                await judge(inputs=given["prompt"], outputs=row["output"], reference_outputs=given["source"])

            return await pool([(judge, row) for row in rows for judge in judges], asked.concurrency, one)

        return asyncio.run(go())

    return run


def deepeval(asked: argparse.Namespace, rows: list[dict[str, Any]]) -> Callable[[], int]:
    """G-Eval with its steps given, so that a judgement is one call."""
    from deepeval import evaluate
    from deepeval.evaluate.configs import AsyncConfig, CacheConfig, DisplayConfig, ErrorConfig
    from deepeval.metrics import GEval
    from deepeval.models import GPTModel
    from deepeval.test_case import LLMTestCase, SingleTurnParams

    def run() -> int:
        model = GPTModel(model="gpt-4o-2024-08-06", base_url=_url(asked), api_key="mock")
        fields = [SingleTurnParams.INPUT, SingleTurnParams.ACTUAL_OUTPUT, SingleTurnParams.EXPECTED_OUTPUT]
        metrics = [
            GEval(name=name, evaluation_params=fields, model=model, criteria=words, evaluation_steps=[words, ASKED])
            for name, words in _criteria().items()
        ]
        cases = [
            LLMTestCase(
                input=row["context"]["prompt"], actual_output=row["output"], expected_output=row["context"]["source"]
            )
            for row in rows
        ]
        done = evaluate(
            cases, metrics,
            async_config=AsyncConfig(run_async=True, max_concurrent=max(1, asked.concurrency // 4)),
            display_config=DisplayConfig(show_indicator=False, print_results=False, inspect_after_run=False),
            cache_config=CacheConfig(write_cache=False, use_cache=False),
            error_config=ErrorConfig(ignore_errors=True),
        )  # fmt: skip
        return sum(data.score is not None for result in done.test_results for data in result.metrics_data or [])

    return run


def main() -> None:
    """Runs one peer and prints its line."""
    parser = argparse.ArgumentParser(description=__doc__)
    options(parser, sorted(PEERS))
    asked = parser.parse_args()
    os.environ.update(OPENAI_BASE_URL=_url(asked), OPENAI_API_KEY="mock", DO_NOT_TRACK="1")
    rows = [json.loads(line) for line in asked.file.read_text().splitlines()]
    package, make = PEERS[asked.client]
    timed(make(asked, rows), version=version(package))


def _url(asked: argparse.Namespace) -> str:
    return f"http://127.0.0.1:{asked.port}/v1"


def _criteria() -> dict[str, str]:
    rubric = tomllib.loads((HERE / "four.toml").read_text())
    return {dimension["name"]: dimension["question"] for dimension in rubric["dimension"]}


def _template(words: str, prompt: str, source: str, output: str) -> str:
    return f"{words}\n{ASKED}\n\nPrompt: {prompt}\n\nReference: {source}\n\nAnswer: {output}\n"


PEERS = {
    "autoevals": ("autoevals", autoevals),
    "phoenix": ("arize-phoenix-evals", phoenix),
    "openevals": ("openevals", openevals),
    "deepeval": ("deepeval", deepeval),
}

if __name__ == "__main__":
    main()
