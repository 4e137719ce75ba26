-- Keepstep's store, version 2: class targets bring an accuracy. The rows of version 1 stay as they are, with NULL in it.
-- SQLite puts a new column's definition before the comment of the column in front of it, so each definition leads on to that.

ALTER TABLE steps ADD COLUMN
  accuracy REAL /* share of the step's class targets that the greatest output hit, 0 to 1; NULL: no class targets. And train_seconds: */;

ALTER TABLE evaluations ADD COLUMN
  accuracy REAL /* mean accuracy over that part, 0 to 1; NULL: no class targets. And loss: */;

DROP VIEW run_summary;

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
    runs.created_at AS created_at,         -- time (UTC)
    steps.accuracy AS last_accuracy        -- accuracy of step steps_done, 0 to 1; NULL: no class targets, or no step yet
  FROM runs
    LEFT JOIN steps ON steps.run_id = runs.id AND steps.step = runs.steps_done
    LEFT JOIN checkpoints AS best ON best.id = (
      SELECT id FROM checkpoints WHERE run_id = runs.id AND monitor_value IS NOT NULL
      ORDER BY monitor_value, step LIMIT 1);
