// The last 24 hours of a subscription as bars: accepted below, failed above them in red.
import { Box } from "@shopify/polaris";

const WIDTH = 144;
const HEIGHT = 28;

type Hour = { readonly delivered: number; readonly failed: number };

type Props = { readonly hours: readonly Hour[]; readonly orMore: boolean };

/** `orMore`: there were too many attempts to count them all. */
export function Sparkline({ hours, orMore }: Props) {
  const most = Math.max(1, ...hours.map(({ delivered, failed }) => delivered + failed));
  const step = WIDTH / Math.max(1, hours.length);
  const total = hours.reduce((sum, hour) => sum + hour.delivered, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  return (
    <Box>
      <svg
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={`Last 24 hours: ${total} accepted, ${failed} failed${orMore ? ", or more" : ""}`}
      >
        {hours.map((hour, index) => {
          const good = (hour.delivered / most) * HEIGHT;
          const bad = (hour.failed / most) * HEIGHT;
          return (
            <g key={index}>
              <rect
                x={index * step}
                width={step - 1}
                y={HEIGHT - 1}
                height={1}
                fill="var(--p-color-border)"
              />
              <rect
                x={index * step}
                width={step - 1}
                y={HEIGHT - good}
                height={good}
                fill="var(--p-color-bg-fill-success)"
              />
              <rect
                x={index * step}
                width={step - 1}
                y={HEIGHT - good - bad}
                height={bad}
                fill="var(--p-color-bg-fill-critical)"
              />
            </g>
          );
        })}
      </svg>
    </Box>
  );
}
