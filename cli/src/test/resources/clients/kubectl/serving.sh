# serving.sh PATH WORD...: starts "kubectl WORD...", which says where it listens, asks there for PATH and ends it.
set -eu
path=$1
shift
kubectl "$@" >serving.txt 2>&1 &
trap "kill $!" EXIT
for _ in $(seq 200); do
  address=$(grep -o -m 1 '127\.0\.0\.1:[0-9]*' serving.txt) && break
  sleep 0.1
done
curl -sSf "http://$address$path" || { cat serving.txt; exit 1; }
