//! Rules y10 to y12: what is built in is licensed as it may be, is named in the notices, and has no known hole. All hold of the
//! lock files, so they need no network; no database of advisories can be asked while tests run, so what concerns this project is
//! kept in a dated file.

use std::collections::BTreeSet;
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;

/// The parts of deny.toml that are held here.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<String>,
}

/// Also of what builds and tests the pages and is in none of them.
const ALLOWED_OF_TOOLS: [&str; 1] = ["MPL-2.0"];

fn rules() -> Rules {
    toml::from_str(&std::fs::read_to_string(super::tidy::root().join("deny.toml")).unwrap()).unwrap()
}

/// Whether an SPDX expression can be satisfied by the allowed licences. Crates from before SPDX write `/` for OR.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let Ok(expression) = spdx::Expression::parse_mode(expression, spdx::ParseMode::LAX) else { return false };
    expression.evaluate(|required| allowed.contains(&required.to_string().as_str()))
}

#[derive(Debug)]
struct Package {
    name: String,
    version: String,
    licence: String,
    is_tool: bool,
}

/// What a command writes that is run at the root and must succeed.
fn output_of(command: &mut Command) -> String {
    let done = command.current_dir(super::tidy::root()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The crates of Cargo.lock that are compiled on this kind of machine, as cargo describes them.
fn crates() -> Vec<Package> {
    let host = output_of(Command::new("rustc").args(["--print", "host-tuple"]));
    let mut cargo = Command::new(env!("CARGO"));
    let metadata =
        output_of(cargo.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", host.trim()]));
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let text = |package: &Value, field: &str| package[field].as_str().unwrap_or("none").to_owned();
    let package = |package: &Value| Package {
        name: text(package, "name"),
        version: text(package, "version"),
        licence: text(package, "license"),
        is_tool: false,
    };
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

/// The crates whose code is in the binary on any system, as `name version`: the lock file has more, which no feature asks for.
fn built_in_crates() -> BTreeSet<String> {
    let tree = "tree --locked -p pingyi -e normal,no-proc-macro --target all --prefix none --format {p}";
    let tree = output_of(Command::new(env!("CARGO")).args(tree.split(' ')));
    let own = |line: &str| line.contains(" (/") || line.starts_with("pingyi");
    let of_crate = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ").replacen(" v", " ", 1);
    tree.lines().filter(|line| !line.is_empty() && !own(line)).map(of_crate).collect()
}

/// The packages of the web client's lock file.
fn npm_packages() -> Vec<Package> {
    let lock = std::fs::read_to_string(super::tidy::root().join("web-client/package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    let named = |(path, package): (&String, &Value)| {
        let (_, name) = path.rsplit_once("node_modules/")?;
        Some(Package {
            name: name.to_owned(),
            version: package["version"].as_str().unwrap().to_owned(),
            licence: package["license"].as_str().unwrap_or("none").to_owned(),
            is_tool: ["dev", "devOptional"].iter().any(|field| package[*field] == true),
        })
    };
    lock["packages"].as_object().unwrap().iter().filter_map(named).collect()
}

#[test]
fn y10_everything_built_in_has_a_licence_that_asks_for_a_notice_only() {
    let rules = rules();
    let built_in: Vec<&str> = rules.licenses.allow.iter().map(String::as_str).collect();
    let of_tools = [built_in.as_slice(), &ALLOWED_OF_TOOLS].concat();
    let packages: Vec<_> = crates().into_iter().chain(npm_packages()).collect();
    assert!(packages.len() > 200, "the lock files were not read");
    let allowed = |package: &Package| if package.is_tool { &of_tools } else { &built_in };
    let others: Vec<_> = packages
        .iter()
        .filter(|package| !is_allowed(&package.licence, allowed(package)))
        .map(|package| format!("{} {}: {}", package.name, package.version, package.licence))
        .collect();
    assert!(others.is_empty(), "{others:#?}");
    let built = built_in_crates();
    let names: BTreeSet<&str> = built.iter().filter_map(|one| one.split(' ').next()).collect();
    assert!(names.contains("aws-lc-sys"), "the tree was not read");
    let banned: Vec<_> = rules.bans.deny.iter().filter(|name| names.contains(name.as_str())).collect();
    assert!(banned.is_empty(), "{banned:?}");
    for (expression, expected) in [
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("(GPL-3.0-only OR MIT) AND ISC", true),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-2.0-only WITH Classpath-exception-2.0", false),
        ("none", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &built_in), expected, "the control: {expression}");
    }
}

/// One hole of one package: in versions from `from`, or all, before `fixed`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advisory {
    id: String,
    package: String,
    #[serde(default)]
    from: String,
    fixed: String,
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advisories {
    as_of: String,
    #[expect(dead_code, reason = "for readers of the file")]
    sources: String,
    advisories: Vec<Advisory>,
}

/// Numbers of a version; what comes before a release counts as the release.
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

fn concerns(advisory: &Advisory, package: &Package) -> bool {
    let version = numbers(&package.version);
    advisory.package == package.name && version >= numbers(&advisory.from) && version < numbers(&advisory.fixed)
}

#[test]
fn y11_no_version_with_a_known_hole_is_locked() {
    let kept: Advisories = serde_json::from_str(include_str!("../dependencies/advisories.json")).unwrap();
    assert_eq!(kept.as_of.len(), "2026-11-29".len());
    let packages: Vec<_> = crates().into_iter().chain(npm_packages()).collect();
    let found: Vec<_> = kept
        .advisories
        .iter()
        .flat_map(|advisory| {
            packages.iter().filter(|package| concerns(advisory, package)).map(move |package| (advisory, package))
        })
        .map(|(advisory, package)| format!("{} {}: {} {}", package.name, package.version, advisory.id, advisory.title))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
    // The control: a version that has one is found, and its neighbours are not.
    let planted = |version: &str| {
        let (name, version, licence) = ("rustls".to_owned(), version.to_owned(), "MIT".to_owned());
        let package = Package { name, version, licence, is_tool: false };
        kept.advisories
            .iter()
            .filter(|advisory| concerns(advisory, &package))
            .map(|one| one.id.as_str())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(planted("0.23.17"), BTreeSet::from(["RUSTSEC-2024-0399", "RUSTSEC-2026-0285"]));
    assert_eq!(planted("0.23.44"), BTreeSet::from(["RUSTSEC-2026-0285"]));
    assert_eq!(planted("0.23.45"), BTreeSet::new());
}

#[test]
fn y12_the_notices_name_every_package_that_is_built_in() {
    let packages = npm_packages().into_iter().filter(|package| !package.is_tool);
    let built_in: BTreeSet<String> = built_in_crates()
        .into_iter()
        .chain(packages.map(|package| format!("{} {}", package.name, package.version)))
        .collect();
    let notices = pingyi::notices::NOTICES;
    let (list, texts) = notices.split_once("-----").unwrap();
    let named = list.lines().filter_map(|line| line.split_once(": ")).map(|(package, _)| package.to_owned()).collect();
    assert_eq!(built_in, named, "`node server/notices.mjs` writes the notices anew");
    for text in ["MIT License", "Apache License", "ISC License", "Redistribution and use in source and binary forms"] {
        assert!(texts.contains(text), "{text}");
    }
}
