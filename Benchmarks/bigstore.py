#!/usr/bin/env python3
"""How fast `runs`, `show` and `plot` answer from a store of 10,000 runs and 20 million step rows.

    python3 Benchmarks/bigstore.py .build/release/keepstep FOLDER

Makes FOLDER/keepstep.db once (1.5 GB, some minutes): a run of 2,000 steps is trained by the program, and copied
9,999 times by SQL with its hyperparameters, segments, steps, evaluations, and first and last checkpoints. Later calls measure only.
Prints the median of nine calls of each command by the clock and on the processor, and exits with 1 when one of them takes 200 ms or more.
"""

import pathlib
import resource
import sqlite3
import statistics
import subprocess
import sys
import time

RUNS = 10_000
STEPS = 2_000
LIMIT_MILLISECONDS = 200
REPETITIONS = 9

COMMANDS = [
    "runs",
    "runs --sort best_loss --limit 20",
    "runs --where best_loss<0.01 --columns name,best_loss,learning_rate --limit 20",
    "show run-5000",
    "show last",
    "plot run-5000 -o loss.svg",
    "plot run-5000 -o loss.png",
    "plot run-5000",
    "plot run-5000 --kind predictions -o predictions.svg",
    "plot run-5000 --kind weights -o weights.svg",
]

# What each copied table's rows are, beside the run that they belong to.
COPIED = {
    "hyperparameters": "name, value",
    "segments": "first_step, last_step, started_at, ended_at, end_reason, host, pid, keepstep_version, "
    "numerics_version, instruction_set, threads",
    "steps": "step, loss, learning_rate, gradient_norm, train_seconds, accuracy",
    "evaluations": "step, split, loss, accuracy",
}


def copies(columns: str) -> str:
    """A SELECT of those columns of run 1 for each copied run, in the order of runs."""
    return f"SELECT copies.id, {columns} FROM copies CROSS JOIN source ORDER BY copies.id"


def make(program: str, folder: pathlib.Path) -> None:
    """Trains the first run and copies it."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "draft.db"
    draft.unlink(missing_ok=True)
    subprocess.run(
        [program, "train", "--quiet", "--steps", str(STEPS), "--name", "run-1", "--store", str(draft)], check=True)
    store = sqlite3.connect(draft, isolation_level=None)
    for setting in ["foreign_keys = OFF", "synchronous = OFF", "journal_mode = MEMORY", "cache_size = -500000"]:
        store.execute(f"PRAGMA {setting}")
    store.execute("BEGIN")
    store.execute(
        "INSERT INTO runs (id, uuid, name, status, dataset_id, seed, steps_planned, steps_done, created_at, updated_at, "
        "finished_at) WITH RECURSIVE copy (id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM copy WHERE id < ?) "
        "SELECT copy.id, lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || "
        "'-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))), 'run-' || copy.id, status, dataset_id, seed, "
        "steps_planned, steps_done, created_at, updated_at, finished_at FROM copy CROSS JOIN runs WHERE runs.id = 1", [RUNS])
    store.execute("CREATE TEMP TABLE copies AS SELECT id FROM runs WHERE id > 1 ORDER BY id")
    for table, columns in COPIED.items():
        store.execute(f"CREATE TEMP TABLE source AS SELECT {columns} FROM {table} WHERE run_id = 1")
        store.execute(f"INSERT INTO {table} (run_id, {columns}) {copies(columns)}")
        store.execute("DROP TABLE source")
    copy_checkpoints(store)
    store.execute("COMMIT")
    store.execute("PRAGMA journal_mode = WAL")
    store.close()
    draft.rename(folder / "keepstep.db")


def copy_checkpoints(store: sqlite3.Connection) -> None:
    """The first and the last checkpoint of each copy, with their tensors."""
    columns = "step, reason, monitor_value, created_at, digest, history_digest, pinned"
    tensors = "kind, name, part, shape, data"
    for place, step in enumerate([0, STEPS]):
        (source,) = store.execute("SELECT id FROM checkpoints WHERE run_id = 1 AND step = ?", [step]).fetchone()
        base = 1_000 + place * RUNS
        store.execute(
            f"INSERT INTO checkpoints (id, run_id, {columns}) SELECT ? + copies.id, copies.id, {columns} "
            "FROM copies CROSS JOIN checkpoints WHERE checkpoints.id = ?", [base, source])
        store.execute(
            f"INSERT INTO tensors (checkpoint_id, {tensors}) SELECT ? + copies.id, {tensors} "
            "FROM copies CROSS JOIN tensors WHERE checkpoint_id = ?", [base, source])


def milliseconds(program: str, folder: pathlib.Path, command: str) -> tuple[float, float]:
    """The median times of a command from its start to its end, and on the processor; its output is thrown away."""
    times, processor = [], []
    for _ in range(REPETITIONS):
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, *command.split()], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        times.append(1_000 * (time.perf_counter() - began))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append(1_000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return statistics.median(times), statistics.median(processor)


def main() -> int:
    program, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    if not (folder / "keepstep.db").exists():
        make(program, folder)
    store = sqlite3.connect(f"file:{folder / 'keepstep.db'}?mode=ro", uri=True)
    runs, last = store.execute("SELECT count(*), max(id) FROM runs").fetchone()
    store.close()
    print(f"{runs} runs of {STEPS} steps; median of {REPETITIONS} calls, limit {LIMIT_MILLISECONDS} ms")
    slow = 0
    for command in COMMANDS:
        wall, processor = milliseconds(program, folder, command)
        slow += wall >= LIMIT_MILLISECONDS
        print(f"{wall:8.1f} ms, {processor:6.1f} ms of processor  {command}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
