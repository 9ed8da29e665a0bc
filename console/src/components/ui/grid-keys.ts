// Which row a key moves to. Null when the key is not one of the grid's, or there is nowhere to go.

export interface Move {
  readonly key: string;
  /** The active row, -1 when there is none yet. */
  readonly index: number;
  readonly count: number;
  readonly pageRows: number;
}

export function moveIndex({ key, index, count, pageRows }: Move): number | null {
  if (count === 0) return null;
  const clamp = (target: number) => Math.min(count - 1, Math.max(0, target));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index === -1 ? 0 : index - 1);
    case 'PageDown':
      return clamp(Math.max(index, 0) + pageRows);
    case 'PageUp':
      return clamp(Math.max(index, 0) - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
