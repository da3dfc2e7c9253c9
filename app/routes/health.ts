// Live: this process answers. Says nothing of what it stands on; a restart would mend none of that.

export const loader = () => new Response("ok\n", { headers: { "Cache-Control": "no-store" } });
