/**
 * What can be put beside a server in its sandbox to hear more from it. None of it lets anything through: the walls are
 * the sandbox's, and a server that takes an aid off only tells less.
 */
export const AIDS = {
  egress: 'notes which hosts it wants to reach',
  'network-stub': 'answers its requests to other hosts with empty, well-formed replies',
  'sdk-hook': "calls the handler that it registered for the list of its tools, where it doesn't come to answer",
  'resolve-fix': 'finds modules whose file ending was left out',
  'http-bridge': 'speaks over HTTP inside the sandbox with a server that listens there',
} as const;
export type Aid = keyof typeof AIDS;
