# Usage: lock.sh UV. Three lock files, all resolved together, with hashes and without addresses.
set -eu
uv=$1
compile() { "$uv" pip compile --quiet --universal --generate-hashes --no-emit-index-url \
    --no-annotate --no-header --python-version 3.11 --upgrade "$@"; }
cd "$(dirname "$0")/.."
compile --group dev --extra local --extra eval pyproject.toml requirements/build.in -o requirements/all.txt
for name in base dev local; do
    case $name in
        base) set -- pyproject.toml requirements/build.in ;;
        dev) set -- --group dev --extra eval pyproject.toml requirements/build.in ;;
        local) set -- --extra local pyproject.toml requirements/build.in ;;
    esac
    compile "$@" -c requirements/all.txt -o "requirements/$name.txt"
done
rm requirements/all.txt
