import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { X } from 'lucide-react';

import { auditWords } from '#console/domain/audit-words.ts';
import type { AuditRowFragment } from '#console/gql/graphql.ts';
import { Button } from '#console/ui/button.tsx';
import { Combobox } from '#console/ui/combobox.tsx';
import { Field } from '#console/ui/field.tsx';
import { Input } from '#console/ui/input.tsx';
import { Select } from '#console/ui/select.tsx';

import { isFiltered, type AuditSearch } from './audit-search.ts';
import { auditChoicesQuery } from './audit.queries.ts';

const route = getRouteApi('/_app/orgs/$slug/audit');

const actionOptions = Object.entries(auditWords).map(([value, { label }]) => ({
  value,
  label,
  description: value,
}));

const whenOptions = [
  { value: 'ever', label: 'Any time' },
  { value: 'today', label: 'Today' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'days', label: 'Custom range' },
] as const;

type When = (typeof whenOptions)[number]['value'];

interface AuditFiltersProps {
  readonly slug: string;
  /** The entries on the page. The filter also offers their actors, such as API keys and former members. */
  readonly entries: readonly AuditRowFragment[];
}

export function AuditFilters({ slug, entries }: AuditFiltersProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: choices } = useSuspenseQuery(auditChoicesQuery(slug));
  /** Changes the filter and returns to the first page. */
  const narrow = (part: Partial<AuditSearch>) =>
    void navigate({
      search: { ...search, ...part, after: undefined, before: undefined },
      resetScroll: false,
    });
  return (
    <search
      aria-label="Filter the audit log"
      className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[repeat(4,minmax(0,1fr))_auto]"
    >
      <Field label="Action">
        <Combobox
          options={withChosen(actionOptions, search.action)}
          value={search.action ?? null}
          onValueChange={(action) => narrow({ action: action ?? undefined })}
          placeholder="Any action"
          isClearable
        />
      </Field>
      <Field label="Who">
        <Combobox
          options={withChosen(actorOptions(choices.users, entries), search.actor)}
          value={search.actor ?? null}
          onValueChange={(actor) => narrow({ actor: actor ?? undefined })}
          placeholder="Anyone"
          isClearable
        />
      </Field>
      <Field label="Project">
        <Combobox
          options={withChosen(
            choices.projects.map(({ ref, name }) => ({
              value: ref,
              label: name,
              description: ref,
            })),
            search.project,
          )}
          value={search.project ?? null}
          onValueChange={(project) => narrow({ project: project ?? undefined })}
          placeholder="Any project"
          isClearable
        />
      </Field>
      <Field label="When">
        <Select<When>
          options={whenOptions}
          value={whenOf(search)}
          onValueChange={(when) => narrow(searchOf(when))}
        />
      </Field>
      <Button
        variant="ghost"
        icon={X}
        disabledReason={isFiltered(search) ? null : 'No filters are set.'}
        onClick={() => void navigate({ search: {} })}
      >
        Clear
      </Button>
      {whenOf(search) === 'days' && <Days search={search} narrow={narrow} />}
    </search>
  );
}

interface DaysProps {
  readonly search: AuditSearch;
  readonly narrow: (part: Partial<AuditSearch>) => void;
}

function Days({ search: { since, until }, narrow }: DaysProps) {
  return (
    <>
      <Field label="From">
        <Input
          type="date"
          value={since ?? ''}
          max={until}
          onChange={({ target }) => {
            // The value is empty until the date is complete. Keep the previous filter until then.
            if (target.value !== '') narrow({ since: target.value });
          }}
        />
      </Field>
      <Field label="To">
        <Input
          type="date"
          value={until ?? ''}
          min={since}
          onChange={({ target }) => narrow({ until: target.value || undefined })}
        />
      </Field>
    </>
  );
}

function whenOf({ span, since, until }: AuditSearch): When {
  if (span !== undefined) return span;
  return since === undefined && until === undefined ? 'ever' : 'days';
}

function searchOf(when: When): Partial<AuditSearch> {
  const none = { span: undefined, since: undefined, until: undefined };
  switch (when) {
    case 'ever':
      return none;
    case 'days':
      return { ...none, since: today() };
    case 'today':
    case '7d':
    case '30d':
      return { ...none, span: when };
  }
}

/** The current date in the viewer's time zone: `2030-01-31`. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

interface Option {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** Adds the value from the URL to the options if they do not contain it. */
const withChosen = (options: readonly Option[], chosen: string | undefined): readonly Option[] =>
  chosen === undefined || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: chosen }];

function actorOptions(
  users: readonly { id: string; name: string; email: string }[],
  entries: readonly AuditRowFragment[],
): readonly Option[] {
  const options = new Map<string, Option>(
    users.map(({ id, name, email }) => [id, { value: id, label: name, description: email }]),
  );
  for (const { actor } of entries) {
    if (actor.id === null || options.has(actor.id)) continue;
    const description = actor.kind === 'API_KEY' ? 'API key' : 'Former member';
    options.set(actor.id, { value: actor.id, label: actor.label ?? actor.id, description });
  }
  return [...options.values()];
}
