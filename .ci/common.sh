# Shared by ./run and ./test: packages, and steps that keep their noise in a log.
# Sourced with the working folder at the root of the tree.

log_dir=build/log
mkdir -p "$log_dir"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "This step needs root or sudo: $*" >&2
        return 1
    fi
}

# step NAME COMMAND...: one readable line, the rest in build/log/NAME.log.
step() {
    local name=$1 started=$SECONDS
    shift
    printf '%-34s ' "$name"
    local log="$log_dir/${name//[^A-Za-z0-9]/_}.log"
    if "$@" >"$log" 2>&1; then
        printf 'ok    %4d s\n' $((SECONDS - started))
        return 0
    fi
    printf 'FAILED, the last lines of %s:\n' "$log"
    tail -n 40 "$log"
    return 1
}

missing_packages() {
    local name
    while read -r name; do
        case $(dpkg-query -W -f '${Status}' "$name" 2>/dev/null) in
        "install ok installed") ;;
        *) echo "$name" ;;
        esac
    done < <(grep -vE '^(#|$)' .ci/packages)
}

install_packages() {
    local missing
    missing=$(missing_packages)
    if [ -z "$missing" ]; then
        return 0
    fi
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update
    # shellcheck disable=SC2086  # a list of names on purpose
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing
}

# configure_and_build PRESET [--target NAME...]
configure_and_build() {
    local preset=$1
    shift
    cmake --preset "$preset" && cmake --build --preset "$preset" "$@"
}
