import type { Transport } from './launch.js';
import type { Stage } from './stage.js';

/** One rule of the protocol and how to see whether a worker keeps it. */
export interface Check {
  readonly name: string;
  /** The rule, in one line. */
  readonly rule: string;
  /** Capabilities (of HELLO) without which the rule does not apply. */
  readonly needs?: readonly string[];
  /** An optional conformance handler, without which (in HELLO's list) the rule does not apply. */
  readonly handler?: string;
  /** Where the rule applies; everywhere by default. */
  readonly transports?: readonly Transport[];
  /** Throws a Violation where the rule is broken; may give back a note where the rule leaves a choice. */
  run(stage: Stage): Promise<string | undefined>;
}
