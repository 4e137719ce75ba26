#!/usr/bin/env bash
# `make demo`: the seed's job; then a longer training killed with kill -9 half way, resumed, and compared bit for bit with
# its twin that was left alone. Leaves store, pictures, weights and predictions in demo/. Prints what it runs.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.build/release:$PATH"
export KEEPSTEP_STORE=demo/keepstep.db
steps=400000

say() { printf '\n# %s\n' "$*"; }

# Prints a command as one would type it, then runs it.
run() {
  local word line=
  for word in "$@"; do
    [[ $word =~ ^[A-Za-z0-9@./_=-]+$ ]] || word="'${word//\'/\'\\\'\'}'"
    line+=" $word"
  done
  printf '$%s\n' "$line"
  "$@"
}

# One number out of the store.
number() { keepstep query --format csv "$1" | tail -n 1; }

steps_done() { number "SELECT coalesce((SELECT steps_done FROM runs WHERE name = 'killed'), 0) AS n"; }

# Starts the training `killed`, and kills it once more than half of its steps are recorded.
train_and_kill() {
  local command=(keepstep train --quiet --name killed --steps "$steps") status=0 pid
  printf '$ %s &\n' "${command[*]}"
  "${command[@]}" >/dev/null &
  pid=$!
  until [ "$(steps_done)" -gt $((steps / 2)) ]; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.02
  done
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || status=$?
  if [ "$status" != 137 ]; then
    echo "error: the training ended with status $status before kill -9 could hit it" >&2
    exit 1
  fi
  echo '$ kill -9 $!'
}

mkdir -p demo
rm -f demo/keepstep.db demo/keepstep.db-* demo/predictions.* demo/loss.* demo/weights.safetensors

say "The seed's job: a network learns cos from sin. Every step goes into $KEEPSTEP_STORE."
echo "\$ export KEEPSTEP_STORE=$KEEPSTEP_STORE"
run keepstep train --name seed
run keepstep plot seed --kind predictions -o demo/predictions.png
run keepstep plot seed --kind predictions -o demo/predictions.svg
run keepstep plot seed -o demo/loss.png
run keepstep plot seed -o demo/loss.svg
run keepstep predict seed -o demo/predictions.csv
run keepstep export seed -o demo/weights.safetensors

say "The same network for $steps steps, twice: one training is left alone, the other one is killed half way."
run keepstep train --name alone --steps "$steps"
train_and_kill
run keepstep runs

say "Resume goes on from the newest checkpoint; what was recorded after it is trained again and compared."
run keepstep resume killed

say "Both end with the same bits: the digests of the last three checkpoints, and all step rows."
run sqlite3 -header -column demo/keepstep.db "
  SELECT step, substr(a.digest, 1, 12) AS alone, substr(b.digest, 1, 12) AS killed,
         a.digest = b.digest AS same_tensors, a.history_digest = b.history_digest AS same_history
  FROM checkpoints AS a JOIN checkpoints AS b USING (step)
  WHERE a.run_id = 2 AND b.run_id = 3 ORDER BY step DESC LIMIT 3"
run sqlite3 -header -column demo/keepstep.db "
  SELECT count(*) AS equal_steps FROM steps AS a JOIN steps AS b USING (step, loss, learning_rate, gradient_norm)
  WHERE a.run_id = 2 AND b.run_id = 3"
same=$(number "
  SELECT count(*) FROM checkpoints AS a JOIN checkpoints AS b USING (step, digest, history_digest)
  WHERE a.run_id = 2 AND b.run_id = 3 AND step = $steps")
if [ "$same" != 1 ]; then
  echo "error: the two trainings ended with different bits" >&2
  exit 1
fi

say "Verify trains the whole run again in memory and compares every bit with the record."
run keepstep verify killed

say "In demo/:"
ls -C demo
