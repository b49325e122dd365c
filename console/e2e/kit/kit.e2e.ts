import { expect, it } from 'vitest';

import { signIn } from '../../../gateway/test/sign-up.ts';
import { expectAccessible } from './accessible.ts';
import { useConsole } from './console.ts';
import { watchForTrouble } from './trouble.ts';

const tessera = useConsole();

it('makes access tokens expire immediately', async () => {
  const { owner } = await tessera.seed.team();
  const token = await signIn(tessera.url, owner);
  const viewer = () => tessera.app.graphql('{ viewer { email } }', {}, token);
  expect((await viewer()).body.data).toEqual({ viewer: { email: owner.email } });
  tessera.passTime(11);
  expect((await viewer()).status).toBe(401);
});

it('reads the emails sent to a person', async () => {
  const ada = await tessera.seed.person('Ada Lovelace');
  const { link } = await tessera.mail.newest(ada.email, /verify|confirm/i);
  expect(link).toMatch(new RegExp(`^${tessera.url}/verify-email#token=[\\w-]{43}$`));
});

it('detects problems on a page', async () => {
  const browser = (await tessera.newPage()).context().browser();
  if (browser === null) throw new Error('The page has no browser.');
  const context = await browser.newContext();
  const watch = await watchForTrouble(context, tessera.url);
  const page = await context.newPage();
  await page.goto(`${tessera.url}/sign-in`);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    queueMicrotask(() => {
      throw new Error('an uncaught error');
    });
    // The content security policy blocks this request. It does not block the navigation below.
    return fetch('https://elsewhere.example/').catch(() => undefined);
  });
  await page.goto('https://elsewhere.example/').catch(() => undefined);
  await expect
    .poll(() => watch.found().map((text) => text.split(':')[0]))
    .toEqual(
      expect.arrayContaining([
        'content security policy',
        'request to another origin',
        'uncaught error',
        'console error',
      ]),
    );
  await context.close();
});

it('detects accessibility violations', async () => {
  const page = await tessera.newPage({ at: '/sign-in' });
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<button></button>');
  });
  await expect(expectAccessible(page)).rejects.toThrow(/button-name/);
});
