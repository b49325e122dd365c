/** A sentence of the gateway, whose names and values are in backticks. */
export function Sentence({ text }: { text: string }) {
  const parts = text.split('`');
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <code key={index} className="font-mono text-[0.8125rem]">
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}
