// How look what later.js draws: rows with items or numbers, the note about the record, the result. Lengths are in rem, as in
// phone.css. An alarm looks like nothing else on the page.

export const DRAWN_STYLE = `
.fill{order:2;width:100%;margin-top:.5rem}
.fill .secondary{margin:0}
.fill .partly{border-color:var(--warn);color:var(--warn)}
.fill .complete{border-color:var(--ok);color:var(--ok)}
.number{display:flex;flex-wrap:wrap;align-items:center;order:2;width:100%;margin-top:.5rem}
.number input{flex:none;width:4.6rem;margin:0 .5rem;padding:0;font-size:1.6rem;font-weight:600;text-align:center;font-variant-numeric:tabular-nums}
.number input[aria-invalid="true"]{border-color:var(--warn)}
.step{flex:none;width:60px;padding:0;border:2px solid var(--line);background:var(--paper);font-size:1.5rem}
.step:disabled{color:var(--line)}
.number output{min-height:2.1rem}
.number .chip{display:block;margin-left:.5rem}
.number .caution{width:100%;margin-top:.5rem}
.row-head{display:flex;flex-wrap:wrap;justify-content:space-between;margin-top:.8rem;color:var(--second-ink)}
.row-page .page-title{margin-top:.4rem}
.row-page .person{font-size:1.2rem}
.row-page .hint{margin:.3rem 0 .9rem}
.row-page nav{display:flex;flex-wrap:wrap;margin:1rem -.3rem 0}
.row-page nav .secondary{flex:1 1 8rem;margin:.3rem;white-space:nowrap}
.row-page nav .secondary:disabled{border-color:var(--line);color:var(--second-ink)}
.row-page>.clear{display:block;width:100%;margin-top:.6rem}
.review .wraps{display:block}
.chosen-items{margin:.3rem 0 .4rem;padding:0;list-style:none}
.review .chosen-items li{flex-wrap:wrap;min-height:0;padding:.2rem 0 .2rem .8rem;border:0}
.chosen-items .chip{flex:0 1 auto;min-width:4rem;margin-left:auto;padding:.1rem .6rem}
.chosen-items .open{border:2px dashed var(--line);color:var(--second-ink)}
.record-note{margin-top:1rem;padding:min(1rem, 18px);border:2px solid var(--line);border-radius:0.6rem;background:var(--paper)}
.record-note button{margin:0.6rem 0}
.note-found{border-color:var(--ok)}
.note-missing,.note-forged{border:6px solid var(--red);background:#fff}
.note-missing h2,.note-forged h2{color:var(--red);font-size:1.7rem}
.record-note .small{color:var(--second-ink)}
.fingerprint{margin-top:1.6rem;padding-top:1rem;border-top:1px solid var(--soft-line);color:var(--second-ink)}
.fingerprint h2{font-size:1rem;font-weight:400}
.digits{color:var(--ink);font-size:min(1.3rem, 9vw);font-weight:600}
.digits span{display:block;white-space:nowrap}
.rules-same{border-color:var(--ok);color:var(--ok);font-weight:700}
.result{margin-top:1.6rem}
.result > p{color:var(--second-ink)}
.line{padding:0.8rem 0;border-top:1px solid var(--soft-line)}
.line .head{display:flex;align-items:baseline;justify-content:space-between}
.score{margin-left:0.8rem;font-size:1.4rem;font-variant-numeric:tabular-nums}
.facts{display:flex;flex-wrap:wrap;color:var(--second-ink)}
.facts span{margin-right:1.2rem}
.facts b{color:var(--ink)}
.stack{display:flex;height:1.1rem;margin:0.35rem 0;background:var(--soft-line)}
.stack i{flex:0 1 0}
.stack i + i{box-shadow:inset 3px 0 var(--cream)}
`;

/** Brings the style into the page, once. */
export function bringStyle(): void {
  if (document.getElementById('drawn-style')) return;
  const style = document.createElement('style');
  style.id = 'drawn-style';
  style.textContent = DRAWN_STYLE;
  document.head.append(style);
}
