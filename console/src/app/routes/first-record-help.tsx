// What to paste into a terminal to see a first record here.

import { CodeBlock } from '../../components/ui/code-block.tsx';
import { useTranslate } from '../../lib/i18n/index.ts';
import { createAndProduceWithCurl, EXAMPLE_TOPIC, produceWithCurl } from '../../lib/snippets.ts';

/** Without a topic: creates one first. */
export function FirstRecordHelp({ topic }: { topic: string | null }) {
  const t = useTranslate();
  const { origin } = location;
  const code =
    topic === null
      ? createAndProduceWithCurl({ origin, topic: EXAMPLE_TOPIC })
      : produceWithCurl({ origin, topic });
  return <CodeBlock code={code} label={t('messages.example')} />;
}
