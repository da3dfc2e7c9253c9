// What some tests need of the machine beyond npm: what they are left out without, and what brings it.
import { findProgram } from "./redis.ts";

/** `debian`: its package, where Debian has one that will do. `beyond`: named, and no failure where all is asked for. */
export type Need = { programs: string[]; leavesOut: string; debian: string | null; beyond?: true };

const NEEDS: Need[] = [
  {
    programs: ["redis-server"],
    leavesOut: "every test of the queue once more on Redis",
    debian: "redis-server",
  },
  {
    programs: ["chromium", "chromium-browser", "google-chrome"],
    leavesOut: "the tests in a browser (tests/e2e)",
    debian: "chromium",
  },
  { programs: ["python3"], leavesOut: "the Python verification snippet", debian: "python3" },
  { programs: ["php"], leavesOut: "the PHP verification snippet", debian: "php-cli" },
  { programs: ["ruby"], leavesOut: "the Ruby verification snippet", debian: "ruby" },
  {
    programs: ["go"],
    leavesOut: "the Go verification snippet",
    debian: "golang-go",
    beyond: true,
  },
  {
    programs: ["javac"],
    leavesOut: "the Java verification snippet",
    debian: "default-jdk-headless",
    beyond: true,
  },
  {
    programs: ["dotnet"],
    leavesOut: "the C# verification snippet (.NET 10 or newer, from dot.net)",
    debian: null,
    beyond: true,
  },
  { programs: ["curl"], leavesOut: "the request that is copied as a command, run", debian: "curl" },
  { programs: ["openssl"], leavesOut: "every test of TLS", debian: "openssl" },
];

/** The browser of the e2e tests; undefined where there is none. */
export const findBrowser = (): string | undefined =>
  ["chromium", "chromium-browser", "google-chrome"].map(findProgram).find((file) => file !== undefined);

/** Whether a program is on this machine. */
export const hasProgram = (name: string): boolean => findProgram(name) !== undefined;

/** What this machine lacks. */
export const missingNeeds = (): Need[] =>
  NEEDS.filter(({ programs }) => programs.every((program) => findProgram(program) === undefined));
