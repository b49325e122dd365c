import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { firstQuery } from '#console/domain/models/first-query.ts';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { TabPanel, Tabs } from '#console/ui/tabs.tsx';

import { type CallLanguage, callLanguages, firstCall, keyPlace } from './first-call.ts';

interface FirstCallCardProps {
  readonly endpoint: string;
  readonly projectRef: string;
  readonly schemaVersion: number;
  readonly language: CallLanguage;
  readonly onLanguage: (language: CallLanguage) => void;
}

const names: Readonly<Record<CallLanguage, string>> = {
  curl: 'curl',
  javascript: 'JavaScript',
  python: 'Python',
};

/** Example programs that read the first model in the project's schema. */
export function FirstCallCard({
  endpoint,
  projectRef,
  schemaVersion,
  language,
  onLanguage,
}: FirstCallCardProps) {
  const { data: models } = useSuspenseQuery(projectModelsQuery(projectRef, schemaVersion));
  const [first] = models;
  if (first === undefined) return null;
  return (
    <Card aria-labelledby="first-call">
      <CardHeader
        title="First request"
        titleId="first-call"
        description={
          <>
            Reads {first.name} rows. Replace{' '}
            <code className="font-mono text-[0.8125rem]">{keyPlace}</code> with{' '}
            <Link
              to="/projects/$ref/keys"
              params={{ ref: projectRef }}
              className="font-medium text-accent underline underline-offset-2"
            >
              an API key
            </Link>
            .
          </>
        }
      />
      <CardBody>
        <Tabs
          label="Language"
          value={language}
          onValueChange={onLanguage}
          tabs={callLanguages.map((value) => ({ value, label: names[value] }))}
        >
          {callLanguages.map((value) => (
            <TabPanel key={value} value={value}>
              <CodeBlock
                code={firstCall(value, endpoint, firstQuery(first))}
                label={`First request in ${names[value]}`}
                copy="Copy the code"
              />
            </TabPanel>
          ))}
        </Tabs>
      </CardBody>
    </Card>
  );
}
