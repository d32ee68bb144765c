# serving.sh WHAT WORD...: starts "kubectl WORD...", which says where it listens, asks there for WHAT and ends it: a path by
# HTTP, other text as it is, with the end of this side behind it.
set -eu
what=$1
shift
rm -f serving.txt # of the one before: the new one is made by the process in the background
kubectl "$@" >serving.txt 2>&1 &
trap "kill $!" EXIT
for _ in $(seq 200); do
  address=$(grep -s -o -m 1 '127\.0\.0\.1:[0-9]*' serving.txt) && break
  sleep 0.1
done
case $what in
/*) curl -sSf "http://$address$what" ;;
*) printf %s "$what" | timeout 20 busybox nc 127.0.0.1 "${address#*:}" ;;
esac || { cat serving.txt; exit 1; }
