// How to reach this cluster: snippets with its real addresses, ready to copy.

import { Tabs } from '@base-ui/react/tabs';
import { Card } from '../../components/ui/card.tsx';
import { CodeBlock } from '../../components/ui/code-block.tsx';
import { bootstrapServersOf } from '../../lib/api/cluster.ts';
import type { Cluster } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { EXAMPLE_TOPIC, snippetsFor } from '../../lib/snippets.ts';

export function ConnectCard({ cluster }: { cluster: Cluster }) {
  const t = useTranslate();
  const snippets = snippetsFor({
    servers: bootstrapServersOf(cluster),
    origin: location.origin,
    topic: EXAMPLE_TOPIC,
  });
  return (
    <Card title={t('connect.title')}>
      <p className="px-4 text-sm text-muted">{t('connect.text')}</p>
      <Tabs.Root defaultValue={snippets[0]!.name}>
        <Tabs.List className="mt-2 flex gap-4 border-b border-line px-4" activateOnFocus>
          {snippets.map(snippet => (
            <Tabs.Tab
              key={snippet.name}
              value={snippet.name}
              className="ring-inside -mb-px h-8 border-b-2 border-transparent text-sm text-muted hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
            >
              {snippet.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map(snippet => (
          <Tabs.Panel key={snippet.name} value={snippet.name} className="p-4">
            <CodeBlock code={snippet.code} label={snippet.name} className="min-h-44" />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </Card>
  );
}
