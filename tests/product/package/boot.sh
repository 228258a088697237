#!/bin/sh
# boot.sh LOWER UPPER COMMAND...: runs COMMAND as process 1 of a system whose files are LOWER with UPPER over them. Started by
# unshare in namespaces of its own; nothing of the host is to be seen.
set -e
lower=$1 upper=$2
mark=${upper##*/}
shift 2
mkdir -p "$upper/files" "$upper/work" "$upper/root"
root=$upper/root
mount -t overlay -o "lowerdir=$lower,upperdir=$upper/files,workdir=$upper/work" overlay "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
ip link set lo up
mkdir -p "$root/mnt/host"
cd "$root"
pivot_root . mnt/host
umount -l /mnt/host
touch "/run/$mark"
exec env -i container=unshare PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
