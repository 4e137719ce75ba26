#!/usr/bin/env bash
# docs.sh CONFIGURATION: makes pages of the libraries' documentation comments and docs/Keepstep.docc, in .build/docs.
#
# Takes the modules that the last build left in .build/CONFIGURATION. A warning of DocC's, as of a link that leads nowhere or a
# parameter without a word, is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=${1:?usage: docs.sh debug|release}
modules=(Recurrent Sequences ArrayFiles ConfigurationFiles RunStore Training Interchange Figures)
build=.build/$configuration
graphs=.build/symbol-graphs

# The C modules that ours stand on.
flags=()
for map in Sources/*/module.modulemap "$build"/C*.build/module.modulemap .build/checkouts/*/Sources/*/include/module.modulemap \
  .build/checkouts/*/Sources/*/module.modulemap; do
  [ -e "$map" ] && flags+=(-Xcc "-fmodule-map-file=$map")
done

rm -rf "$graphs" .build/docs
mkdir -p "$graphs"
for module in "${modules[@]}"; do
  swift symbolgraph-extract -module-name "$module" -I "$build/Modules" "${flags[@]}" \
    -target "$(swift -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)",*/\1/p' | head -n 1)" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$graphs"
done

"$(dirname "$(command -v swift)")/docc" convert docs/Keepstep.docc --additional-symbol-graph-dir "$graphs" \
  --fallback-display-name Keepstep --fallback-bundle-identifier keepstep --warnings-as-errors --output-path .build/docs
echo "pages: .build/docs; to read them: python3 -m http.server --directory .build/docs, then /documentation/keepstep"
