import { z } from 'zod';

import {
  issuerAlgorithms,
  maxTrustedIssuers,
  type TrustedIssuer,
} from '../../data-plane/callers/access-settings.ts';
import { controlPlaneLimits } from '../limits.ts';
import { lineOfText } from '../validation/input.ts';

const { maxAllowedOrigins, maxMappedClaims } = controlPlaneLimits;

const maxOriginLength = 255;

/** Converts an origin to the form that browsers send: `HTTPS://App.example:443/` → `https://app.example`. */
const origin = z.string().transform((text, context) => {
  const url = text.length <= maxOriginLength ? parsedUrl(text) : null;
  // Browsers send an origin for every page, so a pattern would never be equal to it.
  if (url !== null && isWebAddress(url) && isOnlyOrigin(url) && !url.host.includes('*')) {
    return url.origin;
  }
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(text.slice(0, 100))} is not an origin. Write the scheme, the host and the port, without a path or a wildcard, as in https://app.example or http://localhost:5173.`,
  });
  return z.NEVER;
});

const isOnlyOrigin = ({ username, password, pathname, search, hash }: URL): boolean =>
  `${username}${password}${search}${hash}` === '' && pathname === '/';

export const settingsSchema = z.object({
  allowedOrigins: z
    .array(z.string())
    .max(maxAllowedOrigins, `A project can have at most ${maxAllowedOrigins} allowed origins.`)
    .pipe(z.array(origin))
    .transform((origins) => [...new Set(origins)])
    .nullish(),
});

const maxNameLength = 255;
const maxUrlLength = 500;
const maxPathLength = 200;

const allAlgorithms = [...issuerAlgorithms];

/** One line of text with a check, which runs only if it is one. */
function checkedLine(max: number, isValid: (text: string) => boolean, message: string) {
  return lineOfText(max).pipe(z.string().refine(isValid, message));
}

/** Names of members, separated by dots: `app_metadata.role`. */
const claimPath = checkedLine(
  maxPathLength,
  (text) => !text.split('.').includes(''),
  'Write the names of the members from the token to the value, separated by single dots, as in app_metadata.role.',
);

/** @param allowsHttp whether http is allowed, which only development needs */
function issuerSchema(allowsHttp: boolean) {
  const needs = allowsHttp ? 'https:// or http://' : 'https://';
  const issuer = checkedLine(
    maxNameLength,
    (text) => isServerUrl(text, allowsHttp),
    `The issuer must begin with ${needs}, and have no user name, query or fragment.`,
  );
  return z.object({
    // The text is compared with the claim `iss`, so that it is not normalized any further.
    issuer,
    audience: lineOfText(maxNameLength),
    jwksUrl: checkedLine(
      maxUrlLength,
      (text) => isKeysUrl(text, allowsHttp),
      `The JWKS URL must begin with ${needs}, and have no user name and no fragment.`,
    )
      .nullish()
      .transform((given) => given ?? null),
    algorithms: z
      .array(z.enum(issuerAlgorithms))
      .min(1, 'Choose at least one algorithm, or omit the list to accept all of them.')
      .max(20)
      .transform((given) => issuerAlgorithms.filter((name) => given.includes(name)))
      .nullish()
      .transform((given) => given ?? allAlgorithms),
    userClaim: claimPath,
    userField: z.string(),
    claims: z
      .array(z.object({ name: z.string(), path: claimPath }))
      .max(maxMappedClaims, `At most ${maxMappedClaims} claims can be mapped per issuer.`)
      .superRefine((claims, context) => {
        reportRepeated(context, claims, 'name', (name) => `The claim ${name} is mapped twice.`);
      })
      .nullish()
      .transform((given) => given ?? []),
  });
}

/** @param allowsHttp see `issuerSchema` */
export const issuersSchema = (allowsHttp: boolean) =>
  z.object({
    issuers: z
      .array(z.unknown())
      .max(maxTrustedIssuers, `A project can have at most ${maxTrustedIssuers} trusted issuers.`)
      .pipe(z.array(issuerSchema(allowsHttp)))
      .superRefine((issuers, context) => {
        reportRepeated(context, issuers, 'issuer', () => 'This issuer is in the list twice.');
        reportRepeated(
          context,
          issuers,
          'userField',
          (field) =>
            `Another issuer already finds users by ${field}. Each issuer needs its own field, because both could issue a token with the same value for different people.`,
        );
      }),
  });

/** Reports each item whose member has the same value as that of an earlier item. */
function reportRepeated<Name extends string>(
  context: z.RefinementCtx,
  items: readonly Readonly<Record<Name, string>>[],
  member: Name,
  message: (value: string) => string,
): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const value = item[member];
    if (seen.has(value)) {
      context.addIssue({
        code: 'custom',
        path: [index, member],
        message: message(JSON.stringify(value.slice(0, 100))),
      });
    }
    seen.add(value);
  }
}

const parsedUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);

const isWebAddress = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:';

function isKeysUrl(text: string, allowsHttp: boolean): boolean {
  const url = parsedUrl(text);
  return (
    url !== null &&
    (allowsHttp ? isWebAddress(url) : url.protocol === 'https:') &&
    `${url.username}${url.password}${url.hash}` === ''
  );
}

function isServerUrl(text: string, allowsHttp: boolean): boolean {
  return isKeysUrl(text, allowsHttp) && parsedUrl(text)?.search === '';
}

/** Reads the stored issuers, which were validated when they were stored. */
export const storedIssuers: z.ZodType<readonly TrustedIssuer[]> = z.array(
  z.object({
    issuer: z.string(),
    audience: z.string(),
    jwksUrl: z.string().nullable(),
    algorithms: z.array(z.enum(issuerAlgorithms)),
    userClaim: z.string(),
    userField: z.string(),
    claims: z.array(z.object({ name: z.string(), path: z.string() })),
  }),
);

interface ProjectSettingsChange {
  readonly projectRef: string;
  /** The version of the settings that the change is based on. If omitted, any version is changed. */
  readonly expectedVersion?: string | null | undefined;
}

export type UpdateProjectSettings = z.input<typeof settingsSchema> & ProjectSettingsChange;

export interface SetTrustedIssuers extends ProjectSettingsChange {
  readonly issuers: readonly {
    readonly issuer: string;
    readonly audience: string;
    readonly jwksUrl?: string | null | undefined;
    readonly algorithms?: readonly string[] | null | undefined;
    readonly userClaim: string;
    readonly userField: string;
    readonly claims?:
      readonly { readonly name: string; readonly path: string }[] | null | undefined;
  }[];
}
