/** SQLSTATE `query_canceled`: the server ended a statement that took longer than its session allows. */
const CANCELLED = '57014';

/** Whether a failure is that of a statement which the database cut off; see `patience` of `connect`. */
export function wasCutOff(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ((at as { code?: unknown }).code === CANCELLED) return true;
  return false;
}
