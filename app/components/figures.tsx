// Points, money and moments as the shop's people read them: its locale, its currency, its time zone.
import { useShop } from "./shop-context.tsx";

/** Whole points with their unit: "1,250 points". `signed` shows a plus. */
export function Points({
  of,
  signed = false,
  unit = true,
}: {
  of: number;
  signed?: boolean;
  unit?: boolean;
}) {
  const { locale } = useShop();
  const figure = new Intl.NumberFormat(locale, { signDisplay: signed ? "exceptZero" : "auto" }).format(of);
  if (!unit) return <>{figure}</>;
  return (
    <>
      {figure} {Math.abs(of) === 1 ? "point" : "points"}
    </>
  );
}

/** A count: "1,250"; `orMore`, where counting stopped there: "5,000+". */
export function Count({ of, orMore = false }: { of: number; orMore?: boolean }) {
  const { locale } = useShop();
  return <>{`${new Intl.NumberFormat(locale).format(of)}${orMore ? "+" : ""}`}</>;
}

/** A part of 1 as per cent, rounded down: 99.97 % is not 100 %. */
export function Percent({ of }: { of: number }) {
  const { locale } = useShop();
  const format = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  return <>{format.format(Math.floor(of * 1_000) / 1_000)}</>;
}

type Sum = { readonly amount: string; readonly currency: string; readonly whole?: boolean };

/** Decimal text in a currency: "€50.00", `whole` "€50". The digits are not passed through a float. */
export function Money({ amount, currency, whole = false }: Sum) {
  const { locale } = useShop();
  const digits = whole ? { maximumFractionDigits: 0 } : {};
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, ...digits });
  return <>{format.format(amount as Intl.StringNumericLiteral)}</>;
}

const STYLES = {
  moment: { dateStyle: "medium", timeStyle: "short" },
  exact: { dateStyle: "medium", timeStyle: "medium" },
  day: { dateStyle: "medium" },
} as const;

/** A moment in the shop's time zone, from an ISO 8601 text. */
export function Moment({ at, as = "moment" }: { at: string; as?: keyof typeof STYLES }) {
  const { locale, timezone } = useShop();
  const text = new Intl.DateTimeFormat(locale, { ...STYLES[as], timeZone: timezone }).format(new Date(at));
  return <time dateTime={at}>{text}</time>;
}
