/** The settings of a project that decide which apps and tokens its API accepts. */
export interface AccessSettings {
  /** The origins whose pages can call the API, as browsers send them: `https://app.example`. */
  readonly allowedOrigins: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuer[];
}

/** The maximum number of trusted issuers of a project. */
export const maxTrustedIssuers = 10;

export const issuerAlgorithms = ['RS256', 'ES256', 'EdDSA'] as const;
export type IssuerAlgorithm = (typeof issuerAlgorithms)[number];

/** An issuer of user tokens that the project trusts. */
export interface TrustedIssuer {
  /** The exact `iss` of its tokens. */
  readonly issuer: string;
  /** The `aud` that its tokens must have. */
  readonly audience: string;
  /** Where its keys are published (RFC 7517). Null if OpenID Connect discovery finds the address. */
  readonly jwksUrl: string | null;
  readonly algorithms: readonly IssuerAlgorithm[];
  /** The claim that identifies the user: `sub`. */
  readonly userClaim: string;
  /** The unique field of the `@user` model that contains the value of `userClaim`. */
  readonly userField: string;
  readonly claims: readonly ClaimMapping[];
}

/** Where the token contains the value of a claim that the SDL declares. */
export interface ClaimMapping {
  /** A field of the `@claims` type. */
  readonly name: string;
  /** The members from the token's payload to the value, separated by dots: `app_metadata.role`. */
  readonly path: string;
}

/** Gives the data plane access to the settings of projects, which the control plane stores. */
export interface AccessSettingsDirectory {
  /** Returns null if no project has this ref. @throws RequestError `OVERLOADED` */
  readonly findAccessSettings: (ref: string) => Promise<AccessSettings | null>;
}
