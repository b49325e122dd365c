import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { interpolate } from '../test/interpolate.ts';
import { parseConfig, variableNames } from './config.ts';

const projectFile = (name: string) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

interface Service {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
}

// The fields of docker-compose.yml that these tests read.
const compose = parse(projectFile('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<'gateway' | 'postgres', Service>>;
};
const { gateway } = compose.services;

/** The variables that the image sets, by `ENV NAME=value …`. */
const inImage = Object.fromEntries(
  [...projectFile('Dockerfile').matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
    [...line.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  ),
);

const key = () => randomBytes(32).toString('base64url');
const required = {
  PUBLIC_URL: 'https://tessera.example',
  ACCESS_TOKEN_KEY: key(),
  REFRESH_TOKEN_KEY: key(),
  PASSWORD_PEPPER: key(),
  POSTGRES_PASSWORD: 'from-dot-env',
};

/** The environment of the gateway's container if .env has these variables. */
function containerEnvironment(dotEnv: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.entries(gateway.environment).map(([name, value]) => [
    name,
    interpolate(String(value), dotEnv),
  ]);
  return { ...inImage, ...Object.fromEntries(given) } as Record<string, string>;
}

describe('docker-compose.yml', () => {
  /** The host publishes the port at this address. In the container, the gateway listens on every interface. */
  const published = ['HOST', 'PORT'];
  const passedOn = variableNames.filter(
    (name) => !published.includes(name) && inImage[name] === undefined,
  );

  it.each(passedOn)('passes %s on', (name) => {
    const value = `set-in-dot-env-${name}`;
    expect(containerEnvironment({ ...required, [name]: value })[name]).toBe(value);
  });

  it('publishes the port at the address of HOST and PORT', () => {
    const ports = (dotEnv: Record<string, string>) =>
      gateway.ports?.map((port) => interpolate(port, dotEnv));
    expect(ports({})).toEqual(['127.0.0.1:4000:4000']);
    expect(ports({ HOST: '0.0.0.0', PORT: '80' })).toEqual(['0.0.0.0:80:4000']);
  });

  it('sets no variable that the gateway does not read', () => {
    expect(variableNames).toEqual(expect.arrayContaining(Object.keys(gateway.environment)));
  });

  it('keeps every default of the gateway, with the PostgreSQL and the Redis of the file', () => {
    const { POSTGRES_PASSWORD: password, ...others } = required;
    expect(parseConfig(containerEnvironment(required))).toEqual(
      parseConfig({
        ...others,
        NODE_ENV: 'production',
        DATA_DIR: '/data',
        DATABASE_URL: `postgresql://tessera:${password}@postgres:5432/tessera`,
        REDIS_URL: 'redis://redis:6379',
      }),
    );
  });

  it.each(Object.keys(required))('does not start without %s', (name) => {
    const incomplete = { ...required, [name]: '' };
    expect(() => containerEnvironment(incomplete)).toThrow('make-env.mjs');
  });
});
