// Lines of Apache Kafka's log that complain. Every ERROR does, and every WARN that is not said of a healthy directory,
// too: those are listed here with the reason why they are harmless.

const HARMLESS: readonly RegExp[] = [
  // Of every start.
  /QuorumController .*Performing controller activation/,
  // Of a slow machine.
  /EventPerformanceMonitor .*Exceptionally slow controller event/,
  // Of a slow start: a coordinator begins to load by the leader of the last life, then the node is elected anew and it
  // loads again. What it has then, the comparison shows.
  /CoordinatorRuntime .*Failed to load metadata from __\w+-\d+ .*NotLeaderOrFollowerException: Stopped loading records/,
  // Of a stop, in 4.0.
  /NetworkClient .*Attempting to close NetworkClient that has already been closed/,
];

/** With the line that follows: a start that is slow, in which the controller is not yet told that it leads. It asks again. */
const TOO_EARLY =
  /ControllerApis .*apiKey=CONTROLLER_REGISTRATION.*\n.*NotControllerException: No controller appears to be active/;

/** Said of each partition by which a topic grows in this broker's life; of any other it means that data was lost. */
const GROWING = /state\.change\.logger .* partition grown-[12] .* to exist, but it was missing\. Creating/;

/** Lines that follow an exception's message, shown with it. */
const SHOWN_LINES = 3;

export function complaintsIn(log: string, { topicGrows }: { readonly topicGrows: boolean }): string[] {
  const lines = log.split('\n');
  return lines.flatMap((line, index) => {
    if (!/\b(ERROR|WARN|FATAL)\b/.test(line) || HARMLESS.some(pattern => pattern.test(line))) return [];
    if (topicGrows && GROWING.test(line)) return [];
    const shown = lines.slice(index, index + 1 + SHOWN_LINES).join('\n');
    return TOO_EARLY.test(shown) ? [] : [shown];
  });
}
