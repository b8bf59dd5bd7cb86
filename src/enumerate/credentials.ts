const CREDENTIALS =
  /\b(api[ _-]?key|access[ _-]?token|auth[ _-]?token|bearer|credentials?|unauthori[sz]ed|not authenticated|authentication|authori[sz]ation (?:error|token|failed|required)|log ?in required|client[ _-]?secret|personal access token|401|403)\b/i;

/** Whether a complaint of a server's is one for want of credentials. */
export function asksForCredentials(complaint: string): boolean {
  return CREDENTIALS.test(complaint);
}
