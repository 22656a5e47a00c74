//! `make bench`: how fast challenges are read, beside the crate http-auth in the same run, and whether time grows with length only.
//!
//! Criterion measures and prints the first. The verdicts compare least times, because what else runs on the machine only ever adds time. A bound
//! that is not held ends the program with an error.
#![cfg_attr(
    not(target_family = "wasm"),
    expect(
        clippy::disallowed_macros,
        clippy::indexing_slicing,
        clippy::unwrap_used,
        reason = "it prints, and its vectors are what they are"
    )
)]

#[cfg(target_family = "wasm")]
fn main() {}

#[cfg(not(target_family = "wasm"))]
fn main() {
    native::main();
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use std::{
        hint::black_box,
        process::exit,
        time::{Duration, Instant},
    };

    use countersign::protocol::challenge::{parse_challenges, parse_challenges_strict};
    use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
    use http_auth::{ChallengeParser, ChallengeRef};
    use serde_json::Value;

    pub(super) fn main() {
        let mut criterion = Criterion::default().configure_from_args();
        let is_fast = beside_http_auth(&mut criterion);
        criterion.final_summary();
        let is_linear = linear_time();
        if !(is_fast && is_linear) {
            exit(1);
        }
    }

    /// Our own vectors, as far as both readers accept them and agree.
    fn beside_http_auth(criterion: &mut Criterion) -> bool {
        let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/challenges.json")).unwrap();
        let cases: Vec<Vec<&str>> = vectors.iter().map(lines).filter(|lines| both_agree(lines)).collect();
        let bytes = cases.iter().flatten().map(|line| line.len()).sum();
        println!("{} of {} vectors, {bytes} bytes, are read by both, and read the same", cases.len(), vectors.len());

        let mut group = criterion.benchmark_group("vectors");
        let all = |read: &dyn Fn(&[&str]) -> usize| cases.iter().map(|lines| read(lines)).sum::<usize>();
        let tolerant = least(&mut group, "ours, tolerant", bytes, || all(&|lines| black_box(parse_challenges(lines)).len()));
        let strict =
            least(&mut group, "ours, strict", bytes, || all(&|lines| black_box(parse_challenges_strict(lines)).iter().len()));
        let theirs = least(&mut group, "http-auth", bytes, || all(&|lines| black_box(http_auth(lines)).iter().len()));
        // What it takes to get from there to what ours gives: names in lower case and values without escapes, of their own.
        let owned = least(&mut group, "http-auth, owned", bytes, || all(&|lines| black_box(http_auth_owned(lines)).iter().len()));
        group.finish();

        println!("\n{:<20}{:>12}", "vectors", "MB/s");
        for (reader, time) in
            [("ours, tolerant", tolerant), ("ours, strict", strict), ("http-auth", theirs), ("http-auth, owned", owned)]
        {
            println!("{reader:<20}{:>12.0}", 1000.0 / time);
        }
        let ratio = theirs / tolerant.max(strict);
        println!("the slower of ours is {ratio:.2} times as fast as http-auth; at least 1: {}\n", verdict(ratio >= 1.0));
        ratio >= 1.0
    }

    /// Hostile lines of growing length. Nanoseconds for a byte must stay what they are.
    ///
    /// Not criterion's: it would measure one length after the other, and take a busy second of the machine for a property of that length. Here
    /// the lengths take turns.
    fn linear_time() -> bool {
        if std::env::var_os("MALLOC_TRIM_THRESHOLD_").is_none() {
            println!(
                "note: glibc may give memory back between runs, which costs long lines more than short ones; `make bench` keeps it from that"
            );
        }
        println!("{:<20}{}  growth", "ns/byte", SIZES.map(|size| format!("{:>6} KiB", size >> 10)).concat());
        let mut is_linear = true;
        for (family, before, unit, after) in FAMILIES {
            let lines = SIZES.map(|size| [before, &unit.repeat(size / unit.len()), after].concat());
            let mut times = [f64::INFINITY; SIZES.len()];
            for _ in 0..ROUNDS {
                for (line, least) in lines.iter().zip(&mut times) {
                    *least = least.min(time_of_a_byte(line));
                }
            }
            let growth = growth(&times);
            let holds = growth <= MOST_GROWTH;
            println!("{family:<20}{}  {growth:>5.2}x {}", times.map(|time| format!("{time:>10.2}")).concat(), verdict(holds));
            is_linear &= holds;
        }
        println!(
            "growth: the most that a byte costs in a line, over the least that it costs in a shorter one; at most {MOST_GROWTH}\n"
        );
        is_linear
    }

    /// In nanoseconds, of reading the line both ways, as often as it takes to read as much as the longest line has.
    fn time_of_a_byte(line: &str) -> f64 {
        let runs = (SIZES[SIZES.len() - 1] / line.len()).max(1);
        let start = Instant::now();
        for _ in 0..runs {
            let _ = black_box((parse_challenges(&[line]), parse_challenges_strict(&[line])));
        }
        start.elapsed().as_secs_f64() * 1e9 / (runs * line.len()) as f64
    }

    /// The worst of all pairs of a shorter and a longer line.
    fn growth(times: &[f64]) -> f64 {
        let pairs =
            times.iter().enumerate().flat_map(|(index, shorter)| times[index..].iter().map(move |longer| longer / shorter));
        pairs.fold(1.0, f64::max)
    }

    fn verdict(holds: bool) -> &'static str {
        if holds { "holds" } else { "MISSED" }
    }

    /// Measures with criterion. The least time of a run, in nanoseconds for each byte.
    fn least<T>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, bytes: usize, mut run: impl FnMut() -> T) -> f64 {
        let mut least = f64::INFINITY;
        group.sample_size(20).warm_up_time(TIME / 4).measurement_time(TIME).throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|runs| {
                let start = Instant::now();
                for _ in 0..runs {
                    black_box(run());
                }
                let time = start.elapsed();
                least = least.min(time.as_secs_f64() / runs as f64);
                time
            });
        });
        least * 1e9 / bytes as f64
    }

    fn lines(case: &Value) -> Vec<&str> {
        case["headers"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect()
    }

    fn http_auth<'a>(lines: &[&'a str]) -> Option<Vec<ChallengeRef<'a>>> {
        lines.iter().flat_map(|line| ChallengeParser::new(line)).collect::<Result<_, _>>().ok()
    }

    type Owned = Vec<(String, Vec<(String, String)>)>;

    fn http_auth_owned(lines: &[&str]) -> Option<Owned> {
        let owned = |challenge: ChallengeRef<'_>| {
            let params = challenge.params.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_unescaped())).collect();
            (challenge.scheme.to_owned(), params)
        };
        http_auth(lines).map(|challenges| challenges.into_iter().map(owned).collect())
    }

    fn both_agree(lines: &[&str]) -> bool {
        let ours = parse_challenges_strict(lines).ok();
        let ours = ours.map(|ours| ours.into_iter().map(|challenge| (challenge.scheme, challenge.params)).collect::<Owned>());
        ours.is_some() && ours == http_auth_owned(lines)
    }

    /// Name, and what is before, repeated and after.
    const FAMILIES: [(&str, &str, &str, &str); 5] = [
        ("long word", "Bearer ", "a", ""),
        ("many commas", "Bearer ", ",", ""),
        ("many quotes", "Bearer a=", "\"", ""),
        ("many challenges", "", "Bearer realm=\"api\", error=invalid_token, ", ""),
        ("backslashes", "Bearer a=\"", "\\\\", "\""),
    ];

    const SIZES: [usize; 5] = [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10];

    const ROUNDS: usize = 200;

    const MOST_GROWTH: f64 = 1.5;

    const TIME: Duration = Duration::from_secs(2);
}
