//! The page of slips (F10): ten to an A4 page, by group and in the group's colour, each with its QR code and its code in
//! letters. A roster's slips carry the name; one-time slips carry none, and their order is shuffled before they are printed.

use std::fmt::Write as _;

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::creation::Handout;
use crate::secret::printed_slip;
use pingyi_rules::meeting::plan::{Admission, EntitledSeat, Plan};

/// Slips on an A4 page: two columns of five.
const SLIPS_A_PAGE: usize = 10;
/// One for each group in turn, dark enough for white text.
const GROUP_COLOURS: [&str; 6] = ["#9d1c20", "#2f6690", "#1b6b3a", "#8a4b00", "#55504c", "#6b0f14"];

const STYLE: &str = "
@page { size: A4; margin: 10mm }
* { box-sizing: border-box }
body { margin: 0; font-family: 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif; color: #1f1a17 }
.page { display: grid; grid-template-columns: 1fr 1fr; grid-auto-rows: 54mm; width: 190mm; margin: 0 auto; break-after: page }
.slip { border: 1px dashed #bdb5ae; padding: 3mm; display: grid; grid-template-columns: 34mm 1fr; column-gap: 3mm; align-items: center; overflow: hidden }
.slip svg { width: 34mm; height: 34mm; display: block }
.title { font-family: 'Noto Serif CJK SC', 'Source Han Serif SC', SimSun, serif; font-weight: 700; font-size: 12pt; line-height: 1.25 }
.group { display: inline-block; color: #fff; font-size: 10pt; line-height: 1.2; border-radius: 2mm; padding: .4mm 2.5mm; margin: 1mm 0 }
.who { font-size: 12pt; font-weight: 700 }
.code { font-family: 'DejaVu Sans Mono', Consolas, monospace; font-size: 15pt; line-height: 1.2; font-weight: 700; letter-spacing: .06em; white-space: nowrap }
.help { font-size: 8pt; line-height: 1.3; color: #5c5450 }
";

/// The page, in HTML that needs nothing else.
#[must_use]
pub fn page(plan: &Plan, seats: &[EntitledSeat], handout: &Handout, base_url: &str) -> String {
    let mut slips: Vec<(usize, String)> = handout
        .codes
        .iter()
        .filter_map(|code| {
            let seat = seats.iter().find(|seat| seat.seat == code.seat)?;
            let group = plan.groups.iter().position(|group| group.id == seat.group)?;
            Some((group, slip(plan, seat, group, &code.code, handout, base_url)))
        })
        .collect();
    if plan.admission == Admission::Slips {
        // The order of the roster must not be read off a pile that was never shuffled by hand.
        slips.shuffle(&mut StdRng::from_rng(&mut rand::rng()));
    }
    slips.sort_by_key(|(group, _)| *group);
    let mut html = String::from("<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\"><title>");
    html.push_str(&escaped(&plan.title));
    html.push_str("</title><style>");
    html.push_str(STYLE);
    html.push_str("</style></head><body>");
    // A page holds slips of one group only, so that the piles can be cut apart unread.
    for group in 0..plan.groups.len() {
        let of_group: Vec<&String> = slips.iter().filter(|(of, _)| *of == group).map(|(_, slip)| slip).collect();
        for page in of_group.chunks(SLIPS_A_PAGE) {
            html.push_str("<section class=\"page\">");
            page.iter().for_each(|slip| html.push_str(slip));
            html.push_str("</section>");
        }
    }
    html.push_str("</body></html>\n");
    html
}

fn slip(plan: &Plan, seat: &EntitledSeat, group: usize, code: &str, handout: &Handout, base_url: &str) -> String {
    let (link, shown, help) = match plan.admission {
        Admission::Roster => (
            handout.join_link(base_url),
            code.to_owned(),
            "扫码，或在页面上找到自己的姓名并输入个人码。请勿转借。<br>Scan, or find your name and type the code.",
        ),
        Admission::Slips | Admission::Open => (
            handout.slip_link(base_url, code),
            printed_slip(code),
            "随机领取，一人一码；扫码，或在页面上输入此码。请勿转借。<br>Drawn at random. Scan, or type the code.",
        ),
    };
    let mut html = format!("<div class=\"slip\">{}<div>", qr(&link));
    let colour = GROUP_COLOURS[group % GROUP_COLOURS.len()];
    let name = &plan.groups[group];
    // Writing to a string does not fail.
    let _ = write!(
        html,
        "<div class=\"title\">{}</div><div class=\"group\" style=\"background:{colour}\">{} 票 · {}</div>",
        escaped(&plan.title),
        escaped(&name.id),
        escaped(&name.name)
    );
    if !seat.name.is_empty() && plan.admission == Admission::Roster {
        let _ = write!(html, "<div class=\"who\">{}</div>", escaped(&seat.name));
    }
    let _ = write!(
        html,
        "<div class=\"code\">{shown}</div><div class=\"help\">{}<br>{help}</div></div></div>",
        escaped(base_url)
    );
    html
}

fn qr(text: &str) -> String {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .map(|code| code.render::<svg::Color>().quiet_zone(true).build())
        .map(|svg| svg.replacen("<?xml version=\"1.0\" standalone=\"yes\"?>", "", 1))
        .unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
