// The API's own address: whoever opens it in a browser is looking for the reference.
import { redirect } from "@remix-run/node";

export const loader = () => redirect("/v1/docs");
