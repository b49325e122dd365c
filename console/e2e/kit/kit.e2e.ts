import { expect, it } from 'vitest';

import { signIn } from '../../../gateway/test/sign-up.ts';
import { expectAccessible } from './accessible.ts';
import { useConsole } from './console.ts';
import { watchForTrouble } from './trouble.ts';

const tessera = useConsole();

it('lets access tokens expire without waiting', async () => {
  const { owner } = await tessera.seed.team();
  const token = await signIn(tessera.url, owner);
  const viewer = () => tessera.app.graphql('{ viewer { email } }', {}, token);
  expect((await viewer()).body.data).toEqual({ viewer: { email: owner.email } });
  tessera.passTime(11);
  expect((await viewer()).status).toBe(401);
});

it('reads the mail that somebody gets', async () => {
  const somebody = await tessera.seed.person('Ada Lovelace');
  const { link } = await tessera.mail.newest(somebody.email, /verify|confirm/i);
  expect(link).toMatch(new RegExp(`^${tessera.url}/verify-email#token=[\\w-]{43}$`));
});

it('notices what must not happen in a page', async () => {
  const browser = (await tessera.newPage()).context().browser();
  if (browser === null) throw new Error('The browser of the kit was launched.');
  const context = await browser.newContext();
  const watch = await watchForTrouble(context, tessera.url);
  const page = await context.newPage();
  await page.goto(`${tessera.url}/sign-in`);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    setTimeout(() => {
      throw new Error('uncaught here');
    });
    // The policy stops this one before it is a request; an address that somebody goes to, it does not.
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

it('finds what people could not read or name', async () => {
  const page = await tessera.newPage({ at: '/sign-in' });
  await page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<button></button>');
  });
  await expect(expectAccessible(page)).rejects.toThrow(/button-name/);
});
