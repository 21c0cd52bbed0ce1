// F5: what was written about each subject, as far as it may be read. Nothing in it tells who wrote, in which group, or when.
import { subjectOf } from '../meeting/plan';
import { type Line, linePages } from './opinion_pages';
import type { FormInput } from './parts';
import { Head, Sheet, texts } from './parts';

/** Whether anything may be read. */
export const hasOpinions = ({ prints, round }: FormInput) =>
  prints.opinions.some((each) => each.round === round?.number);

export function OpinionsForm(form: FormInput) {
  const told = form.prints.opinions.find((each) => each.round === form.round?.number);
  if (!told) return null;
  const lines: Line[] = told.rows.flatMap((row) => {
    const subject = subjectOf(form.prints.plan, row.subject);
    const title = `${subject?.branch ?? ''}　${subject?.secretary ?? ''}`;
    const head = row.opinions ? `${title}　${texts().opinionsCount(row.opinions.length)}` : title;
    const none = texts().opinionsFew(told.min);
    return [
      { is: 'head', text: head },
      ...(row.opinions?.map(({ t }): Line => ({ is: 'opinion', text: t })) ?? [
        { is: 'none', text: none } as Line,
      ]),
    ];
  });
  const pages = linePages(lines);
  return (
    <>
      {pages.map((page, place) => (
        <Sheet
          hasFigures
          form={form}
          paper="portrait"
          kind="list opinions"
          page={place + 1}
          of={pages.length}
          key={place}
        >
          {place === 0 && <Head form={form} title={texts().opinions} rules={[texts().opinionsHow]} />}
          {page.map((line, at) => {
            const key = at;
            if (line.is === 'head') return <h2 key={key}>{line.text}</h2>;
            return (
              <p key={key} class={line.is}>
                {line.text}
              </p>
            );
          })}
        </Sheet>
      ))}
    </>
  );
}
