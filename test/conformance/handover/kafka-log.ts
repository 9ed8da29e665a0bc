// Lines of Apache Kafka's log that complain. Every ERROR does, and every WARN that is not said of a healthy directory,
// too: those are listed here with the reason why they are harmless.

const HARMLESS: readonly RegExp[] = [
  // Of every start.
  /QuorumController .*Performing controller activation/,
  // Of a slow machine.
  /EventPerformanceMonitor .*Exceptionally slow controller event/,
  /processExpiredBrokerHeartbeat: controller event queue overloaded\. Timed out heartbeat/,
  /BrokerLifecycleManager .*sent a heartbeat request but received error REQUEST_TIMED_OUT/,
  // Of a slow machine: a client asks for a coordinator again while its topic is being made.
  /DefaultAutoTopicCreationManager .*Auto topic creation failed for __\w+ with error 'TOPIC_ALREADY_EXISTS'/,
  // Of a stop, in 4.0.
  /NetworkClient .*Attempting to close NetworkClient that has already been closed/,
];

/**
 * With the line that follows: a start that is slow. Raft has a leader, and this node registers as a controller before its
 * event queue has come to taking the lead (QuorumController.ControllerWriteEvent); it asks again. By its source: three
 * starts of Apache Kafka on directories of its own did not show it.
 */
const TOO_EARLY =
  /ControllerApis .*apiKey=CONTROLLER_REGISTRATION.*\n.*NotControllerException: (No controller appears to be active|The active controller appears to be node 1)\./;

/**
 * Of a directory whose last broker was killed: coordinators begin to load by the leader that it still names, then the node
 * registers, loses its partitions, is elected, and they load again. Apache Kafka says so of a directory that it itself
 * left (killed and started again on a slow machine: of 32 of 50 partitions), and not of one that was stopped. What the
 * coordinators have then, the comparison shows.
 */
const LOADING_ANEW =
  /CoordinatorRuntime .*Failed to load metadata from __\w+-\d+ with epoch \d+ due to .*Stopped loading records from/;

/** Said of each partition by which a topic grows in this broker's life; of any other it means that data was lost. */
const GROWING = /state\.change\.logger .* partition grown-[12] .* to exist, but it was missing\. Creating/;

/** Lines that follow an exception's message, shown with it. */
const SHOWN_LINES = 3;

export interface Circumstances {
  /** In the life of this broker. */
  readonly topicGrows: boolean;
  /** The broker before this one. */
  readonly wasKilled: boolean;
}

export function complaintsIn(log: string, { topicGrows, wasKilled }: Circumstances): string[] {
  const lines = log.split('\n');
  return lines.flatMap((line, index) => {
    if (!/\b(ERROR|WARN|FATAL)\b/.test(line) || HARMLESS.some(pattern => pattern.test(line))) return [];
    if (topicGrows && GROWING.test(line)) return [];
    if (wasKilled && LOADING_ANEW.test(line)) return [];
    const shown = lines.slice(index, index + 1 + SHOWN_LINES).join('\n');
    return TOO_EARLY.test(shown) ? [] : [shown];
  });
}
