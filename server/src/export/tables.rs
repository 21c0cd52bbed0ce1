//! The tables of a result, as rows of cells: the summary by subject, one table a group, the accounts, and the rules in
//! force. They hold what the result view shows, in its own finished strings; a file's format is not known here.

use super::words::{Language, Words};
use crate::protocol::{Channel, GroupView, ItemResult, MarkView, PlanView, ResultRow, ResultView, RoundView};
use pingyi_rules::meeting::GroupAccount;
use pingyi_rules::meeting::plan::Report;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Somebody's words: never a formula, whatever they begin with.
    Text(String),
    /// A whole number.
    Count(u32),
    /// A finished decimal string of the server, as `93.03`.
    Figure(String),
    /// Nothing that may be shown.
    Hidden,
}

/// A column's head; columns of one mark share what is above them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnHead {
    /// What is above several columns; empty for one that is alone.
    pub over: String,
    /// What is above this column.
    pub text: String,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name.
    pub name: String,
    /// Host, meeting and round.
    pub above: String,
    /// What it is.
    pub title: String,
    /// By column.
    pub heads: Vec<ColumnHead>,
    /// Each as long as the heads.
    pub rows: Vec<Vec<Cell>>,
    /// What to know of it; empty for nothing.
    pub remark: String,
    /// The fingerprint of the round's rules and the digits of its record, for the foot.
    pub foot: String,
}

/// What tables are made of.
#[derive(Clone, Copy, Debug)]
pub struct TableSource<'a> {
    /// The plan as every screen may know it.
    pub plan: &'a PlanView,
    /// The result as the chair's screen gets it.
    pub result: &'a ResultView,
    /// Its round.
    pub round: Option<&'a RoundView>,
    /// The language of the words.
    pub language: Language,
}

impl Cell {
    /// What a reader sees.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Figure(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Hidden => "—".to_owned(),
        }
    }
}

fn figure(figure: Option<&String>) -> Cell {
    figure.map_or(Cell::Hidden, |figure| Cell::Figure(figure.clone()))
}

fn count(count: Option<u32>) -> Cell {
    count.map_or(Cell::Hidden, Cell::Count)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn head(text: impl Into<String>) -> ColumnHead {
    ColumnHead { over: String::new(), text: text.into() }
}

impl<'a> TableSource<'a> {
    fn words(self) -> &'static Words {
        self.language.words()
    }

    /// Every table, in the order of a workbook's sheets.
    #[must_use]
    pub fn tables(self) -> Vec<Table> {
        let groups = self.shown_groups().into_iter().map(|(place, group)| self.group(place, group));
        [self.summary()].into_iter().chain(groups).chain([self.accounts(), self.rules()]).collect()
    }

    /// The groups of the round, in its order: those that voted as one are one column.
    fn columns(self) -> Vec<&'a GroupView> {
        let merged = &self.result.merged;
        let is_inside = |id: &String| merged.iter().any(|list| list.groups.iter().skip(1).any(|other| other == id));
        let column = |group: &'a GroupView| {
            let list = merged.iter().find(|list| list.groups.first() == Some(&group.id));
            list.map_or(group, |list| &list.column)
        };
        self.plan.groups.iter().filter(|group| !is_inside(&group.id)).map(column).collect()
    }

    /// The groups that have a table of their own, by place: those with figures for at least one subject.
    fn shown_groups(self) -> Vec<(usize, &'a GroupView)> {
        let has_figures =
            |(place, _): &(usize, &GroupView)| self.result.rows.iter().any(|row| group_of(row, *place).is_some());
        self.columns().into_iter().enumerate().filter(has_figures).collect()
    }

    fn table(self, name: String, title: String, heads: Vec<ColumnHead>, rows: Vec<Vec<Cell>>) -> Table {
        let words = self.words();
        let PlanView { host, title: meeting, .. } = self.plan;
        let digits = self.result.record.as_ref().map(|record| format!("　{} {}", words.record, record.digits));
        let record = digits.unwrap_or_default();
        let fingerprint = self.round.and_then(|round| round.fingerprint.as_deref()).unwrap_or("—");
        Table {
            name,
            above: format!("{host} · {meeting} · {} {}", words.round, self.result.round),
            title: match self.language.of(&self.result.form.title, &self.result.form.title_en) {
                "" => title,
                form => format!("{title} · {form}"),
            },
            heads,
            remark: if rows.iter().flatten().any(|cell| *cell == Cell::Hidden) { words.too_small } else { "" }
                .to_owned(),
            rows,
            foot: format!("{} {fingerprint}{record}", words.fingerprint),
        }
    }

    /// The marks that have columns: none where rows have several items, which have one each.
    fn marks(self) -> &'a [MarkView] {
        let form = &self.result.form;
        if form.items.is_empty() { &form.scale } else { &[] }
    }

    fn label(self, mark: &'a MarkView) -> &'a str {
        self.language.of(&mark.label, &mark.label_en)
    }

    /// F3: one row a subject.
    #[must_use]
    pub fn summary(self) -> Table {
        let words = self.words();
        let mut heads: Vec<ColumnHead> = [words.number, words.branch, words.secretary, words.report].map(head).into();
        for mark in self.marks() {
            let over = self.label(mark).to_owned();
            heads.push(ColumnHead { over: over.clone(), text: words.votes.to_owned() });
            heads.push(ColumnHead { over, text: words.percent.to_owned() });
        }
        heads.extend(self.item_heads());
        heads.extend([words.abstained, words.recused].map(head));
        heads.extend(self.columns().into_iter().map(|group| ColumnHead {
            over: words.mean.to_owned(),
            text: format!("{} ({}%)", group.id, group.weight_percent),
        }));
        heads.extend([words.score, words.rank].map(head));
        heads.extend(self.total_heads());
        heads.extend([words.grade, words.top_rate, words.note].map(head));
        let rows = self.result.rows.iter().map(|row| self.summary_row(row)).collect();
        self.table(words.summary.to_owned(), words.summary.to_owned(), heads, rows)
    }

    fn summary_row(self, row: &ResultRow) -> Vec<Cell> {
        let words = self.words();
        let subject = self.plan.subjects.iter().find(|subject| subject.id == row.subject);
        let mut cells = self.names(row);
        let report = match subject.map(|subject| subject.report) {
            Some(Report::Written) => words.written,
            Some(Report::Onsite) | None => words.onsite,
        };
        cells.push(text(report));
        for place in 0..self.marks().len() {
            cells.push(count(row.marks.as_ref().and_then(|marks| marks.get(place).copied())));
            cells.push(figure(row.percents.as_ref().and_then(|percents| percents.get(place))));
        }
        cells.extend(self.item_cells(row.items.as_deref()));
        cells.extend([count(row.abstained), count(row.recused)]);
        cells.extend(
            (0..self.columns().len()).map(|place| figure(group_of(row, place).and_then(|group| group.mean.as_ref()))),
        );
        let grade = row.suggested_grade.as_ref().map(|id| {
            self.result.form.scale.iter().find(|mark| mark.id == *id).map_or(id.as_str(), |mark| self.label(mark))
        });
        cells.extend([figure(row.score.as_ref()), count(row.rank)]);
        cells.extend(self.total_cells(row));
        let is_open = row.combined.as_ref().is_some_and(|combined| !combined.notes.is_empty());
        cells.push(grade.map_or(if is_open { text("") } else { Cell::Hidden }, text));
        cells.push(figure(row.top_rate_percent.as_ref()));
        let absent = subject.filter(|subject| subject.absent).map(|_| words.absent.to_owned());
        let notes = row.combined.iter().flat_map(|combined| &combined.notes);
        let notes = notes.map(|[zh, en]| self.language.of(zh, en).to_owned());
        cells.push(Cell::Text(absent.into_iter().chain(notes).collect::<Vec<_>>().join(" ")));
        cells
    }

    /// A column an item, for its mean.
    fn item_heads(self) -> impl Iterator<Item = ColumnHead> {
        self.result.form.items.iter().map(move |item| ColumnHead {
            over: self.words().items.to_owned(),
            text: format!("{} ({}%)", self.language.of(&item.label, &item.label_en), item.weight_percent),
        })
    }

    /// Its cells, of a subject or of a group for one.
    fn item_cells(self, items: Option<&[ItemResult]>) -> impl Iterator<Item = Cell> {
        let item = move |place: usize| items.and_then(|items| items.get(place));
        (0..self.result.form.items.len()).map(move |place| figure(item(place).and_then(|item| item.mean.as_ref())))
    }

    /// The columns of a total: each component with its share, the adjustment, the total and its place.
    fn total_heads(self) -> Vec<ColumnHead> {
        let Some(combination) = &self.result.combination else { return Vec::new() };
        let words = self.words();
        let share = |name: &str, share: &str| ColumnHead {
            over: words.combined.to_owned(),
            text: format!("{name} ({share}%)"),
        };
        let components = combination.components.iter().map(|part| share(&part.name, &part.share_percent));
        let rest = [words.adjustment, words.total, words.total_rank];
        let rest = rest.map(|text| ColumnHead { over: words.combined.to_owned(), text: text.to_owned() });
        components.chain(rest).collect()
    }

    /// What is missing is empty: a dash is what may not be shown.
    fn total_cells(self, row: &ResultRow) -> Vec<Cell> {
        let Some(combination) = &self.result.combination else { return Vec::new() };
        let Some(combined) = &row.combined else { return vec![Cell::Hidden; combination.components.len() + 3] };
        let known =
            |value: &Option<String>| value.as_ref().map_or_else(|| text(""), |value| Cell::Figure(value.clone()));
        let is_open = !combined.notes.is_empty();
        let told = |cell: Cell| if is_open && cell == Cell::Hidden { text("") } else { cell };
        let mut cells: Vec<Cell> = combined.components.iter().map(known).collect();
        cells.push(known(&combined.adjustment));
        cells.extend([told(figure(combined.total.as_ref())), told(count(combined.rank))]);
        cells
    }

    /// The number, the branch and the secretary.
    fn names(self, row: &ResultRow) -> Vec<Cell> {
        let subject = self.plan.subjects.iter().find(|subject| subject.id == row.subject);
        let (branch, secretary) = subject.map_or(("", ""), |subject| (&subject.branch, &subject.secretary));
        vec![Cell::Count(row.subject.into()), text(branch), text(secretary)]
    }

    fn group(self, place: usize, group: &GroupView) -> Table {
        let words = self.words();
        let rows = self.result.rows.iter().map(|row| self.group_row(group, place, row)).collect();
        let title = format!("{} {} {} ({}%)", words.group_sheet, group.id, group.name, group.weight_percent);
        self.table(format!("{} {}", words.group_sheet, group.id), title, self.group_heads(), rows)
    }

    /// All groups in one table, for formats that have one table a file.
    #[must_use]
    pub fn all_groups(self) -> Table {
        let words = self.words();
        let groups = self.shown_groups().into_iter();
        let rows =
            groups.flat_map(|(place, group)| self.result.rows.iter().map(move |row| self.group_row(group, place, row)));
        self.table(words.group_sheet.to_owned(), words.group_sheet.to_owned(), self.group_heads(), rows.collect())
    }

    fn group_heads(self) -> Vec<ColumnHead> {
        let words = self.words();
        let mut heads: Vec<ColumnHead> = [words.group, words.number, words.branch, words.secretary].map(head).into();
        heads.extend(self.marks().iter().map(|mark| head(self.label(mark))));
        heads.extend(self.item_heads());
        heads.extend([words.abstained, words.recused, words.mean].map(head));
        heads
    }

    fn group_row(self, group: &GroupView, place: usize, row: &ResultRow) -> Vec<Cell> {
        let figures = group_of(row, place);
        let mut cells = vec![text(&group.id)];
        cells.extend(self.names(row));
        cells.extend((0..self.marks().len()).map(|mark| count(figures.and_then(|of| of.marks.get(mark).copied()))));
        cells.extend(self.item_cells(figures.map(|of| of.items.as_slice())));
        cells.extend([count(figures.map(|of| of.abstained)), count(figures.map(|of| of.recused))]);
        cells.push(figure(figures.and_then(|of| of.mean.as_ref())));
        cells
    }

    /// F2: entitled, present, issued, returned, valid and invalid, by group and together.
    #[must_use]
    pub fn accounts(self) -> Table {
        let words = self.words();
        let heads = [words.group].into_iter().chain(words.heads).map(head).collect();
        let columns = self.columns();
        let name = |id: &str| {
            let group = columns.iter().find(|group| group.id == id);
            group.map_or_else(|| words.all.to_owned(), |group| format!("{} {}", group.id, group.name))
        };
        let row = |account: &GroupAccount| {
            let counts =
                [account.entitled, account.present, account.issued, account.returned, account.valid, account.invalid];
            [Cell::Text(name(&account.group))].into_iter().chain(counts.map(Cell::Count)).collect()
        };
        let by_group = self.result.groups.iter().chain([&self.result.total]).map(row);
        let rows = by_group.chain(self.channels()).collect();
        self.table(words.accounts.to_owned(), words.accounts.to_owned(), heads, rows)
    }

    /// What came on phones, of them at shared tablets, and on paper; nothing where everybody had a phone of their own. How
    /// many came back from tablets nobody knows (rule a9).
    fn channels(self) -> Vec<Vec<Cell>> {
        let words = self.words();
        let row = |name: &str, counts: &[u32]| {
            let nobody_counts = || text("");
            let counts = counts.iter().copied().map(Cell::Count).chain(std::iter::repeat_with(nobody_counts)).take(4);
            [text(name), nobody_counts(), nobody_counts()].into_iter().chain(counts).collect()
        };
        let mut rows = Vec::new();
        for each in &self.result.channels {
            let name = if each.channel == Channel::Paper { words.on_paper } else { words.on_phones };
            rows.push(row(name, &[each.issued, each.returned, each.valid, each.invalid]));
            if each.kiosk_issued > 0 {
                rows.push(row(words.at_tablets, &[each.kiosk_issued]));
            }
        }
        rows
    }

    /// The rules in force, one a row.
    #[must_use]
    pub fn rules(self) -> Table {
        let words = self.words();
        let rows = (1..)
            .zip(&self.result.rules)
            .map(|(number, [zh, en])| vec![Cell::Count(number), text(self.language.of(zh, en))]);
        let heads = [words.number, words.rules].map(head).into();
        self.table(words.rules.to_owned(), words.rules.to_owned(), heads, rows.collect())
    }
}

fn group_of(row: &ResultRow, place: usize) -> Option<&crate::protocol::GroupResult> {
    row.groups.as_ref()?.get(place)?.as_ref()
}
