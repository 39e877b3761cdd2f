// Where the customer goes at the end. The server signs and checks the address; the page follows only web addresses.
export function returnTarget(returnUrl: string | undefined): string | undefined {
  if (!returnUrl) return undefined;
  try {
    const url = new URL(returnUrl);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
