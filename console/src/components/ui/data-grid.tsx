// The table of every list: fixed row height, only visible rows in the document, one tab stop, arrows move the active
// row, Enter opens it. Columns and sorting are TanStack Table's, the rows on screen TanStack Virtual's.
// Pattern: WAI-ARIA grid with aria-activedescendant.

import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useMemo, useRef } from 'react';
import { isTyping } from '../../lib/shortcuts.ts';
import { GridHeader } from './grid-header.tsx';
import { moveIndex } from './grid-keys.ts';
import { useKeepScroll } from './use-keep-scroll.ts';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** A track of CSS grid-template-columns. */
  readonly width: string;
  readonly align?: 'right';
  readonly cell: (row: Row) => ReactNode;
  /** Present on columns that can be sorted by. */
  readonly compare?: (left: Row, right: Row) => number;
}

export interface DataGridProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly GridColumn<Row>[];
  readonly rowHeight: number;
  readonly rowId: (row: Row) => string;
  readonly activeId: string | null;
  readonly onActiveChange: (row: Row) => void;
  readonly onOpen?: (row: Row) => void;
  /** Below this width the grid scrolls sideways. */
  readonly minWidth: number;
  readonly gridRef?: RefObject<HTMLDivElement | null>;
  /** Rows known to exist, loaded or not; null when unknown. */
  readonly rowCount?: number | null;
  readonly onNearEnd?: () => void;
  readonly onVisibleChange?: (rows: readonly Row[]) => void;
  /** Rows arrive at the top: what is being read stays where it is. */
  readonly keepScroll?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** Little room: cells stand closer together. */
  readonly dense?: boolean;
}

export const GRID_HEADER_HEIGHT = 34;
const NEAR_END_ROWS = 30;
const NO_ROWS: never[] = [];

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

function useRows<Row>({ rows, columns, rowId }: DataGridProps<Row>) {
  const definitions = useMemo(
    () =>
      columns.map(column => ({
        id: column.id,
        accessorFn: (row: Row) => row,
        enableSorting: column.compare !== undefined,
        ...(column.compare === undefined
          ? {}
          : {
              sortFn: (left: { original: Row }, right: { original: Row }) =>
                column.compare!(left.original, right.original),
            }),
      })),
    [columns],
  );
  return useTable<Features, never>({
    features,
    columns: definitions as never,
    data: rows.length === 0 ? NO_ROWS : (rows as never[]),
    getRowId: rowId as never,
    sortDescFirst: false,
  } as never);
}

export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { columns, rowHeight, activeId } = props;
  const gridId = useId();
  const ownRef = useRef<HTMLDivElement>(null);
  const scroller = props.gridRef ?? ownRef;
  const table = useRows(props);
  const shown = table.getRowModel().rows as readonly { readonly id: string; readonly original: Row }[];
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => shown[index]!.id,
    overscan: 12,
    scrollMargin: GRID_HEADER_HEIGHT,
    scrollPaddingStart: GRID_HEADER_HEIGHT,
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useKeepScroll({ enabled: props.keepScroll === true, scroller, ids: shown, rowHeight });

  useEffect(() => {
    if (last >= 0 && last >= shown.length - NEAR_END_ROWS) props.onNearEnd?.();
  }, [last, shown.length, props.onNearEnd]);

  useEffect(() => {
    props.onVisibleChange?.(shown.slice(first, last + 1).map(row => row.original));
  }, [first, last, shown, props.onVisibleChange]);

  const activeIndex = activeId === null ? -1 : shown.findIndex(row => row.id === activeId);
  const isActiveMounted = activeIndex >= first && activeIndex <= last;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    props.onKeyDown?.(event);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && activeIndex >= 0) {
      event.preventDefault();
      props.onOpen?.(shown[activeIndex]!.original);
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const next = moveIndex({ key: event.key, index: activeIndex, count: shown.length, pageRows });
    if (next === null) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next);
    props.onActiveChange(shown[next]!.original);
  };

  useArrowsEnter(scroller, () => {
    const next = activeIndex === -1 ? 0 : activeIndex;
    if (shown[next] !== undefined && next !== activeIndex) props.onActiveChange(shown[next].original);
  });

  const template = columns.map(column => column.width).join(' ');
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={
        props.rowCount === undefined ? shown.length + 1 : props.rowCount === null ? -1 : props.rowCount + 1
      }
      aria-colcount={columns.length}
      aria-activedescendant={isActiveMounted ? `${gridId}-${activeIndex}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className={clsx(
        'group/grid min-h-0 grow overflow-auto overscroll-contain',
        // The active row shows the focus; without one the grid itself does.
        isActiveMounted ? 'outline-none' : 'ring-inside',
      )}
    >
      <div role="presentation" style={{ minWidth: props.minWidth }}>
        <GridHeader
          columns={columns}
          template={template}
          table={table as never}
          dense={props.dense === true}
        />
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(item => {
            const row = shown[item.index]!;
            return (
              <GridRow
                key={row.id}
                id={`${gridId}-${item.index}`}
                index={item.index}
                top={item.start - GRID_HEADER_HEIGHT}
                template={template}
                active={row.id === activeId}
                row={row.original}
                grid={props}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** An arrow key pressed while nothing has the focus goes into the grid. */
function useArrowsEnter(grid: RefObject<HTMLElement | null>, enter: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || isTyping(event)) return;
      const focused = document.activeElement;
      if (focused !== document.body && focused?.tagName !== 'MAIN') return;
      event.preventDefault();
      grid.current?.focus();
      enter();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

interface GridRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly template: string;
  readonly active: boolean;
  readonly row: Row;
  readonly grid: DataGridProps<Row>;
}

function GridRow<Row>({ id, index, top, template, active, row, grid }: GridRowProps<Row>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself handles the keys
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      onClick={event => {
        if ((event.target as HTMLElement).closest('a, button') !== null) return;
        grid.onActiveChange(row);
        grid.onOpen?.(row);
      }}
      style={{ gridTemplateColumns: template, height: grid.rowHeight, transform: `translateY(${top}px)` }}
      className={clsx(
        'absolute top-0 left-0 grid w-full cursor-default items-center border-b border-line',
        active
          ? 'bg-selected group-focus-visible/grid:shadow-[inset_3px_0_0_var(--accent)]'
          : 'hover:bg-hover',
      )}
    >
      {grid.columns.map(column => (
        <div
          key={column.id}
          role="gridcell"
          className={clsx(
            'min-w-0 truncate text-sm',
            grid.dense ? 'px-2' : 'px-3',
            column.align === 'right' && 'text-right tabular-nums',
          )}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}
