import { useState } from 'react';

import type { Hazard } from '#console/gql/graphql.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { cn } from '#console/ui/cn.ts';
import { FormError } from '#console/ui/form-error.tsx';

import type { SchemaPlan } from '../schema.queries.ts';
import { Sentence } from '../access/sentence.tsx';
import {
  affectedWords,
  hazardOrder,
  hazardWords,
  impossibleReason,
  type RealHazard,
} from './hazards.ts';

interface ConsentProps {
  readonly plan: SchemaPlan;
  /** Why the plan cannot be applied now; null if it can. */
  readonly disabledReason: string | null;
  readonly isApplying: boolean;
  readonly error: string | null;
  readonly onApply: (accepted: readonly Hazard[]) => void;
}

/** A checkbox for each hazard in the plan, and the button that applies the plan. Use the plan's hash as `key`. */
export function Consent({ plan, disabledReason, isApplying, error, onApply }: ConsentProps) {
  const [ticked, setTicked] = useState<ReadonlySet<Hazard>>(new Set());
  const impossible = impossibleReason(plan.steps);
  const hazards =
    impossible === null ? hazardOrder.filter((hazard) => plan.hazards.includes(hazard)) : [];
  const missing = hazards.filter((hazard) => !ticked.has(hazard));
  const names = missing.map((hazard) => hazardWords[hazard].label.toLowerCase()).join(', ');
  const untickedReason = missing.length === 0 ? null : `Confirm these risks first: ${names}.`;

  const tick = (hazard: Hazard, isTicked: boolean) => {
    const next = new Set(ticked);
    if (isTicked) next.add(hazard);
    else next.delete(hazard);
    setTicked(next);
  };
  return (
    <div className="flex max-h-[70%] min-h-0 shrink-0 flex-col border-t border-line bg-sunken/50 max-lg:max-h-none">
      {hazards.length > 0 && (
        <fieldset className="min-h-0 space-y-3 overflow-y-auto px-4 pt-3.5 pb-1">
          <legend className="sr-only">Confirm these risks to continue.</legend>
          <p aria-hidden="true" className="font-semibold">
            Confirm these risks to continue.
          </p>
          {hazards.map((hazard) => (
            <HazardTick
              key={hazard}
              hazard={hazard}
              plan={plan}
              isTicked={ticked.has(hazard)}
              onTick={(isTicked) => tick(hazard, isTicked)}
            />
          ))}
        </fieldset>
      )}
      {/* Outside the area that scrolls, so that the button is always visible. */}
      <div className={cn('space-y-3 px-4 py-3', hazards.length > 0 && 'border-t border-line')}>
        {impossible !== null && (
          <Alert tone="danger" title="This plan cannot be applied">
            {impossible}
          </Alert>
        )}
        <FormError>{error}</FormError>
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <p className="text-[0.8125rem] text-quiet">Either all steps are applied, or none are.</p>
          <Button
            variant={plan.hazards.includes('DATA_LOSS') ? 'danger' : 'primary'}
            isLoading={isApplying}
            disabledReason={impossible ?? disabledReason ?? untickedReason}
            onClick={() => onApply([...ticked])}
          >
            {plan.steps.length === 0 ? 'Save as version' : 'Apply as version'}{' '}
            {plan.baseVersion + 1}
          </Button>
        </div>
      </div>
    </div>
  );
}

interface HazardTickProps {
  readonly hazard: RealHazard;
  readonly plan: SchemaPlan;
  readonly isTicked: boolean;
  readonly onTick: (isTicked: boolean) => void;
}

/** The maximum number of steps listed for a hazard. The list of steps above shows all of them, with badges. */
const mostNamed = 5;

function HazardTick({ hazard, plan, isTicked, onTick }: HazardTickProps) {
  const steps = plan.steps.filter((step) => step.hazard === hazard);
  const { consent, meaning } = hazardWords[hazard];
  return (
    <Checkbox
      checked={isTicked}
      onCheckedChange={onTick}
      label={<span className="font-medium">{consent}</span>}
      description={
        <>
          {meaning}
          <span className="mt-1 block space-y-0.5">
            {steps.slice(0, mostNamed).map((step, index) => (
              <span key={index} className="block wrap-anywhere text-ink">
                {step.target}: <Sentence text={affectedWords(step) ?? step.summary} />
              </span>
            ))}
            {steps.length > mostNamed && (
              <span className="block">and {steps.length - mostNamed} more, listed above</span>
            )}
          </span>
        </>
      }
    />
  );
}
