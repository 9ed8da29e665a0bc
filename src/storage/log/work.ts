// Long work in small steps: a generator yields what it waits for (its turn on the event loop, a sync in the pool) and is
// resumed when that is done, so that nothing it does holds up a request. Ended early, its `finally` blocks run.

export type Step = (done: (error: Error | null) => void) => void;
export type Work<Result> = Generator<Step, Result, void>;

export interface RunningWork {
  /** It is not resumed any more, and calls nobody back. */
  abandon(): void;
}

export function runWork<Result>(
  work: Work<Result>,
  callback: (outcome: { readonly result: Result } | { readonly error: Error }) => void,
): RunningWork {
  let isAbandoned = false;
  const advance = (resume: () => IteratorResult<Step, Result>): void => {
    if (isAbandoned) return;
    let next: IteratorResult<Step, Result>;
    try {
      next = resume();
    } catch (error) {
      callback({ error: error as Error });
      return;
    }
    if (next.done === true) callback({ result: next.value });
    else next.value(error => advance(() => (error === null ? work.next() : work.throw(error))));
  };
  advance(() => work.next());
  return {
    abandon(): void {
      if (isAbandoned) return;
      isAbandoned = true;
      work.return(undefined as Result);
    },
  };
}
