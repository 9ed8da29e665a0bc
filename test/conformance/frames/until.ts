// A question asked again until the answer is the one to compare: coordinators load behind the answer that named them, and
// Apache Kafka hands out assignments and makes topics in its own time. After ten seconds the last answer is the one.

const COORDINATOR_IS_COMING = [14, 15, 16];
const RETRY_MS = 100;
const TRIES_MAX = 100;

export async function until<Answer>(
  once: () => Promise<Answer>,
  isDone: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await once();
    if (isDone(answer) || tries === TRIES_MAX) return answer;
    await new Promise(resolve => setTimeout(resolve, RETRY_MS));
  }
}

/** Until no code of the answer says that its coordinator is not there yet. */
export function untilThere<Answer>(
  once: () => Promise<Answer>,
  codesOf: (answer: Answer) => readonly number[],
): Promise<Answer> {
  return until(once, answer => !codesOf(answer).some(code => COORDINATOR_IS_COMING.includes(code)));
}
