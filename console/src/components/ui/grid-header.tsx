// The header row of a grid, also shown above skeleton rows so that nothing jumps when the data comes.

import { clsx } from 'clsx';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { GridColumn } from './data-grid.tsx';
import { Skeleton } from './skeleton.tsx';

interface SortableColumn {
  getCanSort(): boolean;
  getIsSorted(): false | 'asc' | 'desc';
  toggleSorting(): void;
}

export interface GridHeaderProps<Row> {
  readonly columns: readonly GridColumn<Row>[];
  readonly template: string;
  readonly dense?: boolean;
  readonly table?: { getColumn(id: string): SortableColumn | undefined };
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

export function GridHeader<Row>({ columns, template, table, dense = false }: GridHeaderProps<Row>) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 h-[34px] border-b border-line bg-sunken">
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-full items-center text-xs font-medium text-muted"
        style={{ gridTemplateColumns: template }}
      >
        {columns.map(column => (
          <HeaderCell
            key={column.id}
            column={column}
            dense={dense}
            sortable={column.compare ? table?.getColumn(column.id) : undefined}
          />
        ))}
      </div>
    </div>
  );
}

function HeaderCell<Row>({
  column,
  dense,
  sortable,
}: {
  column: GridColumn<Row>;
  dense: boolean;
  sortable: SortableColumn | undefined;
}) {
  const sorted = sortable?.getIsSorted() ?? false;
  return (
    <div
      role="columnheader"
      aria-sort={sorted === false ? undefined : ARIA_SORT[sorted]}
      className={clsx('min-w-0 truncate', dense ? 'px-2' : 'px-3', column.align === 'right' && 'text-right')}
    >
      {sortable === undefined ? (
        column.header
      ) : (
        <button
          type="button"
          onClick={() => sortable.toggleSorting()}
          className={clsx(
            '-mx-1 inline-flex items-center gap-1 rounded-[4px] px-1 hover:text-ink',
            sorted !== false && 'text-ink',
          )}
        >
          {column.header}
          {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
          {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
        </button>
      )}
    </div>
  );
}

export interface GridSkeletonProps<Row> {
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rowHeight: number;
  readonly minWidth: number;
}

const SKELETON_ROWS = 8;
const WIDTHS = ['w-3/5', 'w-2/5', 'w-1/2', 'w-7/12'];

export function GridSkeleton<Row>({ label, columns, rowHeight, minWidth }: GridSkeletonProps<Row>) {
  const template = columns.map(column => column.width).join(' ');
  return (
    <div role="status" aria-label={label} className="min-h-0 grow overflow-hidden">
      <div aria-hidden style={{ minWidth }}>
        <GridHeader columns={columns.map(({ compare: _, ...column }) => column)} template={template} />
        {Array.from({ length: SKELETON_ROWS }, (_, row) => (
          <div
            key={row}
            className="grid items-center border-b border-line"
            style={{ gridTemplateColumns: template, height: rowHeight }}
          >
            {columns.map((column, index) => (
              <div key={column.id} className={clsx('px-3', column.align === 'right' && 'text-right')}>
                <Skeleton className={clsx('max-w-60', WIDTHS[(row + index) % WIDTHS.length])} />
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
