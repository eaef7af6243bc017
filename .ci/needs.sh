# Sourced by ./run and ./test: finds what the project needs on this machine and installs what is missing (Debian and its kin).
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers would outlive the command that started them.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
missing=()

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

need_dotnet() {
  has dotnet || fail "The .NET 10 SDK is needed and \`dotnet\` was not found on PATH: https://dotnet.microsoft.com/download"
  dotnet --version >/dev/null 2>&1 || fail "The .NET 10 SDK is needed; here \`dotnet --version\` says: $(dotnet --version 2>&1 | head -3)"
}

need_node() {
  has node || missing+=(nodejs)
  has npm || missing+=(npm)
}

# The same places as SmsAi.Core/Platform/Embedded/PostgresBinaries.cs.
need_postgres() {
  has initdb && has postgres && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
  compgen -G '/opt/homebrew/opt/postgresql*/bin/initdb' >/dev/null && return
  compgen -G '/usr/local/opt/postgresql*/bin/initdb' >/dev/null && return
  compgen -G '/usr/pgsql-*/bin/initdb' >/dev/null && return
  missing+=(postgresql)
}

need_redis() { has redis-server || missing+=(redis-server); }

need_chromium() { has chromium || [ -x /usr/bin/chromium ] || missing+=(chromium fonts-liberation); }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Installs $missing. The packages' own servers are neither created nor left running: the app starts its own, on its own folder.
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  has apt-get || fail "Missing here: ${missing[*]} (Debian's names). Without apt-get, please install them yourself."
  [ "$(id -u)" = 0 ] || has sudo || fail "Missing here: ${missing[*]}. Run as root, or: apt-get install ${missing[*]}"
  say "Installing by apt-get: ${missing[*]}"

  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    made_policy=yes
  fi

  local failed=
  as_root apt-get update -qq >/dev/null || failed=yes
  if [ -z "$failed" ] && [[ " ${missing[*]} " == *" postgresql "* ]]; then
    { apt_install postgresql-common &&
      as_root mkdir -p /etc/postgresql-common/createcluster.d &&
      echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/smsai.conf >/dev/null; } || failed=yes
  fi
  [ -n "$failed" ] || apt_install "${missing[@]}" || failed=yes

  [ -z "$made_policy" ] || as_root rm -f $policy
  [ -z "$failed" ] || fail "apt-get could not install: ${missing[*]}"
  if [[ " ${missing[*]} " == *" redis-server "* ]] && [ -d /run/systemd/system ]; then
    as_root systemctl disable --now redis-server >/dev/null 2>&1 || true
  fi
  missing=()
}
