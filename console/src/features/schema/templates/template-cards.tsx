import { ArrowRight } from 'lucide-react';

import { readOutline } from '#console/lib/sdl/outline.ts';
import { Button } from '#console/ui/button.tsx';

import { ruledTemplates, templates, type Template } from './templates.ts';

interface TemplateCardsProps {
  readonly onChoose: (sdl: string) => void;
}

/** Templates for a project without a schema. */
export function TemplateCards({ onChoose }: TemplateCardsProps) {
  return (
    <section aria-labelledby="templates" className="space-y-3">
      <div>
        <h2 id="templates" className="text-[0.9375rem] font-semibold">
          Start from a template
        </h2>
        <p className="text-quiet">
          A template only fills the editor. Nothing changes until you apply the plan.
        </p>
      </div>
      <Cards label="Templates" level={3} templates={templates} onChoose={onChoose} />
      <div className="pt-2">
        <h3 className="font-semibold">With access rules</h3>
        <p className="text-quiet">
          For apps that call the API directly: rules decide what each user can read and write.
        </p>
      </div>
      <Cards
        label="Templates with access rules"
        level={4}
        templates={ruledTemplates}
        onChoose={onChoose}
      />
    </section>
  );
}

interface CardsProps extends TemplateCardsProps {
  readonly label: string;
  /** The level of the headings. */
  readonly level: 3 | 4;
  readonly templates: readonly Template[];
}

function Cards({ label, level, templates: shown, onChoose }: CardsProps) {
  return (
    <ul aria-label={label} className="grid gap-3 md:grid-cols-3 xl:grid-cols-4">
      {shown.map((template) => (
        <TemplateCard
          key={template.name}
          template={template}
          level={level}
          onChoose={() => onChoose(template.sdl)}
        />
      ))}
    </ul>
  );
}

interface TemplateCardProps {
  readonly template: Template;
  readonly level: 3 | 4;
  readonly onChoose: () => void;
}

function TemplateCard({ template, level, onChoose }: TemplateCardProps) {
  const Heading = level === 3 ? 'h3' : 'h4';
  const { title, about, sdl } = template;
  const reading = readOutline(sdl);
  const types = reading.ok ? reading.outline.types : [];
  return (
    <li className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-xs">
      <div className="flex-1 space-y-1">
        <Heading className="font-semibold">{title}</Heading>
        <p className="text-pretty text-quiet">{about}</p>
      </div>
      <ul aria-label={`Models in ${title}`} className="flex flex-wrap gap-1.5">
        {types.map(({ name }) => (
          <li
            key={name}
            className="rounded-md border border-line bg-sunken px-1.5 font-mono text-xs leading-5 text-quiet"
          >
            {name}
          </li>
        ))}
      </ul>
      <Button size="sm" icon={ArrowRight} onClick={onChoose} className="w-fit">
        Use {title.toLowerCase()}
      </Button>
    </li>
  );
}
