#!/usr/bin/env bash
# Runs every fuzz target, or the one named second, for so many seconds, from the vectors and from what earlier runs found. A crash ends it, and its input is kept in
# tests/fuzz/artifacts: make it a test before it is fixed.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
export PATH=$PWD/.tools/bin:$PATH

say() { printf 'fuzz: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

command -v c++ >/dev/null || die "libFuzzer is C++, and there is no C++ compiler. Run: apt-get install g++"
if [ ! -x .tools/bin/cargo-fuzz ]; then
  say "compiling cargo-fuzz 0.13.2 into .tools (about a minute)"
  cargo install cargo-fuzz --version 0.13.2 --locked --root .tools --target-dir target/tools ||
    die "cargo-fuzz could not be compiled; is crates.io within reach?"
fi

sanitizer=address
if ! compgen -G "$(rustc --print sysroot)/lib/rustlib/*/lib/librustc*_rt.asan.a" >/dev/null; then
  say "this Rust has no runtime of the address sanitizer, so without it (the crate forbids unsafe code)"
  sanitizer=none
fi

# The instrumentation is rustc's own, and unstable; with this the stable compiler has it.
export RUSTC_BOOTSTRAP=1
node tests/fuzz/seed.mjs
for target in ${2:-parse claims merge callback token cache}; do
  say "$target, for $seconds seconds"
  cargo fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz --sanitizer "$sanitizer" "$target" -- \
    -max_total_time="$seconds" -timeout=5 -print_final_stats=1 2>&1 |
    grep --line-buffered -E '^(error|==|SUMMARY|stat::(number|average|new)|Done|thread|artifact_prefix|Base64)|panicked|assertion|(left|right):' ||
    [ "${PIPESTATUS[0]}" = 0 ] || die "$target found something, see tests/fuzz/artifacts/$target"
done
