// What a stage tells the run that started it.
import type { Outcome } from "./run-round.ts";

export type Told = { fault: string; outcome: Outcome };
