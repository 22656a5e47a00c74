#!/usr/bin/env bash
# Installs what the build and the tests need and this machine lacks; says what and why. A second run finds everything and is quick.
# Works as root, and as a user with sudo. Everything that is not a Debian package goes into .tools/ and node_modules/.
set -euo pipefail
cd "$(dirname "$0")"
tools=$PWD/.tools
mkdir -p "$tools"

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "this user is not root and has no sudo. Run as root: apt-get install --no-install-recommends $packages"; fi
}

updated=
packages=
debian() { # why, packages
  packages=$2
  say "installing Debian's $2: $1"
  command -v apt-get >/dev/null || die "$2 is missing and this machine has no apt-get; install it by hand and run again."
  if [ -z "$updated" ]; then as_root apt-get update -qq || die "apt-get cannot reach a Debian mirror; $2 cannot be had."; updated=yes; fi
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $2 >"$tools/apt.log" 2>&1 ||
    die "apt-get could not install $2; what it said is in .tools/apt.log."
}

command -v node >/dev/null || die "Node.js 20 or newer is missing; install it from https://nodejs.org and run again."
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js is $(node --version); version 20 or newer is needed."
command -v cargo >/dev/null || die "cargo is missing; install Rust's stable toolchain from https://rustup.rs and run again."
command -v cc >/dev/null || debian "the linker that Rust's build scripts need" gcc

command -v chromium >/dev/null || debian "the browser that the tests drive" chromium
command -v chromedriver >/dev/null || debian "the driver of the wasm tests" chromium-driver
command -v firefox-esr >/dev/null || debian "the second browser that the tests drive" firefox-esr
command -v WebKitWebDriver >/dev/null || debian "the third browser that the tests drive, and its driver" webkit2gtk-driver
{ command -v xvfb-run && command -v xauth; } >/dev/null || debian "the screen that WebKit needs" "xvfb xauth"

for component in clippy rustfmt; do # rustup's minimal profile lacks them
  cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || { say "adding $component: make lint runs it"; rustup component add "$component" >"$tools/rustup.log" 2>&1; } ||
    die "$component is missing and rustup cannot add it; what it said is in .tools/rustup.log."
done

# The standard library is compiled with the crate (design: panics abort at once, which saves a third of the wasm), so its source must be here.
has_source() { [ -f "$("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]; }
: >"$tools/rust.env.new"
if ! has_source rustc; then
  say "adding rust-src: the standard library is compiled with the crate"
  if ! { command -v rustup >/dev/null && rustup component add rust-src >"$tools/rustup.log" 2>&1 && has_source rustc; }; then
    { has_source /usr/bin/rustc && [ -x /usr/bin/wasm-ld-19 ]; } 2>/dev/null ||
      debian "rust-src cannot be had from rustup; Debian's Rust brings it" "rustc-web cargo-web rust-web-src lld-19"
    has_source /usr/bin/rustc || die "the source of Rust's standard library cannot be had, neither by 'rustup component add rust-src' nor from Debian's rust-web-src."
    cat >"$tools/rust.env.new" <<'ENV'
export PATH=/usr/bin:$PATH RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
ENV
  fi
fi
# Compared first: a newer file would make every build start over.
if cmp -s "$tools/rust.env.new" "$tools/rust.env"; then rm "$tools/rust.env.new"; else mv "$tools/rust.env.new" "$tools/rust.env"; fi

# wasm-bindgen's program must be exactly the version of the crate.
wanted=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
if [ "$("$tools/bin/wasm-bindgen" --version 2>/dev/null)" != "wasm-bindgen $wanted" ]; then
  say "compiling wasm-bindgen-cli $wanted, the version of the crate (about two minutes)"
  cargo install wasm-bindgen-cli --version "$wanted" --root "$tools" --target-dir target/tools ||
    die "wasm-bindgen-cli $wanted could not be compiled; is crates.io within reach?"
fi

if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  say "installing npm packages: wasm-opt, the demo's provider, the test tools"
  npm ci --no-progress --loglevel=error || die "npm ci failed; is the npm registry within reach?"
  touch node_modules/.package-lock.json
fi
say "ready"
