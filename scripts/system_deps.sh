#!/usr/bin/env bash
# Install the system parts that some tests need, on Debian and its kin. Nothing happens where they are there.
set -euo pipefail

declare -A package_of=([chromium]=chromium [pdffonts]=poppler-utils [pdftoppm]=poppler-utils [zbarimg]=zbar-tools)
# Go comes with the packages that judge our record: the public verifiers of transparency logs.
# A C compiler builds the shim that cuts the power in tests.
package_of[cc]="gcc libc6-dev"
# Node runs the console's signing code in a test that holds it to ours.
package_of[node]=nodejs
package_of[go]="golang-go golang-golang-x-mod-dev"
# The broker that feeds by MQTT are tried with; Debian puts it where only root looks.
package_of[mosquitto]=mosquitto
# Lines of sight are held against GRASS.
package_of[grass]=grass-core
PATH=$PATH:/usr/sbin
# The server that a store may lie on, with its geometry: started by tests, private to each run.
initdb=(/usr/lib/postgresql/*/bin/initdb)
postgis=(/usr/share/postgresql/*/extension/postgis.control)
missing=()
[[ -x ${initdb[-1]} && -f ${postgis[-1]} ]] || missing+=(postgresql-15-postgis-3)
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || missing+=(${package_of[$program]})
done
if ((${#missing[@]} == 0)); then
  echo "system parts: all there"
  exit 0
fi
mapfile -t packages < <(printf '%s\n' "${missing[@]}" | sort -u)
if ! command -v apt-get >/dev/null; then
  echo "system parts: install these with your package manager: ${packages[*]}" >&2
  exit 4
fi
as_root=()
if (($(id -u) != 0)); then
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 -qq update
"${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends "${packages[@]}"
