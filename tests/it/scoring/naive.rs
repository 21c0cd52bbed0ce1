//! A second implementation, written as one would on paper: it lists every ballot one by one and divides 128-bit integers.
//! It shares no code with the crate; only the rules' types are read, to know what to do.

use pingyi_rules::scoring::{ItemAnswer, MissingGroup, MissingItem, RowPolicy, Rules, Worth};

/// A fraction with a positive denominator, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(pub i128, pub i128);

impl Fraction {
    pub fn new(above: i128, below: i128) -> Self {
        let (mut a, mut b) = (above.abs(), below.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = if below < 0 { -1 } else { 1 };
        Self(sign * above / a.max(1), below.abs() / a.max(1))
    }

    pub fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    pub fn times(self, other: Self) -> Self {
        Self::new(self.0 * other.0, self.1 * other.1)
    }

    pub fn over(self, other: Self) -> Self {
        Self::new(self.0 * other.1, self.1 * other.0)
    }

    pub fn is_less(self, other: Self) -> bool {
        self.0 * other.1 < other.0 * self.1
    }

    /// Units of the last decimal of a number that is not negative: long division, one digit at a time.
    pub fn units(self, decimals: u32) -> i128 {
        let (mut units, mut rest) = (self.0 / self.1, self.0 % self.1);
        for _ in 0..decimals {
            rest *= 10;
            units = units * 10 + rest / self.1;
            rest %= self.1;
        }
        units + i128::from(rest * 2 >= self.1)
    }

    pub fn text(self, decimals: u32) -> String {
        let units = self.units(decimals);
        let one = 10_i128.pow(decimals);
        match decimals {
            0 => units.to_string(),
            _ => format!("{}.{:0width$}", units / one, units % one, width = decimals as usize),
        }
    }
}

/// One row as it lies on the table.
#[derive(Clone, Debug)]
pub enum Row {
    Mark(usize),
    Blank,
    Recused,
    Void,
    Items(Vec<ItemAnswer>),
}

/// What the paper says of one subject.
#[derive(Debug, PartialEq, Eq)]
pub struct OnPaper {
    pub means: Vec<Option<String>>,
    pub score: Option<String>,
    pub exact: Option<Fraction>,
    pub rank: Option<u32>,
    pub pooled: Option<String>,
    pub top_rate: Option<String>,
}

fn policy(policy: RowPolicy) -> Option<Fraction> {
    match policy {
        RowPolicy::Exclude => None,
        RowPolicy::PointsHundredths(points) => Some(Fraction::new(points.into(), 100)),
    }
}

fn worth(rules: &Rules, scale: &[Worth], row: &Row) -> Option<Fraction> {
    match row {
        Row::Recused | Row::Void => None,
        Row::Blank => policy(rules.abstain),
        Row::Mark(at) => match scale[*at] {
            Worth::PointsHundredths(points) => Some(Fraction::new(points.into(), 100)),
            Worth::Unknown => policy(rules.unknown),
            Worth::Abstain => policy(rules.abstain),
        },
        Row::Items(answers) => {
            let (mut sum, mut weights) = (0_i128, 0_i128);
            for (at, weight) in rules.item_weights_bp.iter().enumerate() {
                let points = match answers[at] {
                    ItemAnswer::NotApplicable => continue,
                    ItemAnswer::Open => None,
                    ItemAnswer::Mark(mark) => match scale[mark] {
                        Worth::PointsHundredths(points) => Some(points),
                        Worth::Unknown | Worth::Abstain => None,
                    },
                };
                match points {
                    Some(points) => {
                        sum += i128::from(points) * i128::from(*weight);
                        weights += i128::from(*weight);
                    }
                    None if rules.missing_item == MissingItem::Require => return None,
                    None => {}
                }
            }
            (weights > 0).then(|| Fraction::new(sum, weights * 100))
        }
    }
}

fn mean(mut values: Vec<Fraction>, more_than_rows: Option<u32>) -> Option<Fraction> {
    // Selection by hand: the smallest goes first, then the largest goes last.
    for end in 1..values.len() {
        let mut at = end;
        while at > 0 && values[at].is_less(values[at - 1]) {
            values.swap(at, at - 1);
            at -= 1;
        }
    }
    if more_than_rows.is_some_and(|least| values.len() > least as usize) {
        values.pop();
        values.remove(0);
    }
    let count = i128::try_from(values.len()).unwrap();
    let sum = values.into_iter().fold(Fraction(0, 1), Fraction::plus);
    (count > 0).then(|| sum.over(Fraction(count, 1)))
}

/// One subject, all but its rank.
pub fn subject(rules: &Rules, weights: &[u32], scale: &[Worth], groups: &[Vec<Row>]) -> OnPaper {
    let values = |rows: &[Row]| rows.iter().filter_map(|row| worth(rules, scale, row)).collect::<Vec<_>>();
    let trim = rules.trim.map(|trim| trim.more_than_rows);
    let means: Vec<Option<Fraction>> = groups.iter().map(|rows| mean(values(rows), trim)).collect();
    let (mut above, mut below, mut blocked) = (Fraction(0, 1), 0_i128, means.iter().all(Option::is_none));
    for (mean, weight) in means.iter().zip(weights) {
        let weight = i128::from(*weight);
        match (mean, rules.missing_group) {
            (Some(mean), _) => above = above.plus(mean.times(Fraction(weight, 1))),
            (None, MissingGroup::Zero) => {}
            (None, MissingGroup::Renormalise) => continue,
            (None, MissingGroup::Block) => blocked = true,
        }
        below += weight;
    }
    let exact = (!blocked).then(|| above.over(Fraction(below, 1)));
    let all: Vec<Row> = groups.iter().flatten().cloned().collect();
    let points = |row: &Row| match row {
        Row::Mark(at) => match scale[*at] {
            Worth::PointsHundredths(points) => Some(points),
            Worth::Unknown | Worth::Abstain => None,
        },
        _ => None,
    };
    let best = (0..scale.len()).filter_map(|at| points(&Row::Mark(at))).max();
    let single = |row: &Row| match row {
        Row::Items(answers) => answers
            .iter()
            .filter_map(|answer| match answer {
                ItemAnswer::Mark(at) => Some(Row::Mark(*at)),
                ItemAnswer::Open | ItemAnswer::NotApplicable => None,
            })
            .collect(),
        row => vec![row.clone()],
    };
    let given: Vec<u32> = all.iter().flat_map(single).filter_map(|row| points(&row)).collect();
    let top = given.iter().filter(|points| Some(**points) == best).count();
    let rate = Fraction::new(i128::try_from(top * 100).unwrap(), i128::try_from(given.len().max(1)).unwrap());
    OnPaper {
        means: means.into_iter().map(|mean| mean.map(|mean| mean.text(rules.decimals))).collect(),
        score: exact.map(|exact| exact.text(rules.decimals)),
        exact,
        rank: None,
        pooled: mean(values(&all), None).map(|mean| mean.text(rules.decimals)),
        top_rate: (!given.is_empty()).then(|| rate.text(2)),
    }
}

/// Ranks by walking down the sorted units: who is equal to the one before shares its place.
pub fn rank(decimals: u32, subjects: &mut [OnPaper]) {
    let units = |paper: &OnPaper| paper.exact.map(|exact| exact.units(decimals));
    let mut order: Vec<usize> = (0..subjects.len()).filter(|at| subjects[*at].exact.is_some()).collect();
    order.sort_by_key(|at| -units(&subjects[*at]).unwrap());
    for place in 0..order.len() {
        let shares = place > 0 && units(&subjects[order[place]]) == units(&subjects[order[place - 1]]);
        subjects[order[place]].rank =
            if shares { subjects[order[place - 1]].rank } else { Some(u32::try_from(place + 1).unwrap()) };
    }
}
