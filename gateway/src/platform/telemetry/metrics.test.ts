import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('metrics', () => {
  it('are printed together with process metrics', async () => {
    const metrics = createMetrics();
    metrics.observeHttpRequest({ method: 'POST', route: 'management', status: 200, seconds: 0.02 });
    metrics.countOperation({ surface: 'management', type: 'query', outcome: 'ok' });
    const text = await metrics.registry.metrics();
    expect(text).toContain('process_cpu_user_seconds_total');
    expect(text).toContain(
      'tessera_http_request_duration_seconds_count{method="POST",route="management",status="200"} 1',
    );
    expect(text).toContain(
      'tessera_graphql_operations_total{surface="management",type="query",outcome="ok"} 1',
    );
  });

  it('are separate for two gateways in one process', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.rateLimitRefusals.inc({ rule: 'signIn' });
    expect(await one.registry.metrics()).toContain(
      'tessera_rate_limit_refusals_total{rule="signIn"} 1',
    );
    expect(await other.registry.metrics()).not.toContain(
      'tessera_rate_limit_refusals_total{rule="signIn"}',
    );
  });

  it('do not create time series for values from clients', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 50; i++) {
      const request = { method: `EVIL${i}`, route: 'other', status: 405, seconds: 0 } as const;
      metrics.observeHttpRequest(request);
    }
    const text = await metrics.registry.metrics();
    expect(text.match(/duration_seconds_count\{/g)).toHaveLength(1);
    expect(text).toContain('method="OTHER"');
  });

  it("read a pool's state when they are collected", async () => {
    const metrics = createMetrics();
    const pool = { totalCount: 3, idleCount: 3, waitingCount: 0 };
    metrics.observePool('management', pool);
    Object.assign(pool, { idleCount: 1, waitingCount: 4 });
    const text = await metrics.registry.metrics();
    expect(text).toContain('tessera_pool_connections{pool="management",state="used"} 2');
    expect(text).toContain('tessera_pool_connections{pool="management",state="idle"} 1');
    expect(text).toContain('tessera_pool_connections{pool="management",state="waiting"} 4');
  });
});
