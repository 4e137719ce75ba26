-- Keepstep's store, version 1. README.md in this folder is the manual of this schema.
-- A file of this folder never changes once it has landed; a later version is a further file.
-- Times are UTC, ISO 8601 with milliseconds: 2026-11-24T09:44:37.123Z.
-- Blobs are little-endian float32, row-major; the shape stands beside them as JSON text.

CREATE TABLE datasets (
  -- One row per set of data that runs trained on; runs with equal data share it.
  id      INTEGER PRIMARY KEY,                                      -- dataset
  sha256  TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),         -- digest of the data, 64 hexadecimal digits
  source  TEXT NOT NULL,                                            -- where it came from: a task's name or a file's path
  columns TEXT NOT NULL CHECK (json_type(columns) = 'array'),       -- the columns' names, a JSON array of texts
  rows    INTEGER NOT NULL CHECK (rows >= 0),                       -- rows; 0 for a generator without end
  data    BLOB                                                      -- float32 [rows, columns]; NULL: values not embedded
) STRICT;

CREATE TABLE runs (
  -- One row per training of one network on one dataset with one set of hyperparameters.
  id                   INTEGER PRIMARY KEY AUTOINCREMENT,           -- run; never used again, even when the run is removed
  uuid                 TEXT NOT NULL UNIQUE,                        -- the same in every copy of the store
  name                 TEXT NOT NULL UNIQUE,                        -- what people call it
  status               TEXT NOT NULL                                -- 'running' may be a killed run not yet found dead
    CHECK (status IN ('running', 'interrupted', 'finished', 'failed')),
  parent_checkpoint_id INTEGER REFERENCES checkpoints ON DELETE SET NULL, -- a fork's parent; NULL: none, or removed
  dataset_id           INTEGER REFERENCES datasets,                 -- its data
  seed                 INTEGER NOT NULL,                            -- of all its randomness
  steps_planned        INTEGER NOT NULL CHECK (steps_planned >= 0), -- the step it ends at
  steps_done           INTEGER NOT NULL CHECK (steps_done >= 0),    -- its highest recorded step; a fork begins at its checkpoint's
  created_at           TEXT NOT NULL,                               -- time (UTC)
  updated_at           TEXT NOT NULL,                               -- time (UTC) of the trainer's last commit, its heartbeat
  finished_at          TEXT,                                        -- time (UTC) it reached steps_planned; NULL: it has not
  failure              TEXT,                                        -- message of a failed run; NULL: it has not failed
  note                 TEXT                                         -- remark of a person; NULL: none
) STRICT;

CREATE TABLE hyperparameters (
  -- One row per value that shaped a run, defaults included.
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,        -- its run
  name   TEXT NOT NULL,                                             -- cell, hidden_size, learning_rate, …
  value  ANY NOT NULL,                                              -- numbers stay numbers; a switch is 0 or 1
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE segments (
  -- One row per stretch of a run's steps that one process trained; a resumed run has several.
  id                INTEGER PRIMARY KEY,                            -- segment
  run_id            INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, -- its run
  first_step        INTEGER NOT NULL CHECK (first_step >= 1),       -- first step this process trained, recorded or only compared
  last_step         INTEGER NOT NULL CHECK (last_step >= first_step - 1), -- last step it recorded; first_step - 1: none
  started_at        TEXT NOT NULL,                                  -- time (UTC)
  ended_at          TEXT,                                           -- time (UTC); NULL: still training, or not yet found dead
  end_reason        TEXT                                            -- 'interrupted' by a signal; 'killed': found dead; NULL: see ended_at
    CHECK (end_reason IN ('finished', 'interrupted', 'failed', 'killed')),
  host              TEXT NOT NULL,                                  -- the machine's name
  pid               INTEGER NOT NULL,                               -- the process
  keepstep_version  TEXT NOT NULL,                                  -- the program's version
  numerics_version  INTEGER NOT NULL,                               -- equal versions compute equal bits
  instruction_set   TEXT NOT NULL,                                  -- scalar, avx2, avx512 or neon; never changes a bit
  threads           INTEGER NOT NULL CHECK (threads >= 1)           -- threads that computed; never changes a bit
) STRICT;

CREATE TABLE steps (
  -- One row per optimizer update. Never rewritten; without gaps from the run's first step to steps_done.
  run_id        INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, -- its run
  step          INTEGER NOT NULL CHECK (step >= 1),                 -- counts from 1; a fork's goes on from its checkpoint's
  loss          REAL NOT NULL,                                      -- mean loss of the step's windows, before the update
  learning_rate REAL NOT NULL,                                      -- of this update
  gradient_norm REAL NOT NULL,                                      -- Euclidean norm of the whole gradient, before clipping
  train_seconds REAL NOT NULL,                                      -- seconds of training so far, over all segments
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  -- One row per evaluation and part of the data.
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,        -- its run
  step   INTEGER NOT NULL CHECK (step >= 1),                        -- taken after this step
  split  TEXT NOT NULL,                                             -- 'training' (mean since the last one) or 'validation'
  loss   REAL NOT NULL,                                             -- mean loss over that part
  PRIMARY KEY (run_id, step, split)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  -- One row per saved state. Present means complete: written in one transaction with its tensors.
  id             INTEGER PRIMARY KEY,                               -- checkpoint
  run_id         INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, -- its run
  step           INTEGER NOT NULL CHECK (step >= 0),                -- steps taken; 0 is the untrained network
  reason         TEXT NOT NULL                                      -- why it was written
    CHECK (reason IN ('start', 'interval', 'best', 'signal', 'final', 'manual')),
  monitor_value  REAL,                                              -- the watched loss at this step, lower is better; NULL: not taken
  created_at     TEXT NOT NULL,                                     -- time (UTC)
  digest         TEXT NOT NULL CHECK (length(digest) = 64),         -- SHA-256 over its tensors, 64 hexadecimal digits
  history_digest TEXT NOT NULL CHECK (length(history_digest) = 64), -- SHA-256 chain over all rows up to this step, 64 hexadecimal digits
  pinned         INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)), -- 1: never removed to make room
  UNIQUE (run_id, step)
) STRICT;

CREATE TABLE tensors (
  -- One row per tensor of a checkpoint, or per part of a tensor above 64 MiB.
  checkpoint_id INTEGER NOT NULL REFERENCES checkpoints ON DELETE CASCADE, -- its checkpoint
  kind          TEXT NOT NULL                                       -- what it is part of
    CHECK (kind IN ('weight', 'optimizer', 'hidden')),
  name          TEXT NOT NULL,                                      -- W_hh; of the optimizer W_hh.m, W_hh.v; hidden H, C
  part          INTEGER NOT NULL CHECK (part >= 0),                 -- 0, and counting on for tensors above 64 MiB
  shape         TEXT NOT NULL CHECK (json_type(shape) = 'array'),   -- of the whole tensor, a JSON array: [32,32]
  data          BLOB NOT NULL,                                      -- float32, row-major; parts in order make the tensor
  UNIQUE (checkpoint_id, kind, name, part)
) STRICT;

CREATE TABLE hidden_states (
  -- One row per recorded hidden state: H(t) as it stood after that step.
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,        -- its run
  step   INTEGER NOT NULL CHECK (step >= 1),                        -- taken after this step
  name   TEXT NOT NULL,                                             -- H, or an LSTM's C; _l1, _reverse as with the weights
  shape  TEXT NOT NULL CHECK (json_type(shape) = 'array'),          -- [streams, hidden units], a JSON array
  data   BLOB NOT NULL,                                             -- float32, row-major
  PRIMARY KEY (run_id, step, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
  -- One row per label that a person put on a run.
  run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,        -- its run
  tag    TEXT NOT NULL,                                             -- the label
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX runs_by_parent ON runs (parent_checkpoint_id);
CREATE INDEX runs_by_dataset ON runs (dataset_id);
CREATE INDEX segments_by_run ON segments (run_id);
CREATE INDEX checkpoints_by_monitor_value ON checkpoints (run_id, monitor_value, step)
  WHERE monitor_value IS NOT NULL;

CREATE VIEW best_checkpoints AS
  -- Each run's checkpoint with the lowest monitor_value, the earliest of equals.
  SELECT
    runs.id AS run_id,                     -- run
    runs.name AS run_name,                 -- its name
    checkpoints.id AS checkpoint_id,       -- its best checkpoint
    checkpoints.step AS step,              -- that checkpoint's step
    checkpoints.monitor_value AS monitor_value, -- the watched loss there
    checkpoints.created_at AS created_at,  -- time (UTC)
    checkpoints.digest AS digest           -- SHA-256 over its tensors
  FROM runs JOIN checkpoints ON checkpoints.id = (
    SELECT id FROM checkpoints WHERE run_id = runs.id AND monitor_value IS NOT NULL
    ORDER BY monitor_value, step LIMIT 1);

CREATE VIEW run_summary AS
  -- A line a run. Reads no more than one row of steps for each.
  SELECT
    runs.id AS id,                         -- run
    runs.name AS name,                     -- its name
    runs.status AS status,                 -- as recorded: 'running' may be a killed run
    (SELECT value FROM hyperparameters WHERE run_id = runs.id AND name = 'cell') AS cell, -- rnn, lstm or gru
    (SELECT value FROM hyperparameters WHERE run_id = runs.id AND name = 'hidden_size') AS hidden_size, -- units a layer
    (SELECT value FROM hyperparameters WHERE run_id = runs.id AND name = 'num_layers') AS num_layers, -- layers
    runs.steps_done AS steps_done,         -- its highest recorded step
    runs.steps_planned AS steps_planned,   -- the step it ends at
    steps.loss AS last_loss,               -- loss of step steps_done; NULL: no step yet
    best.monitor_value AS best_loss,       -- the watched loss of its best checkpoint; NULL: none yet
    best.step AS best_step,                -- that checkpoint's step
    steps.train_seconds AS train_seconds,  -- seconds of training, over all segments
    runs.created_at AS created_at          -- time (UTC)
  FROM runs
    LEFT JOIN steps ON steps.run_id = runs.id AND steps.step = runs.steps_done
    LEFT JOIN checkpoints AS best ON best.id = (
      SELECT id FROM checkpoints WHERE run_id = runs.id AND monitor_value IS NOT NULL
      ORDER BY monitor_value, step LIMIT 1);

CREATE VIEW weights AS
  -- A line a checkpoint: the first layer's and the output's weights, float32, row-major.
  -- NULL: the network has no such tensor, or it is in several parts (then read the table tensors).
  SELECT
    checkpoints.run_id AS run_id,          -- run
    checkpoints.step AS step,              -- step of the checkpoint
    (SELECT CASE WHEN max(part) = 0 THEN data END FROM tensors
      WHERE checkpoint_id = checkpoints.id AND kind = 'weight' AND name = 'W_xh') AS W_xh, -- [inputs, hidden units]
    (SELECT CASE WHEN max(part) = 0 THEN data END FROM tensors
      WHERE checkpoint_id = checkpoints.id AND kind = 'weight' AND name = 'W_hh') AS W_hh, -- [hidden units, hidden units]
    (SELECT CASE WHEN max(part) = 0 THEN data END FROM tensors
      WHERE checkpoint_id = checkpoints.id AND kind = 'weight' AND name = 'b_h') AS b_h, -- [hidden units]
    (SELECT CASE WHEN max(part) = 0 THEN data END FROM tensors
      WHERE checkpoint_id = checkpoints.id AND kind = 'weight' AND name = 'W_hq') AS W_hq, -- [hidden units, outputs]
    (SELECT CASE WHEN max(part) = 0 THEN data END FROM tensors
      WHERE checkpoint_id = checkpoints.id AND kind = 'weight' AND name = 'b_q') AS b_q -- [outputs]
  FROM checkpoints;
