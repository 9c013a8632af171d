# shellcheck shell=bash
# What the scripts that start services share.

# The daemons that follow must hold nothing of whoever called: he may wait for the end of a pipe or socket that they inherit.
leave_files() {
    local fd
    for fd in "/proc/$$/fd"/*; do
        fd=${fd##*/}
        case $fd in 0 | 1 | 2 | 255) ;; *) eval "exec $fd>&-" ;; esac
    done
}

# Prints a port of loopback that nobody listens on.
free_port() {
    local port
    for _ in $(seq 200); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
    done
    echo "${0##*/}: no free port" >&2
    return 1
}
