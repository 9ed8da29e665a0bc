// A key or value in full, in the form its content allows: JSON as tree or indented, text as it is, bytes as hex.
// JSON literals are shown exactly as they were written; nothing is parsed into numbers.

import { clsx } from 'clsx';
import { type ReactNode, useMemo, useState } from 'react';
import { Button } from '../../components/ui/button.tsx';
import { CopyButton } from '../../components/ui/copy-button.tsx';
import type { Body } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { formatJson, type JsonNode, parseJsonNodes } from '../../lib/json/json-nodes.ts';
import { type Preferences, setPreferences, usePreferences } from '../../lib/preferences.ts';
import { useFormat } from '../../lib/use-format.ts';
import { bytesOf, hexDump } from './bytes.ts';
import { JsonTree } from './json-tree.tsx';

type View = Preferences['bodyView'];

/** Browsers stall on laying out more text than this at once; the rest comes on demand. */
const TEXT_SHOWN_MAX = 200_000;
const HEX_BYTES_MAX = 32_768;

export function BodyView({ body, kind }: { body: Body | null; kind: 'key' | 'value' }) {
  const t = useTranslate();
  if (body === null) {
    return <Note title="null">{t(kind === 'key' ? 'record.nullKey' : 'record.nullValue')}</Note>;
  }
  if (body.size === 0)
    return (
      <Note title={t('messages.empty')}>{t(kind === 'key' ? 'record.emptyKey' : 'record.emptyValue')}</Note>
    );
  return <FilledBody body={body} kind={kind} />;
}

function Note({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="px-4 py-6 text-sm">
      <p className="mono mb-1 text-muted italic">{title}</p>
      <p className="text-muted">{children}</p>
    </div>
  );
}

function viewsOf(body: Body, nodes: readonly JsonNode[] | null): readonly View[] {
  if (body.encoding === 'base64') return ['hex', 'base64'];
  return nodes !== null && nodes[0]!.count > 0 ? ['tree', 'pretty', 'text', 'hex'] : ['text', 'hex'];
}

function FilledBody({ body, kind }: { body: Body; kind: 'key' | 'value' }) {
  const t = useTranslate();
  const nodes = useMemo(
    () => (body.encoding === 'utf8' && body.format === 'json' ? parseJsonNodes(body.text) : null),
    [body],
  );
  const views = viewsOf(body, nodes);
  const { bodyView: chosen } = usePreferences();
  const view = views.includes(chosen) ? chosen : views[0]!;
  const text = useMemo(() => {
    if (view === 'pretty') return formatJson(nodes!);
    if (view === 'hex') return hexDump(bytesOf(body).subarray(0, HEX_BYTES_MAX));
    return body.text;
  }, [view, nodes, body]);
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-2 px-4">
        <fieldset className="flex rounded-control border border-line p-px">
          <legend className="sr-only">{t('record.view')}</legend>
          {views.map(one => (
            <button
              key={one}
              type="button"
              aria-pressed={one === view}
              onClick={() => setPreferences({ bodyView: one })}
              className={clsx(
                'h-6 rounded-[4px] px-2 text-xs',
                one === view ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:text-ink',
              )}
            >
              {t(`record.view.${one}`)}
            </button>
          ))}
        </fieldset>
        <span className="ml-auto" />
        <CopyButton
          text={view === 'hex' ? text : view === 'pretty' ? text : body.text}
          label={t(kind === 'key' ? 'record.copyKey' : 'record.copyValue')}
        />
      </div>
      <TruncationNote body={body} view={view} />
      {view === 'tree' ? (
        <JsonTree nodes={nodes!} label={t(kind === 'key' ? 'record.key' : 'record.value')} />
      ) : (
        <LongText
          text={text}
          label={t(kind === 'key' ? 'record.key' : 'record.value')}
          wrap={view !== 'hex'}
        />
      )}
    </>
  );
}

function TruncationNote({ body, view }: { body: Body; view: View }) {
  const t = useTranslate();
  const format = useFormat();
  if (body.truncated)
    return (
      <p className="px-4 pb-2 text-xs text-warning">
        {t('record.truncated', { size: format.size(body.size) })}
      </p>
    );
  if (view === 'hex' && body.size > HEX_BYTES_MAX) {
    return (
      <p className="px-4 pb-2 text-xs text-muted">
        {t('record.hexBeginning', { size: format.size(HEX_BYTES_MAX) })}
      </p>
    );
  }
  return null;
}

function LongText({ text, label, wrap }: { text: string; label: string; wrap: boolean }) {
  const t = useTranslate();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const cut = !all && text.length > TEXT_SHOWN_MAX;
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="ring-inside min-h-0 grow overflow-auto border-t border-line bg-code"
    >
      <pre
        className={clsx(
          'py-3 leading-5',
          wrap ? 'px-4 text-xs break-words whitespace-pre-wrap' : 'px-3 text-[11px] whitespace-pre',
        )}
      >
        {cut ? text.slice(0, TEXT_SHOWN_MAX) : text}
      </pre>
      {cut && (
        <div className="px-4 pb-4">
          <Button onClick={() => setAll(true)}>
            {t('record.showAll', { count: format.count(text.length) })}
          </Button>
        </div>
      )}
    </div>
  );
}
