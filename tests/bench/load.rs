//! The load generator: the figures of tests/bench/README.md, measured on this machine against the built server as a process of
//! its own, with load and server on the same cores. `cargo bench --bench load -- papers casts` runs some, without names all.
//! It measures and judges nothing: a timing is never an assertion.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has nothing better to do than to stop")]

#[path = "load/casts.rs"]
mod casts;
#[path = "load/floor.rs"]
mod floor;
#[path = "load/hall.rs"]
mod hall;
#[path = "load/idle.rs"]
mod idle;
#[path = "load/measure.rs"]
mod measure;
#[path = "load/papers.rs"]
mod papers;
#[path = "load/process.rs"]
mod process;
#[path = "../it/redis/process.rs"]
#[expect(dead_code, reason = "one is started here and never killed")]
mod redis_process;
#[path = "load/servers.rs"]
mod servers;
#[path = "load/size.rs"]
mod size;
#[path = "load/start.rs"]
mod start;
#[path = "load/steps.rs"]
mod steps;

/// The name under which this binary is the floor's server.
const FLOOR: &str = "floor-server";
const SCENARIOS: [&str; 7] = ["start", "papers", "casts", "idle", "steps", "size", "servers"];

fn main() {
    process::raise_file_limit();
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if arguments.first().is_some_and(|first| first == FLOOR) {
        return runtime.block_on(floor::serve());
    }
    let chosen: Vec<&str> = match arguments.as_slice() {
        [] => SCENARIOS.to_vec(),
        some => some.iter().map(String::as_str).collect(),
    };
    runtime.block_on(async {
        for scenario in chosen {
            match scenario {
                "start" => start::run().await,
                "papers" => papers::run().await,
                "casts" => casts::run().await,
                "idle" => idle::run().await,
                "steps" => steps::run().await,
                "size" => size::run().await,
                "servers" => servers::run().await,
                other => println!("{other}: no such scenario; there are {}", SCENARIOS.join(", ")),
            }
        }
    });
}
