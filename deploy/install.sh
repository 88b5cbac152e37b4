#!/bin/sh
# Runs on the host, from the folder that `newsfeed deploy` has brought there: puts a release beside the others, saves
# the store, points "current" to the release and starts the service again. When it does not stay up, the release before
# is back. Doing so again changes nothing.
#
#   install.sh install RELEASE   |   install.sh rollback
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" -eq 0 ] || exec sudo sh "$here/install.sh" "$@"

root=${NEWSFEED_ROOT:-}                 # another root, for trying it out
home=$root/opt/newsfeed
site=$root/srv/newsfeed
units=$root/etc/systemd/system
service=newsfeed-run.service

say() { printf '%s\n' "$*"; }

as_newsfeed() {
  if [ -n "$root" ]; then "$@"; else runuser -u newsfeed -- "$@"; fi
}

point_to() {                            # RELEASE: at once, and never half
  ln -sfn "releases/$1" "$home/current.new"
  mv -Tf "$home/current.new" "$home/current"
}

restart() {
  [ -e "$site/config.toml" ] || { say "no config.toml in $site yet: nothing is started"; return 0; }
  systemctl enable --quiet "$service"
  systemctl restart "$service" || return 1
  for _ in 1 2 3; do
    sleep "${NEWSFEED_PATIENCE:-2}"
    systemctl is-active --quiet "$service" || return 1
  done
}

make_places() {
  [ -n "$root" ] || id newsfeed >/dev/null 2>&1 ||
    useradd --system --home-dir "$site" --no-create-home --shell /usr/sbin/nologin newsfeed
  mkdir -p "$home/releases" "$units" "$site"
  [ -n "$root" ] || { chown newsfeed:newsfeed "$site" && chmod 0750 "$site"; }
}

make_release() {                        # RELEASE: an environment of its own, whole or not at all
  folder=$home/releases/$1
  [ -e "$folder/whole" ] && return 0
  rm -rf "$folder"
  python3 -m venv "$folder"
  (cd "$here" && "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt)
  "$folder/bin/newsfeed" --version >/dev/null
  touch "$folder/whole"
  say "installed: $1"
}

install_units() {
  (cd "$here/systemd" && find . -type f | sed 's|^\./||') | while read -r name; do
    if ! cmp -s "$here/systemd/$name" "$units/$name"; then
      mkdir -p "$(dirname "$units/$name")"
      install -m 0644 "$here/systemd/$name" "$units/$name"
      say "unit: $name"
    fi
  done
  systemctl daemon-reload
}

save_store() {                          # RELEASE: an older program cannot read what a newer one has migrated
  [ -e "$home/current" ] && [ -e "$site/config.toml" ] || return 0
  file=$site/var/before-$1.zip
  [ -e "$file" ] || as_newsfeed "$home/current/bin/newsfeed" -C "$site" backup "$file" >/dev/null
}

remove_old() {                          # all but the two in use and the newest besides
  kept="$(basename "$(readlink "$home/current")") $(cat "$home/previous" 2>/dev/null || true)"
  # shellcheck disable=SC2012 # releases have plain names
  ls -1t "$home/releases" | tail -n +4 | while read -r name; do
    case " $kept " in *" $name "*) ;; *) rm -rf "${home:?}/releases/$name" ;; esac
  done
}

roll_back() {
  before=$(cat "$home/previous" 2>/dev/null || true)
  if [ -z "$before" ] || [ ! -e "$home/releases/$before/whole" ]; then
    say "there is no release before"
    return 1
  fi
  now=$(basename "$(readlink "$home/current")")
  point_to "$before"
  printf '%s\n' "$now" > "$home/previous"
  restart && say "back: $before"
}

case $1 in
  install)
    release=$2
    make_places
    make_release "$release"
    install_units
    now=$(basename "$(readlink "$home/current" 2>/dev/null || echo none)")
    if [ "$now" = "$release" ]; then
      say "there already: $release"
      exit 0
    fi
    save_store "$release"
    [ "$now" = none ] || printf '%s\n' "$now" > "$home/previous"
    point_to "$release"
    if restart; then
      say "in use: $release"
      remove_old
    else
      say "$service does not stay up: see journalctl --unit $service"
      [ "$now" = none ] || roll_back
      exit 1
    fi
    ;;
  rollback) roll_back ;;
  *) say "install RELEASE, or rollback"; exit 2 ;;
esac
