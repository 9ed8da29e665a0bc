// Lines of Apache Kafka's log that complain. Every ERROR does, and every WARN that is not said of a healthy directory,
// too: those are listed here with the reason why they are harmless.

const HARMLESS: readonly RegExp[] = [
  // Of every start.
  /QuorumController .*Performing controller activation/,
  // Said of each partition that a topic grows by; whether records are missing, the comparison shows.
  /state\.change\.logger .* to exist, but it was missing\. Creating/,
  // Of a slow machine.
  /EventPerformanceMonitor .*Exceptionally slow controller event/,
  // Of a stop, in 4.0.
  /NetworkClient .*Attempting to close NetworkClient that has already been closed/,
];

export function complaintsIn(log: string): string[] {
  return log
    .split('\n')
    .filter(line => /\b(ERROR|WARN|FATAL)\b/.test(line))
    .filter(line => !HARMLESS.some(pattern => pattern.test(line)));
}
