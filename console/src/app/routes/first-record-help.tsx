// What to paste into a terminal to see a first record here.

import { CodeBlock } from '../../components/ui/code-block.tsx';
import { useTranslate } from '../../lib/i18n/index.ts';
import { produceWithCurl } from '../../lib/snippets.ts';

export function FirstRecordHelp({ topic }: { topic: string }) {
  const t = useTranslate();
  return (
    <CodeBlock code={produceWithCurl({ origin: location.origin, topic })} label={t('messages.example')} />
  );
}
