//! Percentiles, medians and the one line that a figure is printed as.

use std::time::Duration;

/// Runs of each scenario; the median is printed.
pub const RUNS: usize = 3;

/// Milliseconds with their fraction.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The value below which `percent` of the sorted values lie.
pub fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() * percent).div_ceil(100).max(1) - 1;
    values[at.min(values.len() - 1)]
}

/// The median of some runs.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    percentile(&mut values.into_iter().collect::<Vec<_>>(), 50)
}

/// One figure: what, how much, the goal, and what else was seen.
pub fn line(scenario: &str, figure: &str, goal: &str, beside: &str) {
    println!("{scenario:<8} {figure:<62} goal {goal:<26} {beside}");
}
