#!/bin/sh
# Runs the tests that were built, in four groups at once: most of them wait for programs and services, and one process has no more
# threads for tests than there are processors. As root, by sudo where needed: some tests mount small, full or read-only file systems.
#
#   run.sh BUNDLE
#
# Exit status 1 if a group failed, or did not end in 25 minutes. (Tests have no limits of their own: all of them begin at once, and the
# time that one waits for a thread would count.)
set -u
bundle=${1:?usage: run.sh BUNDLE}
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo

group() { $as_root timeout --foreground 1500 "$bundle" --testing-library swift-testing "$@"; }

group --filter '^DockAgentTests\.CrashTests/' &
crash=$!
group --filter '^DockAgentTests\.' --skip '^DockAgentTests\.CrashTests/' &
agent=$!
group --filter '^DockDeliveryTests\.' &
delivery=$!
group --skip '^DockAgentTests\.' --skip '^DockDeliveryTests\.' &
rest=$!
failed=0
for process in $crash $agent $delivery $rest; do wait "$process" || failed=1; done
exit $failed
