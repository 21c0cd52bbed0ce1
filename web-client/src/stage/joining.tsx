// The scenes before the first step: the join code over the whole screen, and the check-in.

import { evenPages, fittingSize } from '../meeting/paging';
import { Count, usePage } from './moving';
import { Box } from './rules';
import { Banner, fit, type SceneInput } from './scene';
import { words } from './words';

/** The join code, as large as the screen allows: 780 px read from 20 m. */
export function JoinScene({ view, plan }: SceneInput) {
  const texts = words();
  const address = typedAddress(view.join_url);
  return (
    <section class="scene dark">
      <Banner plan={plan} side={texts.checkinTitle} />
      <div class="join">
        <JoinCode meeting={plan.id} />
        <div class="join-side">
          <h2 class="join-title" style={fit(fittingSize(texts.joinTitle, 840, 108, 72))}>
            {texts.joinTitle}
          </h2>
          <ol class="join-steps">
            {texts.joinSteps[plan.admission].map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p class="join-or">{texts.orType}</p>
          <p class="join-address" style={fit(fittingSize(address, 850, 92, 54))}>
            {address}
          </p>
          <p class="join-count">
            {texts.checkedIn} <b class="number">{<Count value={view.total.present} />}</b>
            <span class="of">{texts.ofPeople(view.total.entitled)}</span>
          </p>
          <Box view={view} />
        </div>
      </div>
    </section>
  );
}

/** Groups that fit beside the join code at once; more take turns. */
const GROUPS_MOST = 3;
/** From so many people on their count is set smaller, beside the code. */
export const MANY = 1000;

/** How many have come, by group where that gives nobody away, with the join code beside it. */
export function CheckinScene({ view, plan }: SceneInput) {
  const texts = words();
  const address = typedAddress(view.join_url);
  const pages = evenPages(view.groups, GROUPS_MOST);
  const page = usePage(pages.length);
  return (
    <section class="scene dark">
      <Banner plan={plan} side={texts.checkinTitle} />
      <div class="checkin">
        <div class="checkin-count">
          <p class="label">{texts.checkedIn}</p>
          <p class={view.total.entitled >= MANY ? 'huge many' : 'huge'}>
            <b class="number">
              <Count value={view.total.present} />
            </b>
            <span class="of">{texts.ofPeople(view.total.entitled)}</span>
          </p>
          <div class="track">
            <i style={{ width: `${share(view.total.present, view.total.entitled)}%` }} />
          </div>
          <ul class="checkin-groups">
            {(pages[page] ?? []).map((group) => (
              <li key={group.group}>
                <span>{plan.groups.find((each) => each.id === group.group)?.name ?? group.group}</span>
                <b class="number">
                  <Count value={group.present} />
                </b>
                <span class="of">/ {group.entitled}</span>
              </li>
            ))}
          </ul>
        </div>
        <div class="checkin-code">
          <JoinCode meeting={plan.id} />
          <p style={fit(fittingSize(address, 640, 72, 54))}>{address}</p>
          <Box view={view} />
        </div>
      </div>
    </section>
  );
}

function JoinCode({ meeting }: { meeting: string }) {
  return (
    <div class="code">
      <img src={`/api/meetings/${encodeURIComponent(meeting)}/join.svg`} alt={words().joinCode} />
    </div>
  );
}

/** What a hand has to type: a browser adds `http://` by itself. */
export function typedAddress(url: string): string {
  return url.replace(/^http:\/\//, '').replace(/\/$/, '');
}

/** A part of a whole in percent, for drawing only. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(100, (part / whole) * 100);
}
