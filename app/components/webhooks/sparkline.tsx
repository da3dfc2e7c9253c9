// The last 24 hours of a subscription as bars: accepted above, failed in red.
import { Box } from "@shopify/polaris";

const WIDTH = 144;
const HEIGHT = 28;

type Hour = { readonly delivered: number; readonly failed: number };

export function Sparkline({ hours }: { hours: readonly Hour[] }) {
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
        aria-label={`Last 24 hours: ${total} accepted, ${failed} failed`}
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
