// Assignments of a group may be held apart (group.*.assignment.interval.ms), so that many who join at once cost one.

export function isTimeForTarget(
  { assignmentTimestampMs }: { readonly assignmentTimestampMs: number },
  {
    nowMs,
    settings: { assignmentIntervalMs },
  }: { readonly nowMs: number; readonly settings: { readonly assignmentIntervalMs: number } },
): boolean {
  if (assignmentTimestampMs === 0 || assignmentIntervalMs === 0) return true;
  return nowMs >= assignmentTimestampMs + assignmentIntervalMs;
}
