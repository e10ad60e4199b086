#!/bin/sh
# in-root.sh ROOT PROJECT COMMAND...: run a command in the file system below ROOT, where PROJECT is
# /project. It is entered by pivot_root(8): after a chroot(2) the kernel refuses the user namespaces
# that some examples make. Who is not root is root of a namespace until everything is mounted.
set -eu
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
root=$1 project=$2 uid=$(id -u) gid=$(id -g)
shift 2
if [ "$uid" -eq 0 ]; then
    namespace="unshare --mount --propagation private" run=env
else
    namespace="unshare --user --map-root-user --mount --propagation private"
    run="unshare --user --map-user=$uid --map-group=$gid env"
fi
exec $namespace sh -euc '
root=$1 project=$2 run=$3
shift 3
mount --bind "$root" "$root"
cd "$root"
for name in proc dev sys; do mount --rbind "/$name" "$name"; done
mount -t tmpfs -o mode=1777 tmpfs tmp
mount --bind "$project" project
pivot_root . old
cd /project
umount -l /old
exec $run -i "$@"
' sh "$root" "$project" "$run" PATH="$PATH" HOME=/root LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 "$@"
