import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/database.ts';
import { explainConnectionString, explainDatabaseError, StartError } from './start-error.ts';

const database = useTestDatabase();

describe('an error of the first connection', () => {
  it('explains that the server does not support TLS', async () => {
    const url = new URL(database.url);
    url.searchParams.set('sslmode', 'require');
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    const error: unknown = await client.connect().then(
      () => null,
      (reason: unknown) => reason,
    );
    const { message } = explainDatabaseError(error, url.href);
    expect(message).toContain('the server does not support TLS');
    expect(message).not.toContain(url.password);
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'Set sslrootcert'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Host: db is not in the list', 'use the host name'],
    ['CERT_HAS_EXPIRED', 'certificate has expired', 'certificate was rejected'],
    ['EPROTO', 'wrong version number', 'Check the TLS settings'],
    ['28000', 'no pg_hba.conf entry for host "x", no encryption', 'Add ?sslmode=verify-full'],
  ])('explains %s', (code, reason, expected) => {
    const error = Object.assign(new Error(reason), { code });
    expect(explainDatabaseError(error, 'postgres://u:secret@db/x').message).toContain(expected);
  });

  it('names a certificate file that cannot be read', () => {
    const connectionString = 'postgres://u:p@db/x?sslmode=verify-full&sslrootcert=/missing.pem';
    let thrown: unknown = null;
    try {
      new pg.Client({ connectionString });
    } catch (error) {
      thrown = error;
    }
    const explained = explainConnectionString(thrown);
    expect(explained).toBeInstanceOf(StartError);
    expect(String(explained)).toContain(
      '/missing.pem, which DATABASE_URL names, cannot be read (ENOENT)',
    );
  });
});
