// What chair and scrutineer do together. The chair sees that it waits, and for whom; the scrutineer sees what is asked for before
// anything else of the page, and confirms exactly that or does not.
import { useEffect, useRef } from 'preact/hooks';
import { inLanguage } from '../../browser/language';
import type { CoSigned, RequestView } from '../../protocol';
import { paperTexts } from '../../texts/paper';
import { requestTexts } from '../../texts/request';
import { type Desk, isChair, words } from '../desk';
import { HoldButton } from '../hold';
import { CheckLine } from './check_line';

/** The chair asks for something about the round of now. */
export function ask(desk: Desk, round: number, asked: CoSigned): void {
  desk.commands.send({ do: 'ask', round, number: desk.view.next_request, asked });
}

export function RequestCards({ desk }: { desk: Desk }) {
  if (desk.view.role === 'teller') return null;
  return desk.view.requests.map((request) => (
    <RequestCard key={`${request.round}.${request.number}`} desk={desk} request={request} />
  ));
}

interface CardInput {
  desk: Desk;
  request: RequestView;
}

function RequestCard({ desk, request }: CardInput) {
  const texts = inLanguage(requestTexts);
  const waits = request.state === 'waiting';
  if (isChair(desk)) return waits ? <Waits desk={desk} request={request} /> : <Declined request={request} />;
  if (!waits) return null;
  return <Asks desk={desk} request={request} title={texts.asks} />;
}

function Waits({ desk, request }: CardInput) {
  const texts = inLanguage(requestTexts);
  const { round, number, asked } = request;
  const isHere = desk.view.scrutineers_online > 0;
  const nobody = desk.view.durability === 'local' ? texts.nobody : texts.nobody_here;
  return (
    <section class="panel request" aria-labelledby="request-title">
      <header>
        <h2 id="request-title">
          {texts.what[asked.what]} · {texts.waits}
        </h2>
        <button
          type="button"
          class="small"
          data-request="withdraw"
          onClick={() => desk.commands.send({ do: 'withdraw', round, number, asked })}
        >
          {texts.withdraw}
        </button>
      </header>
      <Content request={request} />
      <p class="quiet-text">{texts.waits_explain}</p>
      {!isHere && (
        <p class="notice warn" role="alert">
          <b>{nobody}</b> {texts.nobody_explain}
        </p>
      )}
    </section>
  );
}

function Declined({ request }: { request: RequestView }) {
  const texts = inLanguage(requestTexts);
  return (
    <section class="panel request declined" role="alert" aria-labelledby="request-title">
      <h2 id="request-title">
        {texts.declined} {texts.what[request.asked.what]}
      </h2>
      <p>{texts.declined_explain}</p>
    </section>
  );
}

function Asks({ desk, request, title }: CardInput & { title: string }) {
  const texts = inLanguage(requestTexts);
  const { round, number, asked } = request;
  const place = useRef<HTMLElement>(null);
  // Whoever reads further down is brought here, and whoever has another page in front sees it in the window's title.
  useEffect(() => {
    const before = document.title;
    document.title = `● ${title}`;
    place.current?.scrollIntoView({ block: 'start' });
    return () => {
      document.title = before;
    };
  }, []);
  return (
    <section ref={place} class="panel request asks" role="alert" aria-labelledby="request-title">
      <p class="request-asks">{title}</p>
      <h2 id="request-title">
        {words().round(round)} · {texts.what[asked.what]}
      </h2>
      <Content request={request} />
      <p>{texts.explain[asked.what]}</p>
      {asked.what === 'publication' && (
        <CheckLine desk={desk} round={round} publication={asked.publication} />
      )}
      <HoldButton
        class="primary"
        disabled={
          asked.what === 'publication' && desk.checks.of(round, asked.publication)?.is !== 'one_count'
        }
        what={texts.confirm[asked.what]}
        onDone={() => desk.commands.send({ do: 'confirm', round, number, asked })}
      >
        <span class="primary-text">{texts.confirm[asked.what]}</span>
        <span class="primary-hint">{words().holdHint}</span>
      </HoldButton>
      <p class="request-no">
        <button
          type="button"
          data-request="decline"
          onClick={() => desk.commands.send({ do: 'decline', round, number, asked })}
        >
          {texts.decline}
        </button>
        <span class="quiet-text">{texts.decline_hint}</span>
      </p>
    </section>
  );
}

/** What is signed: the accounts, the reason, or the audience. */
function Content({ request }: { request: RequestView }) {
  const texts = inLanguage(requestTexts);
  const { asked, accounts } = request;
  switch (asked.what) {
    case 'certificate':
      return accounts ? (
        <div class="request-what">
          <p>
            {texts.balance(accounts.total)}
            {accounts.total.reissued > 0 && texts.reissued(accounts.total.reissued)}
          </p>
          {accounts.channels.map((each) => (
            <p class="quiet-text" key={each.channel}>
              {inLanguage(paperTexts).channel(each)}
            </p>
          ))}
        </div>
      ) : null;
    case 'void':
      return (
        <p class="request-what">
          {texts.reason} <b>{asked.reason}</b>
        </p>
      );
    case 'publication':
      return (
        <p class="request-what">
          {texts.audience} <b>{words().publication[asked.publication]}</b>
        </p>
      );
  }
}
