//! Meeting folders: the shipped ones load, and every mistake is told with its place and its remedy.
//! The helpers take a shipped folder and change one thing in it.

mod combination;
mod forms;
mod mistakes;
mod shipped;
mod texts;

use pingyi::folder::{Files, Folder, Mistake, ReportLanguage, read_files};

/// The four files of a shipped folder.
pub fn files(meeting: &str) -> Files {
    let read = |file| {
        let path = format!("{}/../meetings/{meeting}/{file}", env!("CARGO_MANIFEST_DIR"));
        Some(std::fs::read(path).unwrap())
    };
    Files {
        meeting: read("meeting.toml"),
        roster: read("roster.csv"),
        subjects: read("subjects.csv"),
        agenda: read("agenda.csv"),
        components: None,
    }
}

/// The file with a text replaced, which must be there.
pub fn replaced(file: &mut Option<Vec<u8>>, text: &str, by: &str) {
    let before = String::from_utf8(file.take().unwrap()).unwrap();
    assert!(before.contains(text), "{text} is not there");
    *file = Some(before.replacen(text, by, 1).into_bytes());
}

/// What is wrong, in English, as `file:line`.
pub fn places(files: &Files) -> Vec<String> {
    mistakes(files).iter().map(|mistake| mistake.to_string().split(' ').next().unwrap().to_owned()).collect()
}

/// What is wrong, in English.
pub fn mistakes(files: &Files) -> Vec<Mistake> {
    read_files(files, ReportLanguage::English).err().unwrap_or_default()
}

/// A folder that must be free of mistakes.
pub fn loads(files: &Files) -> Folder {
    match read_files(files, ReportLanguage::English) {
        Ok(folder) => folder,
        Err(mistakes) => panic!("{mistakes:#?}"),
    }
}
