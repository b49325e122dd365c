import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pencil, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { modelNamed, type ToManyField } from '#console/domain/models/project-models.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { IconButton } from '#console/ui/icon-button.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';

import { useChangeLinks } from '../data.mutations.ts';
import { linksQuery, type DataSource } from '../data.queries.ts';
import { linkClass, linkToList, ListLink } from '../field-value.tsx';
import { labelOf } from '#console/domain/models/row-labels.ts';
import { idOfRow, type Reference, type Row } from '#console/domain/models/rows.ts';
import { RowPicker } from '#console/components/row-picker.tsx';

interface LinksEditorProps {
  readonly source: DataSource;
  readonly field: ToManyField;
  readonly row: Row;
  /** Why this member cannot write rows; null if they can. */
  readonly readOnlyReason: string | null;
}

/** A to-many relation in the side panel: the number of its rows, and a button that shows controls to change them. */
export function LinksEditor(props: LinksEditorProps) {
  const { source, field, row, readOnlyReason } = props;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="space-y-2">
      <div className="flex items-center justify-between gap-2">
        <ListLink source={source} field={field} row={row} />
        <Button
          size="sm"
          variant="ghost"
          icon={Pencil}
          aria-expanded={isOpen}
          disabledReason={readOnlyReason}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Done' : `Edit ${field.name}`}
        </Button>
      </div>
      {isOpen && <Links {...props} />}
    </div>
  );
}

/** The first rows of the relation, each with a button that removes it, and a picker that adds a row. */
function Links({ source, field, row }: LinksEditorProps) {
  const id = idOfRow(row);
  const links = useQuery(linksQuery(source, id, field));
  const change = useChangeLinks(source, field);
  const input = useRef<HTMLInputElement>(null);
  /** Remounts the picker after each choice, which clears it. */
  const [added, setAdded] = useState(0);
  const [removed, setRemoved] = useState<Reference | null>(null);
  useEffect(() => {
    if (added > 0) input.current?.focus();
  }, [added]);
  const target = modelNamed(source.models, field.target);
  const { nodes = [], totalCount = 0 } = links.data ?? {};

  const add = async (chosen: string | null) => {
    if (chosen === null) return;
    setRemoved(null);
    await change.mutateAsync({ id, connect: [chosen] }).catch(() => undefined);
    setAdded((count) => count + 1);
  };
  const remove = async (link: Reference) => {
    await change.mutateAsync({ id, disconnect: [link.id] });
    setRemoved(link);
    // The button that had the focus is gone.
    input.current?.focus();
  };
  const undo = async (link: Reference) => {
    await change.mutateAsync({ id, connect: [link.id] });
    setRemoved(null);
    input.current?.focus();
  };

  if (links.isPending) return <SkeletonRows rows={2} />;
  return (
    <div className="space-y-2">
      {nodes.length > 0 && (
        <ul
          aria-label={`Rows in ${field.name}`}
          className="divide-y divide-line rounded-md border border-line"
        >
          {nodes.map((link) => (
            <li
              key={link.id}
              className="flex items-center justify-between gap-2 py-0.5 pr-1 pl-2.5"
            >
              <span className="min-w-0 truncate">{labelOf(link)}</span>
              <IconButton
                label={`Remove ${labelOf(link)}`}
                icon={X}
                size="sm"
                onClick={() => void remove(link).catch(() => undefined)}
              />
            </li>
          ))}
        </ul>
      )}
      {/* A toast is outside the panel, where the keyboard cannot reach it while the panel is open. */}
      <div role="status" className="flex items-center gap-2 text-[0.8125rem] empty:hidden">
        {removed !== null && (
          <>
            <span className="min-w-0 truncate">{labelOf(removed)} removed.</span>
            <Button
              size="sm"
              variant="ghost"
              onClick={() => void undo(removed).catch(() => undefined)}
            >
              Undo
            </Button>
          </>
        )}
      </div>
      {totalCount > nodes.length && (
        <p className="text-[0.8125rem] text-quiet">
          The first {nodes.length} of {totalCount.toLocaleString('en-US')} rows.{' '}
          <Link {...linkToList(source, row, field)} className={linkClass}>
            Show all rows
          </Link>
        </p>
      )}
      {target !== null && (
        <RowPicker
          key={added}
          label={`Add to ${field.name}`}
          projectRef={source.ref}
          model={target}
          value={null}
          inputRef={input}
          onValueChange={(chosen) => void add(chosen)}
        />
      )}
      <FormError>{errorOf(links.error ?? change.error)}</FormError>
    </div>
  );
}

const errorOf = (error: Error | null): string | null =>
  error === null ? null : explainError(error);
