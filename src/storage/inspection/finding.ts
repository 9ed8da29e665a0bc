// What looking at a data directory found: one place, one sentence, and what it means for the data. `error`: data is
// missing or would be served wrong. `warning`: the next start sets it right by itself. `note`: nothing is wrong.

export type Severity = 'error' | 'warning' | 'note';

export type Remedy =
  | { readonly kind: 'cut-tail'; readonly position: number; readonly offset: number }
  | {
      readonly kind: 'leave-out';
      readonly holes: readonly { readonly position: number; readonly endPosition: number }[];
    }
  | {
      /** One wrong byte, and the batch around it. */
      readonly kind: 'mend';
      readonly byte: { readonly position: number; readonly is: number; readonly was: number };
      readonly batch: { readonly position: number; readonly endPosition: number };
    }
  | { readonly kind: 'remove'; readonly meaning: string }
  | { readonly kind: 'write'; readonly content: string; readonly meaning: string };

export interface Finding {
  readonly severity: Severity;
  /** Relative to the directory that was looked at. */
  readonly path: string;
  /** In the file, where there is one. */
  readonly position: number | null;
  readonly message: string;
  /** What repair would do about it; null when the next start does it, or nothing can be done. */
  readonly remedy: Remedy | null;
}

export function finding(
  severity: Severity,
  path: string,
  message: string,
  more: { readonly position?: number; readonly remedy?: Remedy } = {},
): Finding {
  return { severity, path, position: more.position ?? null, message, remedy: more.remedy ?? null };
}
