#!/usr/bin/env bash
# Two delegations and an operator: three folders stand for three machines, and only files go from one to another.
# Usage: docs/tutorial/two-machines.sh FOLDER (it is made). With published demo keys; docs/tutorial/two-machines.md explains.
set -euo pipefail
folder=${1:?name a folder to work in}
mkdir -p "$folder" && cd "$folder"
mission=karabakh-2020
store=operator/out/store.db
at=2021-12-01T08:00:00Z
n=0

say() { printf '\n== %s\n' "$*"; }
copy_for() { truceline record export "$1/copy" --for "$1" --store "$store" >/dev/null && truceline record verify "$1/copy" >/dev/null; }
sign() { # sign SIDE ROLE WORDS...: on the side's own machine, on a copy of the record that it has verified
  local side=$1 role=$2
  shift 2
  n=$((n + 1))
  copy_for "$side"
  truceline determine "$@" --record "$side/copy" --demo-key "$side/$role" --at "$at" --keep "$side/keep" --out "stick-$n"
}
take() { truceline record take "stick-$n" --mission $mission --store "$store" --at "$at"; }
does() { sign "$@" >/dev/null && take; }
stands() { copy_for B && truceline determine status "$1" --record B/copy --at "$at"; }
position() { # position SIDE HAPPENED BREACH REASONS: the form that the side fills in
  mkdir -p "$1"
  cat >"$1/position.json" <<JSON
{"happened": "$2", "kind": "ceasefire_violation", "where": {"place": "place:hadrut"}, "clause": "instrument:statement-2020-11-09#1",
 "when": {"start": "2020-12-11T06:00:00Z", "end": "2020-12-11T18:00:00Z"},
 "breach": "$3", "standard": "credible", "basis": ["$report"], "reasons": "$4"}
JSON
}
propose() { # propose INCIDENT: A's head asks for a round; its id is left in $round
  sign A head propose "$1" --evidence "$report" >said
  round=$(grep -o 'determination_[a-z0-9]*' said | head -1)
  take
}

say "the operator takes an inbox in, and the record begins"
mkdir -p operator/in
printf 'Moscow, 12 December 2020\n\nA ceasefire violation was recorded in the Hadrut district on 11 December, the Russian Defence Ministry said.\n' >operator/in/bulletin.txt
truceline run --mission $mission --inbox operator/in --out operator/out
incident=$(sed -n 's/.*"id":"\(incident_[a-z0-9]*\)".*/\1/p' operator/out/incidents.jsonl | head -1)
report=$(sed -n 's/.*"report":"\(report_[a-z0-9]*\)".*/\1/p' operator/out/claims.jsonl | head -1)

say "agree: both seal, both open"
propose "$incident"
position A yes yes "Our officers heard it."
does A duty seal "$round" --form A/position.json
say "what B sees before it has answered"
stands "$round"
position B yes yes "The bulletin names the place."
does B duty seal "$round" --form B/position.json
does A duty open "$round"
does B duty open "$round"
stands "$round"

say "differ: both texts stand side by side"
propose incident_second
position A yes yes "Two posts heard it." && does A duty seal "$round" --form A/position.json
position B no no "Nobody of ours heard anything." && does B duty seal "$round" --form B/position.json
does A duty open "$round" && does B duty open "$round"
stands "$round"

say "recall: A takes its seal back and gives another position, before the round opens"
propose incident_third
position A yes yes "First thought." && does A duty seal "$round" --form A/position.json
does A duty recall "$round" --reason "a second report came in"
position A unable unable "The reports contradict each other." && does A duty seal "$round" --form A/position.json
position B unable unable "Nobody could look." && does B duty seal "$round" --form B/position.json
does A duty open "$round" && does B duty open "$round"
stands "$round"

say "no response: the clock of 72 hours runs out on B; its silence is neither yes nor no"
propose incident_fourth
position A yes yes "Seen from a post." && does A duty seal "$round" --form A/position.json
at=2021-12-05T08:00:00Z
does A duty open "$round"
stands "$round"

say "departure: B leaves the centre; the round goes on and says since when"
propose incident_fifth
does B head presence left --reason "recalled by its capital"
position A yes no "Outside any clause." && does A duty seal "$round" --form A/position.json
does A duty open "$round"
stands "$round"

say "protection: a name that A took down is destroyed, and nothing of it is left in any file"
copy_for A
printf 'Witness Example-Name' >A/name.txt
n=$((n + 1))
person=$(truceline vault put --field name=@A/name.txt --record A/copy --demo-key A/duty --at "$at" --keep A/keep --out "stick-$n" |
  grep -o 'person:[a-z0-9]*' | head -1)
rm A/name.txt && take >/dev/null
copy_for A
n=$((n + 1))
truceline redact person "$person" --reason safety --record A/copy --demo-key A/duty --at "$at" --keep A/keep --out "stick-$n" --search .
take >/dev/null
truceline redact search "Witness Example-Name" .
copy_for A && truceline record verify A/copy

say "evacuation: A's machine gives up what may harm people; the record still verifies"
truceline evacuate --keep A/keep --yes
truceline redact search "Witness Example-Name" .
truceline record verify A/copy
