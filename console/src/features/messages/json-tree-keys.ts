// What a key does in the JSON tree. Pattern: WAI-ARIA tree view.

import type { JsonNode } from '../../lib/json/json-nodes.ts';

export interface TreeState {
  readonly nodes: readonly JsonNode[];
  /** Indexes of the nodes on screen, in order. */
  readonly visible: readonly number[];
  readonly collapsed: ReadonlySet<number>;
  readonly active: number;
}

export type TreeAction =
  | { readonly kind: 'move'; readonly line: number }
  | { readonly kind: 'open' | 'close'; readonly index: number };

export function treeAction(key: string, { nodes, visible, collapsed, active }: TreeState): TreeAction | null {
  const line = Math.max(0, visible.indexOf(active));
  const node = nodes[active]!;
  const isParent = node.count > 0;
  const isOpen = isParent && !collapsed.has(active);
  const move = (target: number): TreeAction => ({
    kind: 'move',
    line: Math.min(visible.length - 1, Math.max(0, target)),
  });
  switch (key) {
    case 'ArrowDown':
      return move(line + 1);
    case 'ArrowUp':
      return move(line - 1);
    case 'Home':
      return move(0);
    case 'End':
      return move(visible.length - 1);
    case 'ArrowRight':
      return isParent && !isOpen ? { kind: 'open', index: active } : move(line + 1);
    case 'ArrowLeft':
      return isOpen
        ? { kind: 'close', index: active }
        : move(visible.findLastIndex((at, index) => index < line && nodes[at]!.depth < node.depth));
    case 'Enter':
      return isParent ? { kind: isOpen ? 'close' : 'open', index: active } : null;
    default:
      return null;
  }
}
