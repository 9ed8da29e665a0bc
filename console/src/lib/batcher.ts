// Joins calls made in one turn into few requests: forty visible rows ask for one summary each, the server sees one call.

export interface BatcherOptions<Answer> {
  readonly sizeMax: number;
  readonly load: (names: string[]) => Promise<ReadonlyMap<string, Answer>>;
}

interface Waiting<Answer> {
  readonly name: string;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export function createBatcher<Answer>(options: BatcherOptions<Answer>): (name: string) => Promise<Answer> {
  let waiting: Waiting<Answer>[] = [];

  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += options.sizeMax) {
      void deliver(all.slice(start, start + options.sizeMax), options.load);
    }
  };

  return name =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(flush, 0);
      waiting.push({ name, resolve, reject });
    });
}

async function deliver<Answer>(batch: readonly Waiting<Answer>[], load: BatcherOptions<Answer>['load']) {
  try {
    const answers = await load([...new Set(batch.map(one => one.name))]);
    for (const one of batch) {
      const answer = answers.get(one.name);
      if (answer === undefined) one.reject(new Error(`No answer for ${one.name}`));
      else one.resolve(answer);
    }
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}
