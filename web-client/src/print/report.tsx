// F2, the tally report: the accounts of a round as they are read out and signed. They are closed before the result is published.

import { recordAddress, rulesAddress } from '../ballot/rules_code';
import { inLanguage } from '../browser/language';
import { qr } from '../browser/qr';
import type { GroupAccount } from '../protocol';
import { paperTexts } from '../texts/paper';
import { dayAndTime } from './lists';
import { pagesOf } from './pages';
import { type FormInput, Head, Sheet, Signatures, texts } from './parts';

export function ReportForm(form: FormInput) {
  const { prints, round, result } = form;
  const accounts = prints.accounts.find((each) => each.round === round?.number);
  if (!accounts) return null;
  const { total, groups, channels, confirmed_at_ms } = accounts;
  // Sixteen groups still stand on one page; the signatures go to a second one with them if they must.
  const pages = pagesOf(groups, {
    body_mm: 250,
    row_mm: 8,
    first_mm: 90 + 6 * channels.length,
    last_mm: 104,
  });
  const name = (id: string) => `${id} ${form.plan.groups.find((group) => group.id === id)?.name ?? ''}`;
  return (
    <>
      {pages.map((rows, place) => (
        <Sheet
          hasFigures
          form={form}
          paper="portrait"
          kind="letter"
          page={place + 1}
          of={pages.length}
          key={rows[0]?.group ?? ''}
        >
          {place === 0 && (
            <>
              <Head form={form} title={texts().report} />
              <p class="report-text">
                {texts().account(
                  total.entitled,
                  total.present,
                  total.issued,
                  total.returned,
                  total.valid,
                  total.invalid,
                )}
                {total.reissued > 0 && texts().reissued(total.reissued)}
                {total.returned > total.issued + total.reissued ? texts().breaks : texts().holds}
              </p>
            </>
          )}
          {place === 0 &&
            channels.map((each) => (
              <p class="report-text channel" key={each.channel}>
                {inLanguage(paperTexts).channel(each)}
              </p>
            ))}
          {place === 0 && round?.void_reason != null && (
            <p class="report-text">{texts().void(round.void_reason)}</p>
          )}
          <table class="report-table">
            <thead>
              <tr>
                <th>{texts().group}</th>
                <th>{texts().entitled}</th>
                <th>{texts().present}</th>
                <th>{texts().issued}</th>
                <th>{texts().returned}</th>
                <th>{texts().valid}</th>
                <th>{texts().invalid}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((account) => (
                <Line account={account} name={name(account.group)} key={account.group} />
              ))}
            </tbody>
            {place === pages.length - 1 && (
              <tfoot>
                <Line account={total} name={texts().all} />
              </tfoot>
            )}
          </table>
          {place === pages.length - 1 && (
            <>
              <Codes form={form} />
              <dl class="report-digest">
                <dt>{texts().fingerprint}</dt>
                <dd class="strong">{round?.fingerprint ?? '—'}</dd>
                <dt>{texts().digest}</dt>
                <dd>{round?.manifest_hash ?? '—'}</dd>
                {result?.record && <dt>{texts().record}</dt>}
                {result?.record && <dd class="strong">{result.record.digits}</dd>}
                {result?.record && <dt>{texts().record_digest}</dt>}
                {result?.record && <dd>{result.record.digest}</dd>}
              </dl>
              {confirmed_at_ms !== null && (
                <p class="report-confirmed">{texts().confirmed(dayAndTime(confirmed_at_ms))}</p>
              )}
              <Signatures />
            </>
          )}
        </Sheet>
      ))}
    </>
  );
}

/** The whole of the rules and of the record, for a phone's camera. */
function Codes({ form }: { form: FormInput }) {
  const { prints, round, result } = form;
  const rules = rulesAddress(prints.join_qr, round);
  const record = result?.record ? recordAddress(prints.join_qr, result.record.digest) : null;
  return (
    <div class="report-codes">
      {rules !== null && <Code address={rules} word={texts().rules_code} />}
      {record !== null && <Code address={record} word={texts().record_code} />}
    </div>
  );
}

function Code({ address, word }: { address: string; word: string }) {
  return (
    <figure>
      <img src={qr(address)} alt={word} />
      <figcaption>{word}</figcaption>
    </figure>
  );
}

function Line({ account, name }: { account: GroupAccount; name: string }) {
  return (
    <tr>
      <th scope="row" class="left">
        {name}
      </th>
      <td>{account.entitled}</td>
      <td>{account.present}</td>
      <td>{account.issued}</td>
      <td>{account.returned}</td>
      <td>{account.valid}</td>
      <td>{account.invalid}</td>
    </tr>
  );
}
