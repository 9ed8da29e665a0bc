// JSON as a tree that opens and closes. Only the visible lines are in the document, so a megabyte opens like a kilobyte.
// Pattern: WAI-ARIA tree with aria-activedescendant.

import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { useTranslate } from '../../lib/i18n/index.ts';
import { type JsonNode, visibleNodes } from '../../lib/json/json-nodes.ts';
import { useFormat } from '../../lib/use-format.ts';
import { treeAction } from './json-tree-keys.ts';

const LINE_HEIGHT = 22;
const LITERAL_SHOWN_MAX = 4_000;
/** Bigger documents start with only their first level open. */
const OPEN_NODES_MAX = 2_000;

function initiallyCollapsed(nodes: readonly JsonNode[]): ReadonlySet<number> {
  if (nodes.length <= OPEN_NODES_MAX) return new Set();
  return new Set(nodes.flatMap((node, index) => (node.depth > 0 && node.count > 0 ? [index] : [])));
}

export function JsonTree({ nodes, label }: { nodes: readonly JsonNode[]; label: string }) {
  const treeId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [collapsed, setCollapsed] = useState(() => initiallyCollapsed(nodes));
  const [active, setActive] = useState(0);
  const visible = useMemo(() => visibleNodes(nodes, collapsed), [nodes, collapsed]);
  const virtualizer = useVirtualizer({
    count: visible.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: line => visible[line]!,
    overscan: 20,
    paddingStart: 8,
    paddingEnd: 8,
    useFlushSync: false,
  });

  const setOpen = (index: number, open: boolean) =>
    setCollapsed(previous => {
      const next = new Set(previous);
      if (open) next.delete(index);
      else next.add(index);
      return next;
    });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = treeAction(event.key, { nodes, visible, collapsed, active });
    if (action === null) return;
    event.preventDefault();
    if (action.kind === 'move') {
      setActive(visible[action.line]!);
      virtualizer.scrollToIndex(action.line);
    } else {
      setOpen(action.index, action.kind === 'open');
    }
  };

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-activedescendant={`${treeId}-${active}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="group/tree ring-inside min-h-0 grow overflow-auto border-t border-line bg-code"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(item => {
          const index = visible[item.index]!;
          return (
            <div
              key={index}
              ref={virtualizer.measureElement}
              data-index={item.index}
              role="presentation"
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <TreeLine
                id={`${treeId}-${index}`}
                node={nodes[index]!}
                open={!collapsed.has(index)}
                active={index === active}
                onClick={() => {
                  setActive(index);
                  if (nodes[index]!.count > 0) setOpen(index, collapsed.has(index));
                }}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface TreeLineProps {
  readonly id: string;
  readonly node: JsonNode;
  readonly open: boolean;
  readonly active: boolean;
  readonly onClick: () => void;
}

function TreeLine({ id, node, open, active, onClick }: TreeLineProps) {
  const isParent = node.count > 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself handles the keys
    <div
      id={id}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-expanded={isParent ? open : undefined}
      aria-selected={active}
      tabIndex={-1}
      onClick={onClick}
      style={{ paddingLeft: 12 + node.depth * 16 }}
      className={clsx(
        'mono flex min-h-[22px] items-start pr-4 text-xs leading-[22px]',
        isParent && 'cursor-pointer',
        active && 'group-focus-visible/tree:bg-selected',
      )}
    >
      <span aria-hidden className="mt-[5px] mr-1 w-3 shrink-0 text-faint">
        {isParent && (open ? <ChevronDown size={12} /> : <ChevronRight size={12} />)}
      </span>
      <span className="min-w-0 break-words whitespace-pre-wrap">
        {node.key !== null && (
          <>
            <span className={typeof node.key === 'number' ? 'text-faint' : 'text-json-key'}>{node.key}</span>
            <span className="text-faint">: </span>
          </>
        )}
        <NodeValue node={node} open={open} />
      </span>
    </div>
  );
}

const LITERAL_CLASS = {
  string: 'text-json-string',
  number: 'text-json-number',
  word: 'text-json-word',
  object: '',
  array: '',
} as const;

function NodeValue({ node, open }: { node: JsonNode; open: boolean }) {
  const t = useTranslate();
  const format = useFormat();
  if (node.kind === 'object' || node.kind === 'array') {
    const [left, right] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
    if (node.count === 0) return <span className="text-muted">{`${left}${right}`}</span>;
    return (
      <span className="text-muted">
        {open ? left : `${left}…${right}`}{' '}
        <span className="font-sans text-faint italic">
          {t(node.kind === 'object' ? 'json.members' : 'json.elements', {
            count: node.count,
            shown: format.count(node.count),
          })}
        </span>
      </span>
    );
  }
  const { literal } = node;
  return (
    <span className={LITERAL_CLASS[node.kind]}>
      {literal.length > LITERAL_SHOWN_MAX ? `${literal.slice(0, LITERAL_SHOWN_MAX)}…` : literal}
    </span>
  );
}
