# shellcheck shell=bash
# What is handed to users: dist/, from a clean tree. A commit gives the same bytes, in whatever folder it is built.

readonly dist=$root/dist
draft=
# What dist/ is made of.
readonly stage=$build/stage

# [--draft] [KEY]: KEY is a minisign secret key.
release() {
  if [[ ${1:-} == --draft ]]; then draft=1 && shift; fi
  local key=${1:+$(cd "$caller_dir" && realpath "$1")}
  is_clean || [[ -n $draft ]] || die "the tree has changes that are in no commit; commit them, or ask for --draft"
  need build package
  make_dist || exit 1
  if [[ -n $key ]]; then sign "$key"; fi
  show_dist
}

is_clean() { [[ -z $(git status --porcelain) ]]; }

# The tag, where this commit has one; else the version that is in the making, and the commit.
release_version() {
  local tag commit
  if tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null) && is_clean; then
    echo "${tag#v}" && return
  fi
  commit=$(git rev-parse --short=12 HEAD)
  echo "$(project_version)+$commit$(is_clean || echo .draft)"
}

project_version() { sed -nE 's/^project\(control_center VERSION ([0-9.]+).*/\1/p' CMakeLists.txt; }

# Everything in it has the time of the commit.
export_epoch() {
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
  export SOURCE_DATE_EPOCH
}

make_dist() {
  local version arch
  version=$(release_version) arch=$(dpkg --print-architecture)
  export_epoch
  need_node
  build_preset portable control-center || return
  rm -rf "$dist" "$stage"
  mkdir -p "$dist" "$stage"
  quietly "Writing manual pages and completions" make_manuals || return
  make_tarballs "control-center-$version-linux-$arch" || return
  quietly "Making the Debian package" make_package "$(package_version "$version")" || return
  quietly "Making the container image" make_image "$version" "$arch" || return
  fill_in "${version//+/-}"
  bill_of_materials "$version" >"$dist/control-center-$version.cdx.json" || return
  (cd "$dist" && sha256sum -- *) >"$stage/SHA256SUMS"
  mv "$stage/SHA256SUMS" "$dist"
}

# What is made from the program's own tables of commands and settings, and what must go with it.
make_manuals() {
  mkdir -p "$stage/manual"
  "$build/portable/bin/control-center" describe | "$node" dev.d/release/manual.mjs "$stage/manual" &&
    write_notices >"$stage/third-party.txt"
}

# Where, name, version and licence of each Debian package that went in.
packages_inside() {
  local where name licence
  while read -r where name licence; do
    echo "$where $name $(dpkg-query -W -f '${Version}' "$name") $licence"
  done < <(linked_packages)
}

# VERSION
bill_of_materials() {
  packages_inside | "$node" dev.d/release/sbom.mjs "$1" web "$build/web/bundled.json"
}

# The terms of what is linked in, where they want to go with a program: those of Boost, SQLite and the compiler do not.
write_notices() {
  local -a names
  mapfile -t names < <(linked_packages | awk '$1 == "binary" && $3 !~ /^(BSL|blessing|GPL)/ { print $2 }')
  "$node" dev.d/release/notices.mjs web "$build/web/bundled.json" "${names[@]}"
}

# NAME: the program with what belongs to it, and its debug information.
make_tarballs() {
  local folder=$stage/$1
  install -D -m 755 -t "$folder" "$build/portable/bin/control-center"
  install -D -m 644 -t "$folder" LICENSE deploy/control-center.service "$stage/third-party.txt"
  cp -r "$stage/manual" "$folder/share"
  pack "$folder"
  install -D -m 644 -t "$stage/$1.debug" "$build/portable/bin/control-center.debug"
  pack "$stage/$1.debug"
}

# A commit of today is newer than one of yesterday, which its hash does not tell.
# VERSION
package_version() {
  if [[ $1 != *+* ]]; then echo "$1" && return; fi
  echo "${1%%+*}+git$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S).${1#*+}"
}

# VERSION: the Debian package, from the staged files, by debhelper.
make_package() {
  local dir=$stage/package/source
  mkdir -p "$dir"
  cp -r deploy/debian "$dir"
  cp -r "$stage/manual/." "$stage/third-party.txt" "$build/portable/bin/control-center" "$dir"
  sed 's|/usr/local/bin/|/usr/bin/|' deploy/control-center.service >"$dir/debian/control-center.service"
  write_changelog "$1" >"$dir/debian/changelog"
  (cd "$dir" && dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes --no-pre-clean) &&
    mv "$stage"/package/control-center_*.deb "$dist"
}

# VERSION
write_changelog() {
  cat <<CHANGELOG
control-center ($1) unstable; urgency=medium

  * Release. CHANGELOG.md of the sources has what changed.

 -- $(sed -n 's/^Maintainer: //p' deploy/debian/control)  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGELOG
}

# VERSION ARCHITECTURE: the container image, of the program, glibc and the certificates of authorities.
make_image() {
  local root_dir=$stage/rootfs dir=$stage/image
  stage_system "$root_dir" || return
  install -D -m 755 -t "$root_dir/usr/bin" "$build/portable/bin/control-center"
  install -D -m 644 -t "$root_dir/usr/share/doc/control-center" LICENSE "$stage/third-party.txt"
  layer_of "$root_dir" >"$stage/layer.tar"
  "$node" dev.d/release/image.mjs "$stage/layer.tar" "$1" "$(git rev-parse HEAD)" "$2" "$dir" || return
  tar_up "$dir" blobs index.json manifest.json oci-layout >"$dist/control-center-$1-$2.oci.tar"
}

# TAG: the files for Docker and Kubernetes, which name this image.
fill_in() {
  sed "s|{CONTROL_CENTER_VERSION:?[^}]*}|{CONTROL_CENTER_VERSION:-$1}|" deploy/compose.yaml >"$dist/compose.yaml"
  sed "s|control-center:VERSION|control-center:$1|" deploy/kubernetes.yaml >"$dist/kubernetes.yaml"
}

# FOLDER: what the program needs of a system, from Debian's packages as they are installed here.
stage_system() {
  local dir=$1 name
  local -a packages
  mapfile -t packages < <(linked_packages | awk '$1 == "image" { print $2 }')
  # As Debian made them: a file's fifth letter is about its content, a c is a file of configuration.
  if dpkg --verify "${packages[@]}" | grep -E '^..5.{6}  ?[^c]'; then return 1; fi
  mkdir -p "$dir"/{etc/ssl/certs,tmp,usr/share/doc,var/lib/control-center,var/lib/dpkg/status.d}
  dpkg -L libc6 | grep -E '/(ld-linux[^/]*|libc\.so\.6|libm\.so\.6)$' | xargs cp -L --parents -t "$dir"
  dpkg -L ca-certificates | grep '\.crt$' | sort | xargs cat >"$dir/etc/ssl/certs/ca-certificates.crt"
  for name in "${packages[@]}"; do
    install -D -m 644 -t "$dir/usr/share/doc/$name" "/usr/share/doc/$name/copyright"
    dpkg-query -s "$name" >"$dir/var/lib/dpkg/status.d/$name"
  done
  echo 'hosts: files dns' >"$dir/etc/nsswitch.conf"
  echo 'control-center:x:65532:' >"$dir/etc/group"
  echo 'control-center:x:65532:65532:Control Center:/var/lib/control-center:/usr/sbin/nologin' >"$dir/etc/passwd"
}

# FOLDER: as a layer. All of it belongs to root, but for the data.
layer_of() {
  local file=$stage/layer
  tar_up "$1" --exclude=./tmp --exclude=./var/lib/control-center . >"$file"
  tar_more "$file" "$1" 0 1777 ./tmp
  tar_more "$file" "$1" 65532 0700 ./var/lib/control-center
  cat "$file"
}

# FILE FOLDER OWNER MODE NAME
tar_more() {
  tar -C "$2" --format=ustar --owner="$3" --group="$3" --numeric-owner --mode="$4" --mtime="@$SOURCE_DATE_EPOCH" -rf "$1" "$5"
}

# FOLDER: as dist/NAME.tar.gz, with nothing in it of this machine or this hour.
pack() {
  tar_up "${1%/*}" "${1##*/}" | gzip -n -9 >"$dist/${1##*/}.tar.gz"
}

# FOLDER NAME...
tar_up() {
  tar -C "$1" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mode=go-w,a+rX \
    --mtime="@$SOURCE_DATE_EPOCH" -cf - "${@:2}"
}

# KEY
sign() {
  need_packages minisign
  minisign -S -s "$1" -m "$dist/SHA256SUMS" -t "control-center $(release_version)"
}

show_dist() {
  local file sum
  printf '\n%-62s %10s  %s\n' artefact bytes SHA-256
  while read -r sum file; do
    printf '%-62s %10d  %s\n' "$file" "$(stat -c %s "$dist/$file")" "$sum"
  done <"$dist/SHA256SUMS"
}
