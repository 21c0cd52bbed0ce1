// The head of every page of the phone: who holds the meeting, its name, and the three tools that are always there.

import { openSecrecy } from './secrecy';
import { plan } from './state';
import { nextTextSize, textSize } from './text_size';
import { isChinese, say, switchLanguage } from './words';

export function Banner() {
  const t = say();
  return (
    <header>
      <div class="banner">
        <div class="inner">
          {plan.value && <p class="host">{plan.value.host}</p>}
          <h1>{plan.value?.title ?? t.product}</h1>
        </div>
      </div>
      <div class="tools inner">
        <button type="button" onClick={openSecrecy}>
          {t.how_secret}
        </button>
        <button type="button" onClick={nextTextSize}>
          {t.text_size} <b>{t.text_sizes[textSize.value]}</b>
        </button>
        <button type="button" onClick={switchLanguage}>
          <span lang={isChinese() ? 'en' : 'zh-CN'}>{t.other_language}</span>
        </button>
      </div>
    </header>
  );
}
