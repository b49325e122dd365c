import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { interpolate } from '../test/interpolate.ts';
import { parseConfig, variableNames } from './config.ts';

const projectFile = (name: string) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

interface Service {
  readonly environment: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly stop_grace_period?: string;
  readonly [setting: string]: unknown;
}

// The fields of docker-compose.yml that these tests read.
const compose = parse(projectFile('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<'gateway' | 'postgres' | 'redis', Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
};
const caddy = parse(projectFile('deploy/caddy.yml'), { logLevel: 'error' }) as {
  readonly services: Readonly<Record<'gateway' | 'caddy', Service>>;
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

describe('each container', () => {
  const services = { ...compose.services, caddy: caddy.services.caddy };

  it.each(Object.entries(services))(
    'of %s has no privileges and bounded resources',
    (_, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        restart: 'unless-stopped',
        logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '5' } },
        mem_limit: expect.stringMatching(/^\d+[mg]$/) as string,
        pids_limit: expect.any(Number) as number,
      });
      for (const mount of service.tmpfs ?? []) expect(mount).toMatch(/:size=\d+m/);
    },
  );

  it('except for the gateway and Caddy is only in a network without a way out', () => {
    const open = Object.entries(compose.networks).flatMap(([name, network]) =>
      network?.internal === true ? [] : [name],
    );
    const reachable = Object.entries(services)
      .filter(([, service]) => service.networks.some((network) => open.includes(network)))
      .map(([name]) => name);
    expect(reachable).toEqual(['gateway', 'caddy']);
    expect(services.postgres.ports ?? services.redis.ports).toBeUndefined();
  });

  it('of the gateway has time to shut down', () => {
    const seconds = Number.parseInt(gateway.stop_grace_period ?? '', 10);
    expect(seconds * 1_000).toBeGreaterThanOrEqual(shutdownMs({}));
  });
});

/** The longest shutdown: the delay, the open requests, and 20 seconds for the parts that stop after them. */
function shutdownMs(env: Readonly<Record<string, string>>): number {
  const { shutdownDelayMs, shutdownTimeoutMs } = parseConfig(env);
  return shutdownDelayMs + shutdownTimeoutMs + 20_000;
}

describe('the image', () => {
  const stages = projectFile('Dockerfile')
    .split(/^FROM /m)
    .slice(1);
  const last = stages.at(-1) ?? '';

  it('runs as a numeric user that is not root, with the gateway as process 1', () => {
    expect(/^USER (.+)$/m.exec(last)?.[1]).toBe('1000:1000');
    expect(/^CMD (.+)$/m.exec(last)?.[1]).toBe('["node", "dist/gateway/main.js"]');
    expect(last).not.toContain('ENTRYPOINT');
  });

  it('is based on the Node.js version of .nvmrc', () => {
    const bases = stages.map((stage) => stage.split(/\s/)[0]).filter((base) => base !== 'tools');
    expect(new Set(bases)).toEqual(new Set([`node:${projectFile('.nvmrc').trim()}-slim`]));
  });

  it('builds the console and the documentation without the source of the gateway', () => {
    const copied = (name: string) =>
      [
        ...(stages.find((stage) => stage.includes(`AS ${name}\n`)) ?? '').matchAll(
          /^COPY (.+) \S+$/gm,
        ),
      ]
        .map(([, files]) => files)
        .sort();
    expect(copied('console')).toEqual(['console', 'examples', 'gateway/scripts', 'tsconfig.json']);
    expect(copied('docs')).toEqual(['docs', 'gateway/scripts']);
  });

  it('is checked every ten seconds, and more often while it starts', () => {
    expect(last).toMatch(/^HEALTHCHECK --interval=10s .*--start-interval=2s/m);
    expect(last).toContain('/readyz');
  });
});

describe('deploy/caddy.yml', () => {
  it('lets only Caddy reach the gateway, as one trusted hop', () => {
    const { ports, environment } = caddy.services.gateway;
    expect(projectFile('deploy/caddy.yml')).toContain('ports: !reset []');
    expect(ports).toEqual([]);
    expect(environment).toEqual({ TRUSTED_PROXY_HOPS: 1 });
  });
});

describe('deploy/kubernetes.yaml', () => {
  interface Resource {
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly data?: Readonly<Record<string, string>>;
    readonly spec?: unknown;
  }
  const file = projectFile('deploy/kubernetes.yaml');
  const documents = parseAllDocuments(file);
  const resources = new Map(
    documents.map((document) => {
      // The fields that all resources have.
      const resource = document.toJS() as Resource;
      return [resource.kind, resource];
    }),
  );
  const settings = resources.get('ConfigMap')?.data ?? {};
  const inSecret = [
    ...(/with the variables ([^:]+):/.exec(file)?.[1] ?? '').matchAll(/[A-Z_]{2,}/g),
  ].map(([name]) => name);

  it('is valid YAML without duplicate keys', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect([...resources.keys()]).toEqual([
      'ConfigMap',
      'Deployment',
      'Service',
      'PodDisruptionBudget',
      'NetworkPolicy',
    ]);
  });

  it('sets only variables that the gateway reads, and all that production requires', () => {
    const names = [...Object.keys(settings), ...inSecret];
    expect(variableNames).toEqual(expect.arrayContaining(names));
    const secrets = {
      DATABASE_URL: 'postgresql://tessera:x@db/tessera',
      REDIS_URL: 'redis://redis',
      SMTP_URL: 'smtp://mail',
      METRICS_TOKEN: key(),
      ACCESS_TOKEN_KEY: key(),
      REFRESH_TOKEN_KEY: key(),
      PASSWORD_PEPPER: key(),
    };
    expect(inSecret.toSorted()).toEqual(Object.keys(secrets).toSorted());
    expect(() => parseConfig({ ...inImage, ...settings, ...secrets })).not.toThrow();
  });

  it('runs pods without privileges that have time to leave the Service and to shut down', () => {
    const { SHUTDOWN_DELAY_SECONDS: delay = '0', SHUTDOWN_TIMEOUT_SECONDS: timeout = '0' } =
      settings;
    const pod = {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 },
      containers: [
        {
          ports: [{ name: 'http', containerPort: 4000 }],
          envFrom: [{ configMapRef: { name: 'tessera' } }, { secretRef: { name: 'tessera' } }],
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { memory: '256Mi' }, limits: { memory: '1Gi' } },
          startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
          livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
          readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
          volumeMounts: [
            { name: 'data', mountPath: '/data' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
    };
    const deployment = resources.get('Deployment');
    expect(deployment?.spec).toMatchObject({ replicas: 2, template: { spec: pod } });
    // toMatchObject has checked the shape above.
    const { template } = deployment?.spec as { template: { spec: PodSpec } };
    const grace = template.spec.terminationGracePeriodSeconds * 1_000;
    expect(grace).toBeGreaterThanOrEqual(
      shutdownMs({ SHUTDOWN_DELAY_SECONDS: delay, SHUTDOWN_TIMEOUT_SECONDS: timeout }),
    );
    const { periodSeconds, timeoutSeconds, failureThreshold } =
      template.spec.containers[0].readinessProbe;
    const unready = periodSeconds * failureThreshold + timeoutSeconds;
    expect(Number(delay)).toBeGreaterThanOrEqual(unready);
  });

  it('selects the same pods in every resource', () => {
    const labels = { 'app.kubernetes.io/name': 'tessera' };
    expect(resources.get('Deployment')?.spec).toMatchObject({
      selector: { matchLabels: labels },
      template: { metadata: { labels } },
    });
    expect(resources.get('Service')?.spec).toMatchObject({ selector: labels });
    expect(resources.get('PodDisruptionBudget')?.spec).toMatchObject({
      minAvailable: 1,
      selector: { matchLabels: labels },
    });
    expect(resources.get('NetworkPolicy')?.spec).toMatchObject({
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
    });
  });
});

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly [
    {
      readonly readinessProbe: {
        readonly periodSeconds: number;
        readonly timeoutSeconds: number;
        readonly failureThreshold: number;
      };
    },
  ];
}
