/** Time as the core sees it. Nothing in the core reads the system clock by itself. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** IANA name of the zone in which people at this computer read dates, such as `America/Mexico_City`. */
  zone(): string;
  /** Milliseconds that only ever grow; for durations and heartbeats. */
  monotonic(): number;
}
