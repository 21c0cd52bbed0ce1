//! The file of a round's components, as it is imported: the subjects with what there is, to be filled in and imported again.

use super::csv::guarded;
use super::words::Language;
use crate::folder::components_columns;
use pingyi_rules::meeting::Round;
use pingyi_rules::meeting::plan::Plan;

/// CSV in UTF-8 with a byte order mark: one row a subject of the round; nothing where scores are not combined.
#[must_use]
pub fn components(plan: &Plan, round: &Round, language: Language) -> Option<Vec<u8>> {
    let combination = plan.scoring.combination.as_ref()?;
    let [number, branch, adjustment, best] = components_columns(language == Language::Zh);
    let names = combination.components.iter().map(|component| component.name.as_str());
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    let heads: Vec<&str> = [number, branch].into_iter().chain(names).chain([adjustment, best]).collect();
    writer.write_record(&heads).ok()?;
    for subject in round.subjects.iter().filter_map(|id| plan.subject(*id)) {
        let imported = round.imported.iter().find(|row| row.subject == subject.id);
        let mut cells = vec![subject.id.to_string(), guarded(&subject.branch)];
        let value = |at: usize| imported.and_then(|row| row.components.get(at)).cloned().unwrap_or_default();
        cells.extend((0..combination.components.len()).map(value));
        cells.push(imported.map(|row| row.adjustment.clone()).unwrap_or_default());
        let capped = imported.filter(|row| row.best_band > 0);
        let band = capped.and_then(|row| plan.scoring.bands.get(usize::try_from(row.best_band).ok()?));
        cells.push(band.map(|band| guarded(language.of(&band.label, &band.label_en))).unwrap_or_default());
        writer.write_record(&cells).ok()?;
    }
    writer.into_inner().ok()
}
