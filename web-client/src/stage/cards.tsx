// The scenes that mostly say one thing: waiting, the form explained, a comment, a break, the end.
import type { ComponentChildren } from 'preact';
import { letterLines } from '../ballot/rules_code';
import { language } from '../browser/language';
import { formTitle } from '../meeting/form_title';
import { labelOf, lookOf } from '../meeting/marks';
import { emsOf, evenPages, fittingSize } from '../meeting/paging';
import { placeOf, stepOf, subjectOf } from '../meeting/plan';
import type { PlanView } from '../protocol';
import { usePage } from './moving';
import { Rules } from './rules';
import { Banner, fit, pointsOf, type SceneInput, Who } from './scene';
import { words } from './words';

/** One solemn sentence, with the meeting's title above it. */
export function Card({
  input,
  title,
  below,
}: {
  input: SceneInput;
  title: string;
  below?: ComponentChildren;
}) {
  return (
    <section class="scene dark">
      <Banner plan={input.plan} side={input.plan.host} />
      <div class="card">
        <div class="rule" />
        <h2 class="card-title" style={fit(fittingSize(title, 1540, 170, 96))}>
          {title}
        </h2>
        {below !== undefined && <div class="card-below">{below}</div>}
        <div class="rule" />
      </div>
    </section>
  );
}

/** Before the meeting: its title over the whole screen. */
export function WaitingScene(input: SceneInput) {
  const { plan } = input;
  return (
    <section class="scene dark">
      <div class="card cover">
        <p class="cover-host">{plan.host}</p>
        <div class="rule" />
        <h1 class="card-title" style={fit(fittingSize(plan.title, 1600, 150, 104))}>
          {plan.title}
        </h1>
        <div class="rule" />
        <p class="card-below">{words().notYet}</p>
      </div>
    </section>
  );
}

/** Lines that fit into a part of the scene in letters of this size, and their width. */
const LINES_MOST = 6;
const LINE_SIZE = 54;
const LINE_WIDTH = 540;

/** How many lines the items need on the wall. */
const linesOf = ({ items }: PlanView): number =>
  items.reduce(
    (sum, item) => sum + Math.ceil((emsOf(labelOf(item, language.value)) * LINE_SIZE) / LINE_WIDTH),
    0,
  );

/** What a row is marked for, with weights; the marks stand under it where there is room. */
function ItemsPart({ plan }: { plan: PlanView }) {
  const marks = plan.scale.map((mark) => labelOf(mark, language.value)).join(' · ');
  return (
    <div class="opening-part">
      <h2>{words().items(plan.items.length)}</h2>
      <ul class="opening-items">
        {plan.items.map((item) => (
          <li key={item.label}>
            <span class="opening-label" style={fit(LINE_SIZE)}>
              {labelOf(item, language.value)}
            </span>
            <b class="opening-figure">{item.weight_percent}%</b>
          </li>
        ))}
      </ul>
      {linesOf(plan) < LINES_MOST && (
        <p class="opening-below">{plan.numeric === null ? marks : `0–${plan.numeric}`}</p>
      )}
    </div>
  );
}

/** Marks, and groups whose names may take two lines, that fit into a part of the scene at once; more take turns. */
const MARKS_MOST = 4;
const GROUPS_MOST = 3;

/** What the marks are worth; of numbers where each band begins. */
function MarksPart({ plan, shown }: { plan: PlanView; shown: PlanView['scale'] }) {
  const texts = words();
  return (
    <div class="opening-part">
      <h2>{plan.items.length > 0 ? `${texts.items(plan.items.length)} · ${texts.marks}` : texts.marks}</h2>
      <ul class="opening-marks">
        {shown.map((mark) => (
          <li key={mark.id}>
            <span class={`swatch ${lookOf(plan.scale, mark)}`} />
            <span class="opening-label" style={fit(fittingSize(labelOf(mark, language.value), 330, 76, 54))}>
              {labelOf(mark, language.value)}
            </span>
            {mark.kind === 'grade' && (
              <span class="opening-figure">
                <b class="number">{pointsOf(plan, mark)}</b> {texts.points}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The form explained: what the marks are worth, how the groups weigh, and who marks whom. */
export function OpeningScene({ view, plan }: SceneInput) {
  const fingerprint = view.now.round?.fingerprint ?? null;
  const hasItemsPart = plan.items.length > 0 && linesOf(plan) <= LINES_MOST;
  const texts = words();
  const [scales, groups] = [evenPages(plan.scale, MARKS_MOST), evenPages(plan.groups, GROUPS_MOST)];
  const formPages = Math.max(scales.length, groups.length);
  // Once there are rules to compare the form and their code take turns: on one page neither could be read from afar.
  const page = usePage(formPages + (fingerprint === null ? 0 : 1));
  const side = formTitle(plan, language.value) || texts.openingTitle;
  if (page === formPages) {
    return (
      <section class="scene">
        <Banner plan={plan} side={side} />
        <div class="armed opening-rules">
          <Rules view={view} />
        </div>
      </section>
    );
  }
  return (
    <section class="scene">
      <Banner plan={plan} side={side} />
      <div class="opening">
        {hasItemsPart ? (
          <ItemsPart plan={plan} />
        ) : (
          <MarksPart plan={plan} shown={scales[page % scales.length] ?? []} />
        )}
        <div class="opening-part">
          <h2>{texts.groups}</h2>
          <ul class="opening-groups">
            {(groups[page % groups.length] ?? []).map((group) => (
              <li key={group.id}>
                <span class="group-letter">{group.id}</span>
                <span class="opening-label" style={fit(fittingSize(group.name, 530, 76, 54))}>
                  {group.name}
                </span>
                <b class="opening-figure number">{group.weight_percent}%</b>
              </li>
            ))}
          </ul>
        </div>
      </div>
      {fingerprint !== null && (
        <p class="strip">
          <span class="strip-word">{texts.fingerprint}</span>
          <b class="number">{letterLines(fingerprint).join(' ')}</b>
          <span>{texts.fingerprintHint}</span>
        </p>
      )}
      <footer class="strip">
        <span>{plan.own_branch === 'recused' ? texts.ownRecused : texts.ownAllowed}</span>
        <span class="dot" />
        <span>{texts.secret}</span>
      </footer>
    </section>
  );
}

/** A comment on one subject, or on all of them. */
export function CommentScene(input: SceneInput) {
  const texts = words();
  const subject = subjectOf(input.plan, stepOf(input.plan, input.view.now.step)?.subject ?? null);
  if (!subject) return <Card input={input} title={texts.generalComment} />;
  const place = placeOf(input.plan, subject.id);
  return (
    <section class="scene">
      <Banner plan={input.plan} side={place ? texts.ordinal(place.place, place.of) : undefined} />
      <div class="comment">
        <p class="comment-word">{texts.comment}</p>
        <Who subject={subject} width={1240} />
      </div>
    </section>
  );
}

/** Why a round does not count. */
export function VoidScene(input: SceneInput) {
  return (
    <Card input={input} title={words().voidTitle} below={input.view.now.round?.void_reason ?? undefined} />
  );
}
